package org.felucca.oci.runtimespec.features;

import java.util.List;
import org.felucca.oci.json.JsonArray;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * Support of memory policies; null means unknown.
 *
 * @param modes recognized modes; null if not set
 * @param flags recognized flags; null if not set
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/v1.3.0/features-linux.md#memorypolicy">
 *     runtime-spec, features</a>
 */
public record MemoryPolicyFeatures(
        @Nullable List<String> modes, @Nullable List<String> flags) {
    /** Copies what can be changed. */
    public MemoryPolicyFeatures {
        modes = modes == null ? null : List.copyOf(modes);
        flags = flags == null ? null : List.copyOf(flags);
    }

    /** Reads one; see {@link JsonCursor} for what is thrown and how unknown properties are kept. */
    public static MemoryPolicyFeatures read(JsonCursor at) {
        ObjectReader object = at.object();
        MemoryPolicyFeatures result = new MemoryPolicyFeatures(
                object.optional("modes", value -> value.list(JsonCursor::string)),
                object.optional("flags", value -> value.list(JsonCursor::string)));
        object.finish();
        return result;
    }

    /** As the specification writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .optional("modes", modes, JsonArray::ofStrings)
                .optional("flags", flags, JsonArray::ofStrings)
                .build();
    }
}
