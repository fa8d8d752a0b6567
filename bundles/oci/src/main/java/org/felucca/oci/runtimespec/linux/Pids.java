package org.felucca.oci.runtimespec.linux;

import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * Limit of the pids controller.
 *
 * @param limit most tasks; 0 or less means unlimited; null if not set
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config-linux.md#pids">runtime-spec, pids</a>
 */
public record Pids(@Nullable Long limit) {
    /** Reads one; see {@link JsonCursor} for what is thrown and how unknown properties are kept. */
    public static Pids read(JsonCursor at) {
        ObjectReader object = at.object();
        Pids result = new Pids(object.optionalInt64("limit"));
        object.finish();
        return result;
    }

    /** As the specification writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder().optional("limit", limit).build();
    }
}
