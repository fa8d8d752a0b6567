package org.felucca.hcs.document.device;

import java.util.List;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * Devices by the interfaces they have.
 *
 * @param name name; null if not set
 * @param interfaceClasses the interfaces
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcs/schemareference#DeviceCategory">DeviceCategory</a>
 */
public record DeviceCategory(@Nullable String name, List<InterfaceClass> interfaceClasses) {
    /** Copies what can be changed. */
    public DeviceCategory {
        interfaceClasses = List.copyOf(interfaceClasses);
    }

    /** Reads one; see {@link JsonCursor} for what is thrown and how unknown members are kept. */
    public static DeviceCategory read(JsonCursor at) {
        ObjectReader object = at.object();
        DeviceCategory result =
                new DeviceCategory(object.optionalString("name"), object.list("interface_class", InterfaceClass::read));
        object.finish();
        return result;
    }

    /** As the schema writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .optional("name", name)
                .array("interface_class", interfaceClasses, InterfaceClass::toJson)
                .build();
    }
}
