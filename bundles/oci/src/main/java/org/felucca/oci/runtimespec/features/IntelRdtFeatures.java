package org.felucca.oci.runtimespec.features;

import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * Support of Intel RDT; null means unknown.
 *
 * @param enabled whether there is any; null if not set
 * @param schemata the schemata property; null if not set
 * @param monitoring the enableMonitoring property; null if not set
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/v1.3.0/features-linux.md#intelrdt">
 *     runtime-spec, features</a>
 */
public record IntelRdtFeatures(
        @Nullable Boolean enabled,
        @Nullable Boolean schemata,
        @Nullable Boolean monitoring) {
    /** Reads one; see {@link JsonCursor} for what is thrown and how unknown properties are kept. */
    public static IntelRdtFeatures read(JsonCursor at) {
        ObjectReader object = at.object();
        IntelRdtFeatures result = new IntelRdtFeatures(
                object.optionalBool("enabled"), object.optionalBool("schemata"), object.optionalBool("monitoring"));
        object.finish();
        return result;
    }

    /** As the specification writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .optional("enabled", enabled)
                .optional("schemata", schemata)
                .optional("monitoring", monitoring)
                .build();
    }
}
