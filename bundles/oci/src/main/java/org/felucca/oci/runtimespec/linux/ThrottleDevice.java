package org.felucca.oci.runtimespec.linux;

import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;

/**
 * I/O limit for one device.
 *
 * @param major major number
 * @param minor minor number
 * @param rate bytes or operations per second; 64 bits, unsigned
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config-linux.md#block-io">
 *     runtime-spec, blockIO</a>
 */
public record ThrottleDevice(long major, long minor, long rate) {
    /** Reads one; see {@link JsonCursor} for what is thrown and how unknown properties are kept. */
    public static ThrottleDevice read(JsonCursor at) {
        ObjectReader object = at.object();
        ThrottleDevice result = new ThrottleDevice(
                object.required("major", JsonCursor::int64),
                object.required("minor", JsonCursor::int64),
                object.required("rate", JsonCursor::uint64));
        object.finish();
        return result;
    }

    /** As the specification writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .put("major", major)
                .put("minor", minor)
                .putUnsigned("rate", rate)
                .build();
    }
}
