package org.felucca.hcs.document.device;

import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * A link to an object.
 *
 * @param name name; null if not set
 * @param path what it points to; null if not set
 * @param scope where it is resolved: Local, Global, GlobalDropSilo; null if not set
 * @param pathToClone link that is copied; null if not set
 * @param accessMask rights asked for; null if not set
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcs/schemareference#ObjectSymlink">ObjectSymlink</a>
 */
public record ObjectSymlink(
        @Nullable String name,
        @Nullable String path,
        @Nullable String scope,
        @Nullable String pathToClone,
        @Nullable Long accessMask) {
    /** Reads one; see {@link JsonCursor} for what is thrown and how unknown members are kept. */
    public static ObjectSymlink read(JsonCursor at) {
        ObjectReader object = at.object();
        ObjectSymlink result = new ObjectSymlink(
                object.optionalString("name"),
                object.optionalString("path"),
                object.optionalString("scope"),
                object.optionalString("pathtoclone"),
                object.optionalUint32("access_mask"));
        object.finish();
        return result;
    }

    /** As the schema writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .optional("name", name)
                .optional("path", path)
                .optional("scope", scope)
                .optional("pathtoclone", pathToClone)
                .optional("access_mask", accessMask)
                .build();
    }
}
