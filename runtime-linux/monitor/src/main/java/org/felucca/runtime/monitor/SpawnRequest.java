package org.felucca.runtime.monitor;

import java.util.List;
import java.util.Optional;
import org.felucca.posix.fs.Fd;

/**
 * A container to be made. All descriptors stay the caller's.
 *
 * @param id the container's id
 * @param autostart whether its program is executed in the same step
 * @param taskDirectory where the monitor keeps its files
 * @param streams of the first process
 * @param log where the output is logged
 * @param plan the launch plan's bytes
 * @param slots the plan's given slots
 */
public record SpawnRequest(
        String id,
        boolean autostart,
        Fd taskDirectory,
        Streams streams,
        Optional<Log> log,
        byte[] plan,
        List<Fd> slots) {
    /**
     * A log file.
     *
     * @param directory where it lies
     * @param name its name there
     * @param maxBytes size at which it is rotated; 0 for never
     * @param maxFiles how many are kept, the current one included
     */
    public record Log(Fd directory, String name, long maxBytes, int maxFiles) {}

    /** Copies the list. */
    public SpawnRequest {
        slots = List.copyOf(slots);
    }
}
