package org.felucca.runtime.monitor;

/** The connection to spawn, shared by the backends of this host. Stays open as long as the service is there. */
public interface ProcessService {
    /** Returns the client of spawn; not to be closed. */
    SpawnClient spawn();

    /** Returns the loop that reads monitors' sockets; not to be closed. */
    MessageLoop loop();
}
