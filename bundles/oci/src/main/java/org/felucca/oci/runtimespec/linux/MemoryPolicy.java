package org.felucca.oci.runtimespec.linux;

import java.util.List;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.JsonString;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * NUMA memory policy of the process.
 *
 * @param mode the mode
 * @param nodes list of nodes such as 0-1,3; null if not set
 * @param flags flags
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config-linux.md#memory-policy">
 *     runtime-spec, memoryPolicy</a>
 */
public record MemoryPolicy(MemoryPolicyMode mode, @Nullable String nodes, List<MemoryPolicyFlag> flags) {
    /** Copies what can be changed. */
    public MemoryPolicy {
        flags = List.copyOf(flags);
    }

    /** Reads one; see {@link JsonCursor} for what is thrown and how unknown properties are kept. */
    public static MemoryPolicy read(JsonCursor at) {
        ObjectReader object = at.object();
        MemoryPolicy result = new MemoryPolicy(
                object.required("mode", MemoryPolicyMode::read),
                object.optionalString("nodes"),
                object.list("flags", MemoryPolicyFlag::read));
        object.finish();
        return result;
    }

    /** As the specification writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .put("mode", mode.id())
                .optional("nodes", nodes)
                .array("flags", flags, value -> new JsonString(value.id()))
                .build();
    }
}
