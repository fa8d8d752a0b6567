package org.felucca.hcs.document.device;

import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonString;
import org.felucca.oci.json.JsonValue;

/**
 * How an interface class is applied.
 *
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcs/schemareference#InterfaceClassType">InterfaceClassType</a>
 */
public enum InterfaceClassType {
    /** As the class that brought the extension. */
    INHERIT("Inherit"),

    /** To one device. */
    DEVICE_INSTANCE("DeviceInstance"),

    /** To every device with it. */
    CLASS_GUID("ClassGuid");

    private final String id;

    InterfaceClassType(String id) {
        this.id = id;
    }

    /** Its name in the schema. */
    public String id() {
        return id;
    }

    /** Its name as a JSON value. */
    public JsonValue value() {
        return new JsonString(id);
    }

    /** Reads one; see {@link JsonCursor} for what is thrown. */
    public static InterfaceClassType read(JsonCursor at) {
        return at.oneOf(values(), InterfaceClassType::id);
    }
}
