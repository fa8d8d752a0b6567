package org.felucca.oci.runtimespec;

import org.felucca.oci.OciFormatException;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;

/**
 * A limit of setrlimit(2); {@code -1L} is all ones, that is unlimited.
 *
 * @param type name such as RLIMIT_NOFILE
 * @param hard ceiling of the soft limit; 64 bits, unsigned
 * @param soft what the kernel enforces; 64 bits, unsigned
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config.md#posix-process">
 *     runtime-spec, rlimits</a>
 */
public record Rlimit(String type, long hard, long soft) {
    /**
     * @throws OciFormatException if the soft limit is above the hard one
     */
    public Rlimit {
        if (Long.compareUnsigned(soft, hard) > 0) {
            throw new OciFormatException(
                    "limit " + type,
                    null,
                    "soft " + Long.toUnsignedString(soft) + " is above hard " + Long.toUnsignedString(hard),
                    "lower soft");
        }
    }

    /** Reads one; see {@link JsonCursor} for what is thrown and how unknown properties are kept. */
    public static Rlimit read(JsonCursor at) {
        ObjectReader object = at.object();
        Rlimit result = at.as(cursor -> new Rlimit(
                object.required("type", JsonCursor::nonEmptyString),
                object.required("hard", JsonCursor::uint64),
                object.required("soft", JsonCursor::uint64)));
        object.finish();
        return result;
    }

    /** As the specification writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .put("type", type)
                .putUnsigned("hard", hard)
                .putUnsigned("soft", soft)
                .build();
    }
}
