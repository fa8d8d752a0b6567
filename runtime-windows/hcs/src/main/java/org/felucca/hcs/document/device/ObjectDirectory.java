package org.felucca.hcs.document.device;

import java.util.List;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * A directory of objects.
 *
 * @param name name; null if not set
 * @param cloneDescriptor object whose security descriptor it gets; null if not set
 * @param shadow whether the host shows through: false, true, ifexists; null if not set
 * @param symlinks links
 * @param directories directories
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcs/schemareference#ObjectDirectory">ObjectDirectory</a>
 */
public record ObjectDirectory(
        @Nullable String name,
        @Nullable String cloneDescriptor,
        @Nullable String shadow,
        List<ObjectSymlink> symlinks,
        List<ObjectDirectory> directories) {
    /** Copies what can be changed. */
    public ObjectDirectory {
        symlinks = List.copyOf(symlinks);
        directories = List.copyOf(directories);
    }

    /** Reads one; see {@link JsonCursor} for what is thrown and how unknown members are kept. */
    public static ObjectDirectory read(JsonCursor at) {
        ObjectReader object = at.object();
        ObjectDirectory result = new ObjectDirectory(
                object.optionalString("name"),
                object.optionalString("clonesd"),
                object.optionalString("shadow"),
                object.list("symlink", ObjectSymlink::read),
                object.list("objdir", ObjectDirectory::read));
        object.finish();
        return result;
    }

    /** As the schema writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .optional("name", name)
                .optional("clonesd", cloneDescriptor)
                .optional("shadow", shadow)
                .array("symlink", symlinks, ObjectSymlink::toJson)
                .array("objdir", directories, ObjectDirectory::toJson)
                .build();
    }
}
