package org.felucca.runtime.monitor;

import java.time.Instant;
import org.felucca.api.process.ExitStatus;

/**
 * The end of a process, as its monitor saw it.
 *
 * @param status how
 * @param at when
 * @param outOfMemory whether the kernel's OOM killer struck in the container
 */
public record ProcessEnd(ExitStatus status, Instant at, boolean outOfMemory) {
    private static final long NANOS = 1_000_000_000L;

    static ProcessEnd of(int kind, int value, long timeNanos, boolean outOfMemory, String reason) {
        return new ProcessEnd(status(kind, value, reason), instant(timeNanos), outOfMemory);
    }

    static Instant instant(long timeNanos) {
        return Instant.ofEpochSecond(Math.floorDiv(timeNanos, NANOS), Math.floorMod(timeNanos, NANOS));
    }

    static ExitStatus status(int kind, int value, String reason) {
        return switch (kind) {
            case 0 -> new ExitStatus.Exited(value);
            case 1 -> new ExitStatus.Signaled(value);
            default -> new ExitStatus.Unknown(reason.isEmpty() ? "its end was not seen" : reason);
        };
    }
}
