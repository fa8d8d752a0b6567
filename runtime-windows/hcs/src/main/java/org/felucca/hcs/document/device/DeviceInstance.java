package org.felucca.hcs.document.device;

import java.util.List;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * One device.
 *
 * @param id instance id; null if not set
 * @param locationPath where it is plugged in; null if not set
 * @param portName name of its port; null if not set
 * @param interfaceClasses its interfaces
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcs/schemareference#DeviceInstance">DeviceInstance</a>
 */
public record DeviceInstance(
        @Nullable String id,
        @Nullable String locationPath,
        @Nullable String portName,
        List<InterfaceClass> interfaceClasses) {
    /** Copies what can be changed. */
    public DeviceInstance {
        interfaceClasses = List.copyOf(interfaceClasses);
    }

    /** Reads one; see {@link JsonCursor} for what is thrown and how unknown members are kept. */
    public static DeviceInstance read(JsonCursor at) {
        ObjectReader object = at.object();
        DeviceInstance result = new DeviceInstance(
                object.optionalString("id"),
                object.optionalString("location_path"),
                object.optionalString("port_name"),
                object.list("interface_class", InterfaceClass::read));
        object.finish();
        return result;
    }

    /** As the schema writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .optional("id", id)
                .optional("location_path", locationPath)
                .optional("port_name", portName)
                .array("interface_class", interfaceClasses, InterfaceClass::toJson)
                .build();
    }
}
