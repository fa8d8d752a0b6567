package org.felucca.oci.runtimespec.linux;

import org.felucca.oci.OciFormatException;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * Offset of a clock in a time namespace.
 *
 * @param secs seconds; null if not set
 * @param nanosecs nanoseconds on top, below 1,000,000,000; null if not set
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config-linux.md#offset-for-time-namespace">
 *     runtime-spec, timeOffsets</a>
 */
public record TimeOffset(@Nullable Long secs, @Nullable Long nanosecs) {
    /**
     * @throws OciFormatException if there are a thousand million nanoseconds or more
     */
    public TimeOffset {
        if (nanosecs != null && nanosecs >= 1_000_000_000L) {
            throw new OciFormatException(
                    "time offset", null, nanosecs + " nanoseconds are a second or more", "use secs");
        }
    }

    /** Reads one; see {@link JsonCursor} for what is thrown and how unknown properties are kept. */
    public static TimeOffset read(JsonCursor at) {
        ObjectReader object = at.object();
        TimeOffset result =
                at.as(cursor -> new TimeOffset(object.optionalInt64("secs"), object.optionalUint32("nanosecs")));
        object.finish();
        return result;
    }

    /** As the specification writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .optional("secs", secs)
                .optional("nanosecs", nanosecs)
                .build();
    }
}
