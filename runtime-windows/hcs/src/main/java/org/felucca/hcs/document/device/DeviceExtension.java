package org.felucca.hcs.document.device;

import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * What devices of a category need besides themselves.
 *
 * @param category the devices; null if not set
 * @param namespace what comes along; null if not set
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcs/schemareference#DeviceExtension">DeviceExtension</a>
 */
public record DeviceExtension(
        @Nullable DeviceCategory category, @Nullable ExtensionNamespace namespace) {
    /** Reads one; see {@link JsonCursor} for what is thrown and how unknown members are kept. */
    public static DeviceExtension read(JsonCursor at) {
        ObjectReader object = at.object();
        DeviceExtension result = new DeviceExtension(
                object.optional("device_category", DeviceCategory::read),
                object.optional("namespace", ExtensionNamespace::read));
        object.finish();
        return result;
    }

    /** As the schema writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .optional("device_category", category, DeviceCategory::toJson)
                .optional("namespace", namespace, ExtensionNamespace::toJson)
                .build();
    }
}
