package org.felucca.oci.runtimespec.linux;

import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;

/**
 * Priority of traffic through one interface.
 *
 * @param name interface in the runtime's network namespace
 * @param priority the priority
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config-linux.md#network">
 *     runtime-spec, network</a>
 */
public record InterfacePriority(String name, long priority) {
    /** Reads one; see {@link JsonCursor} for what is thrown and how unknown properties are kept. */
    public static InterfacePriority read(JsonCursor at) {
        ObjectReader object = at.object();
        InterfacePriority result = new InterfacePriority(
                object.required("name", JsonCursor::nonEmptyString), object.required("priority", JsonCursor::uint32));
        object.finish();
        return result;
    }

    /** As the specification writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder().put("name", name).put("priority", priority).build();
    }
}
