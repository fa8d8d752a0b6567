package org.felucca.oci.runtimespec.features;

import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * Whether something is supported.
 *
 * @param enabled whether it is; null means unknown; null if not set
 */
public record Enabled(@Nullable Boolean enabled) {
    /** Reads one; see {@link JsonCursor} for what is thrown and how unknown properties are kept. */
    public static Enabled read(JsonCursor at) {
        ObjectReader object = at.object();
        Enabled result = new Enabled(object.optionalBool("enabled"));
        object.finish();
        return result;
    }

    /** As the specification writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder().optional("enabled", enabled).build();
    }
}
