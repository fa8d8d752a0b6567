package org.felucca.hcs.document;

import org.felucca.oci.json.JsonString;
import org.felucca.oci.json.JsonValue;

/**
 * A property of a compute system that is only given when asked for.
 *
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcs/schemareference#System_PropertyType">System_PropertyType</a>
 */
public enum PropertyType {
    /** What the container uses. */
    STATISTICS("Statistics"),

    /** Its processes. */
    PROCESS_LIST("ProcessList");

    private final String id;

    PropertyType(String id) {
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
