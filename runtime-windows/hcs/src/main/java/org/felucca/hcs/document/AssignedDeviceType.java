package org.felucca.hcs.document;

import org.felucca.oci.json.JsonString;
import org.felucca.oci.json.JsonValue;

/**
 * How an assigned device is named.
 *
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcs/schemareference#DeviceType">DeviceType</a>
 */
public enum AssignedDeviceType {
    /** By where it is plugged in. */
    DEVICE_INSTANCE("DeviceInstance");

    private final String id;

    AssignedDeviceType(String id) {
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
}
