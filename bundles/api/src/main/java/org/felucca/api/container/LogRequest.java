package org.felucca.api.container;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which part of a container's log to read.
 *
 * @param follow whether to wait for more until the container ends
 * @param tail how many of the last lines; -1 for all
 * @param since nothing before this time, or null for the beginning
 * @param until nothing after this time, or null for the end
 */
public record LogRequest(
        boolean follow,
        long tail,
        @Nullable Instant since,
        @Nullable Instant until) {
    /** Everything there is. */
    public static final LogRequest ALL = new LogRequest(false, -1, null, null);

    /** Returns the beginning, if there is one. */
    public Optional<Instant> from() {
        return Optional.ofNullable(since);
    }

    /** Returns the end, if there is one. */
    public Optional<Instant> to() {
        return Optional.ofNullable(until);
    }
}
