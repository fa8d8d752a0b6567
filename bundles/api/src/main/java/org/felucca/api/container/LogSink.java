package org.felucca.api.container;

import java.time.Instant;

/** Takes log lines in order, on the calling thread of the read. */
@FunctionalInterface
public interface LogSink {
    /**
     * Takes a piece of output.
     *
     * @param time when the container wrote it
     * @param stderr whether it was written to standard error
     * @param bytes the line with its line end, or a part of a longer line without one; valid during the call
     */
    void accept(Instant time, boolean stderr, byte[] bytes);

    /**
     * Says that all that was written until now has been given: a sink that gathers passes it on. Called at the end of the
     * log and, while it is followed, before each wait for more. Does nothing by default.
     */
    default void caughtUp() {}
}
