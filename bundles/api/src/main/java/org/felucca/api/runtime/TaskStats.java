package org.felucca.api.runtime;

import java.time.Instant;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What a container uses.
 *
 * @param at when it was read
 * @param cpuNanos processor time used since the start, in nanoseconds
 * @param memoryBytes memory charged now, in bytes
 * @param memoryLimitBytes the limit, if there is one
 * @param pids processes and threads now
 * @param pressure how long it waited for resources; without those that the kernel tells nothing of
 */
public record TaskStats(
        Instant at,
        long cpuNanos,
        long memoryBytes,
        OptionalLong memoryLimitBytes,
        long pids,
        Map<Pressure.Resource, Pressure> pressure) {
    /** Copies. */
    public TaskStats {
        pressure = Map.copyOf(pressure);
    }

    /** Without pressure. */
    public TaskStats(Instant at, long cpuNanos, long memoryBytes, OptionalLong memoryLimitBytes, long pids) {
        this(at, cpuNanos, memoryBytes, memoryLimitBytes, pids, Map.of());
    }
}
