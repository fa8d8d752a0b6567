package org.felucca.oci.runtimespec.linux;

import org.felucca.oci.OciFormatException;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * A namespace that is made or joined.
 *
 * @param type its kind
 * @param path the existing one to join; null if not set
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config-linux.md#namespaces">
 *     runtime-spec, namespaces</a>
 */
public record Namespace(NamespaceType type, @Nullable String path) {
    /**
     * @throws OciFormatException if the path is not absolute
     */
    public Namespace {
        if (path != null && !path.startsWith("/")) {
            throw new OciFormatException(
                    type.id() + " namespace",
                    null,
                    OciFormatException.quote(path) + " is not absolute",
                    "give an absolute path");
        }
    }

    /** Reads one; see {@link JsonCursor} for what is thrown and how unknown properties are kept. */
    public static Namespace read(JsonCursor at) {
        ObjectReader object = at.object();
        Namespace result = at.as(
                cursor -> new Namespace(object.required("type", NamespaceType::read), object.optionalString("path")));
        object.finish();
        return result;
    }

    /** As the specification writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .put("type", type.id())
                .optional("path", path)
                .build();
    }
}
