package org.felucca.hcs.document.device;

import java.util.List;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;

/**
 * Devices that an extension adds.
 *
 * @param requiresDriverStore whether the store of drivers is shown
 * @param categories devices by category
 * @param instances single devices
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcs/schemareference#DeviceNamespace">DeviceNamespace</a>
 */
public record DeviceNamespace(
        boolean requiresDriverStore, List<DeviceCategory> categories, List<DeviceInstance> instances) {
    /** Copies what can be changed. */
    public DeviceNamespace {
        categories = List.copyOf(categories);
        instances = List.copyOf(instances);
    }

    /** Reads one; see {@link JsonCursor} for what is thrown and how unknown members are kept. */
    public static DeviceNamespace read(JsonCursor at) {
        ObjectReader object = at.object();
        DeviceNamespace result = new DeviceNamespace(
                object.flag("requires_driverstore"),
                object.list("device_category", DeviceCategory::read),
                object.list("device_instance", DeviceInstance::read));
        object.finish();
        return result;
    }

    /** As the schema writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .flag("requires_driverstore", requiresDriverStore)
                .array("device_category", categories, DeviceCategory::toJson)
                .array("device_instance", instances, DeviceInstance::toJson)
                .build();
    }
}
