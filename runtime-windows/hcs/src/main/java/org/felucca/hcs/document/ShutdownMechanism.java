package org.felucca.hcs.document;

import org.felucca.oci.json.JsonString;
import org.felucca.oci.json.JsonValue;

/**
 * Who carries a request to shut down.
 *
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcs/schemareference#ShutdownMechanism">ShutdownMechanism</a>
 */
public enum ShutdownMechanism {
    /** The connection to the container. */
    GUEST_CONNECTION("GuestConnection"),

    /** A service in the guest. */
    INTEGRATION_SERVICE("IntegrationService");

    private final String id;

    ShutdownMechanism(String id) {
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
