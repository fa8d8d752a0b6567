package org.felucca.oci.runtimespec.linux;

import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * I/O weight for one device.
 *
 * @param major major number
 * @param minor minor number
 * @param weight weight, 10 to 1000; null if not set
 * @param leafWeight weight against child cgroups (CFQ); null if not set
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config-linux.md#block-io">
 *     runtime-spec, blockIO</a>
 */
public record WeightDevice(
        long major,
        long minor,
        @Nullable Integer weight,
        @Nullable Integer leafWeight) {
    /** Reads one; see {@link JsonCursor} for what is thrown and how unknown properties are kept. */
    public static WeightDevice read(JsonCursor at) {
        ObjectReader object = at.object();
        WeightDevice result = new WeightDevice(
                object.required("major", JsonCursor::int64),
                object.required("minor", JsonCursor::int64),
                object.optionalUint16("weight"),
                object.optionalUint16("leafWeight"));
        object.finish();
        return result;
    }

    /** As the specification writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .put("major", major)
                .put("minor", minor)
                .optional("weight", weight)
                .optional("leafWeight", leafWeight)
                .build();
    }
}
