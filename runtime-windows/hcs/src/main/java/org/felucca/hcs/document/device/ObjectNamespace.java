package org.felucca.hcs.document.device;

import java.util.List;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * Objects of the kernel at the top of the name space.
 *
 * @param shadow whether the host shows through: false, true, ifexists; null if not set
 * @param symlinks links
 * @param directories directories
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcs/schemareference#ObjectNamespace">ObjectNamespace</a>
 */
public record ObjectNamespace(
        @Nullable String shadow, List<ObjectSymlink> symlinks, List<ObjectDirectory> directories) {
    /** Copies what can be changed. */
    public ObjectNamespace {
        symlinks = List.copyOf(symlinks);
        directories = List.copyOf(directories);
    }

    /** Reads one; see {@link JsonCursor} for what is thrown and how unknown members are kept. */
    public static ObjectNamespace read(JsonCursor at) {
        ObjectReader object = at.object();
        ObjectNamespace result = new ObjectNamespace(
                object.optionalString("shadow"),
                object.list("symlink", ObjectSymlink::read),
                object.list("objdir", ObjectDirectory::read));
        object.finish();
        return result;
    }

    /** As the schema writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .optional("shadow", shadow)
                .array("symlink", symlinks, ObjectSymlink::toJson)
                .array("objdir", directories, ObjectDirectory::toJson)
                .build();
    }
}
