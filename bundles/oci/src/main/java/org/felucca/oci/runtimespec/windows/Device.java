package org.felucca.oci.runtimespec.windows;

import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;

/**
 * A host device mapped into the container.
 *
 * @param id its identifier, such as an interface class GUID
 * @param idType what kind of identifier: class, ...
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config-windows.md#devices">
 *     runtime-spec, devices</a>
 */
public record Device(String id, String idType) {
    /** Reads one; see {@link JsonCursor} for what is thrown and how unknown properties are kept. */
    public static Device read(JsonCursor at) {
        ObjectReader object = at.object();
        Device result = new Device(
                object.required("id", JsonCursor::nonEmptyString),
                object.required("idType", JsonCursor::nonEmptyString));
        object.finish();
        return result;
    }

    /** As the specification writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder().put("id", id).put("idType", idType).build();
    }
}
