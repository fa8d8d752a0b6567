package org.felucca.oci.runtimespec.windows;

import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * Memory limit.
 *
 * @param limit bytes; 64 bits, unsigned; null if not set
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config-windows.md#memory">
 *     runtime-spec, memory</a>
 */
public record MemoryLimit(@Nullable Long limit) {
    /** Reads one; see {@link JsonCursor} for what is thrown and how unknown properties are kept. */
    public static MemoryLimit read(JsonCursor at) {
        ObjectReader object = at.object();
        MemoryLimit result = new MemoryLimit(object.optionalUint64("limit"));
        object.finish();
        return result;
    }

    /** As the specification writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder().optionalUnsigned("limit", limit).build();
    }
}
