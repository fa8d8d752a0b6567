package org.felucca.runtime.monitor;

/**
 * A process of the host, for sure: pids are used again, their start times are not.
 *
 * @param pid in the host's pid namespace
 * @param startTime field 22 of {@code /proc/PID/stat}
 */
public record ProcessRef(int pid, long startTime) {}
