package org.felucca.oci.runtimespec;

import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;

/**
 * The root file system.
 *
 * @param path where it is: absolute, or relative to the bundle
 * @param readonly whether it cannot be written
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config.md#root">runtime-spec, root</a>
 */
public record Root(String path, boolean readonly) {
    /** Reads one; see {@link JsonCursor} for what is thrown and how unknown properties are kept. */
    public static Root read(JsonCursor at) {
        ObjectReader object = at.object();
        Root result = new Root(object.required("path", JsonCursor::nonEmptyString), object.flag("readonly"));
        object.finish();
        return result;
    }

    /** As the specification writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder().put("path", path).flag("readonly", readonly).build();
    }
}
