package org.felucca.registry;

import java.time.Duration;

/** Waits; a seam, so that tests measure instead of waiting. */
@FunctionalInterface
interface Pause {
    /** Waits on the calling thread. */
    Pause REAL = duration -> Thread.sleep(duration.toMillis());

    /** Returns after that time. */
    void pause(Duration duration) throws InterruptedException;
}
