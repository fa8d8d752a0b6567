package org.felucca.runtime.engine;

import org.felucca.runtime.monitor.MessageLoop;
import org.felucca.runtime.monitor.SpawnClient;

/** The connection to spawn, shared by what needs it in this bundle. */
interface ProcessService {
    SpawnClient spawn();

    MessageLoop loop();
}
