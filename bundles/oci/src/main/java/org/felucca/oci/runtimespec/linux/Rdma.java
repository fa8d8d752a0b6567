package org.felucca.oci.runtimespec.linux;

import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * Limits of RDMA resources of one device.
 *
 * @param hcaHandles most handles; null if not set
 * @param hcaObjects most objects; null if not set
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config-linux.md#rdma">runtime-spec, rdma</a>
 */
public record Rdma(@Nullable Long hcaHandles, @Nullable Long hcaObjects) {
    /** Reads one; see {@link JsonCursor} for what is thrown and how unknown properties are kept. */
    public static Rdma read(JsonCursor at) {
        ObjectReader object = at.object();
        Rdma result = new Rdma(object.optionalUint32("hcaHandles"), object.optionalUint32("hcaObjects"));
        object.finish();
        return result;
    }

    /** As the specification writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .optional("hcaHandles", hcaHandles)
                .optional("hcaObjects", hcaObjects)
                .build();
    }
}
