package org.felucca.hcs.document;

import java.util.UUID;
import org.felucca.oci.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * Host devices that a container gets. A class takes no type: that is how it was said before types came.
 *
 * @param type how the device is named; null for a class
 * @param interfaceClass every device with this interface; null if not set
 * @param locationPath one device by the place where it is plugged in; null if not set
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcs/schemareference#Device">Device</a>
 */
public record AssignedDevice(
        @Nullable AssignedDeviceType type,
        @Nullable UUID interfaceClass,
        @Nullable String locationPath) {
    /** As the schema writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .optional("Type", type, AssignedDeviceType::value)
                .optional("InterfaceClassGuid", interfaceClass == null ? null : interfaceClass.toString())
                .optional("LocationPath", locationPath)
                .build();
    }
}
