package org.felucca.hcs.document;

import org.felucca.oci.json.JsonString;
import org.felucca.oci.json.JsonValue;

/**
 * What a shutdown asks for.
 *
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcs/schemareference#ShutdownType">ShutdownType</a>
 */
public enum ShutdownType {
    /** To end. */
    SHUTDOWN("Shutdown"),

    /** To save its state and end. */
    HIBERNATE("Hibernate"),

    /** To end and to start again. */
    REBOOT("Reboot");

    private final String id;

    ShutdownType(String id) {
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
