package org.felucca.oci.runtimespec.windows;

import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * Hyper-V isolation.
 *
 * @param utilityVmPath image of the utility VM; null looks below the layers; null if not set
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config-windows.md#hyperv-isolation">
 *     runtime-spec, hyperv</a>
 */
public record HyperV(@Nullable String utilityVmPath) {
    /** Reads one; see {@link JsonCursor} for what is thrown and how unknown properties are kept. */
    public static HyperV read(JsonCursor at) {
        ObjectReader object = at.object();
        HyperV result = new HyperV(object.optionalString("utilityVMPath"));
        object.finish();
        return result;
    }

    /** As the specification writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder().optional("utilityVMPath", utilityVmPath).build();
    }
}
