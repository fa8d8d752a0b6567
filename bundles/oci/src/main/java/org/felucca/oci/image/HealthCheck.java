package org.felucca.oci.image;

import java.time.Duration;
import java.util.List;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * How Docker images say whether a container is healthy. A null or zero duration means "inherit the default".
 *
 * @param test {@code NONE}, {@code CMD arg…} or {@code CMD-SHELL line}; empty to inherit
 * @param interval time between checks
 * @param timeout time after which a check counts as failed
 * @param startPeriod time in which failures do not count yet
 * @param startInterval time between checks in the start period
 * @param retries failures in a row that mean unhealthy; null to inherit
 */
public record HealthCheck(
        List<String> test,
        @Nullable Duration interval,
        @Nullable Duration timeout,
        @Nullable Duration startPeriod,
        @Nullable Duration startInterval,
        @Nullable Integer retries) {
    /** Copies the list. */
    public HealthCheck {
        test = List.copyOf(test);
    }

    static HealthCheck read(JsonCursor at) {
        ObjectReader object = at.object();
        return new HealthCheck(
                object.strings("Test"),
                object.optional("Interval", HealthCheck::nanos),
                object.optional("Timeout", HealthCheck::nanos),
                object.optional("StartPeriod", HealthCheck::nanos),
                object.optional("StartInterval", HealthCheck::nanos),
                object.optionalInt32("Retries"));
    }

    JsonObject toJson() {
        return JsonObject.builder()
                .strings("Test", test)
                .optional("Interval", nanos(interval))
                .optional("Timeout", nanos(timeout))
                .optional("StartPeriod", nanos(startPeriod))
                .optional("StartInterval", nanos(startInterval))
                .optional("Retries", retries)
                .build();
    }

    private static Duration nanos(JsonCursor at) {
        return Duration.ofNanos(at.integer(0, Long.MAX_VALUE));
    }

    private static @Nullable Long nanos(@Nullable Duration duration) {
        return duration == null ? null : (Long) duration.toNanos();
    }
}
