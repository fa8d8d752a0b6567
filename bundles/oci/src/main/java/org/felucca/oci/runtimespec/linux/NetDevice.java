package org.felucca.oci.runtimespec.linux;

import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * A network device moved into the container.
 *
 * @param name its name in the container; null keeps the host's; null if not set
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config-linux.md#network-devices">
 *     runtime-spec, network devices</a>
 */
public record NetDevice(@Nullable String name) {
    /** Reads one; see {@link JsonCursor} for what is thrown and how unknown properties are kept. */
    public static NetDevice read(JsonCursor at) {
        ObjectReader object = at.object();
        NetDevice result = new NetDevice(object.optionalString("name"));
        object.finish();
        return result;
    }

    /** As the specification writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder().optional("name", name).build();
    }
}
