package org.felucca.hcs.document.device;

import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * What an extension adds to a container: objects and devices.
 *
 * @param objects objects of the kernel; null if not set
 * @param devices devices; null if not set
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcs/schemareference#Namespace">Namespace</a>
 */
public record ExtensionNamespace(
        @Nullable ObjectNamespace objects, @Nullable DeviceNamespace devices) {
    /** Reads one; see {@link JsonCursor} for what is thrown and how unknown members are kept. */
    public static ExtensionNamespace read(JsonCursor at) {
        ObjectReader object = at.object();
        ExtensionNamespace result = new ExtensionNamespace(
                object.optional("ob", ObjectNamespace::read), object.optional("device", DeviceNamespace::read));
        object.finish();
        return result;
    }

    /** As the schema writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .optional("ob", objects, ObjectNamespace::toJson)
                .optional("device", devices, DeviceNamespace::toJson)
                .build();
    }
}
