package org.felucca.registry;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next try: doubling from 200 ms with full jitter (half of it is random, so that clients
 * that failed together do not return together), or what the server asks for. Thread-safe.
 */
final class Backoff {
    private static final Duration FIRST = Duration.ofMillis(200);

    private final Duration patience;
    private final Clock clock;
    private final RandomGenerator random;

    Backoff(Duration patience, Clock clock, RandomGenerator random) {
        this.patience = patience;
        this.clock = clock;
        this.random = random;
    }

    /** The wait after the given number of failures, 1 or more. */
    Duration after(int failures) {
        long ceiling = Math.min(patience.toMillis(), FIRST.toMillis() << Math.min(failures - 1, 20));
        return Duration.ofMillis(ceiling / 2 + (long) (random.nextDouble() * ceiling / 2));
    }

    /** The wait a {@code Retry-After} header asks for, in seconds or as a date; empty if it is malformed. */
    Optional<Duration> asked(String header) {
        try {
            return Optional.of(Duration.ofSeconds(Math.max(0, Integer.parseInt(header.strip()))));
        } catch (NumberFormatException notSeconds) {
            try {
                Instant until = ZonedDateTime.parse(header.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                        .toInstant();
                Duration wait = Duration.between(clock.instant(), until);
                return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
            } catch (DateTimeException notDate) {
                return Optional.empty();
            }
        }
    }

    /** The longest wait there may be. */
    Duration patience() {
        return patience;
    }
}
