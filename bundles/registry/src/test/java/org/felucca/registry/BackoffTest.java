package org.felucca.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private final Backoff backoff = new Backoff(
            Duration.ofSeconds(10), Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC), new Random(7));

    @Test
    void after_moreFailures_doublesUpToThePatience() {
        for (int failures = 1; failures < 80; failures++) {
            long ceiling = failures > 6 ? 10_000 : Math.min(10_000, 200L << (failures - 1));
            long wait = backoff.after(failures).toMillis();
            assertTrue(wait >= ceiling / 2 && wait <= ceiling, failures + " failures: " + wait);
        }
    }

    @Test
    void asked_secondsDateOrNonsense_isUnderstood() {
        assertEquals(Optional.of(Duration.ofSeconds(7)), backoff.asked(" 7 "));
        assertEquals(Optional.of(Duration.ofSeconds(55)), backoff.asked("Fri, 02 Jan 2026 03:05:00 GMT"));
        assertEquals(Optional.of(Duration.ZERO), backoff.asked("Fri, 02 Jan 2026 03:00:00 GMT"));
        assertEquals(Optional.of(Duration.ZERO), backoff.asked("-3"));
        assertEquals(Optional.empty(), backoff.asked("soon"));
    }
}
