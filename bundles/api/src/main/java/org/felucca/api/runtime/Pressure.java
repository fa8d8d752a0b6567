package org.felucca.api.runtime;

import java.time.Duration;
import java.util.Optional;

/**
 * How much of its time a container lost because it had to wait for a resource ("pressure stall information").
 *
 * @param some time in which at least one of its tasks waited
 * @param full time in which all of them did; empty where the kernel does not tell
 * @see <a href="https://docs.kernel.org/accounting/psi.html">PSI</a>
 */
public record Pressure(Share some, Optional<Share> full) {
    /** What is waited for. */
    public enum Resource {
        /** A processor. */
        CPU,
        /** Memory that has to be freed or brought in again. */
        MEMORY,
        /** Reading and writing. */
        IO
    }

    /**
     * A share of the time.
     *
     * @param average10 percent, over the last 10 seconds
     * @param average60 percent, over the last 60 seconds
     * @param average300 percent, over the last 300 seconds
     * @param total since the start
     */
    public record Share(double average10, double average60, double average300, Duration total) {}
}
