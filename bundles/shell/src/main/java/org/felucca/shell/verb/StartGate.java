package org.felucca.shell.verb;

import java.time.Duration;

/** Whether the platform is ready for commands. Thread-safe. */
public interface StartGate {
    /**
     * Waits until the platform is ready.
     *
     * @param patience how long at most
     * @return what is still missing, in words for people ({@code runtime=linux}); empty once it is ready
     * @throws InterruptedException if the caller does not want to wait any longer
     */
    String await(Duration patience) throws InterruptedException;
}
