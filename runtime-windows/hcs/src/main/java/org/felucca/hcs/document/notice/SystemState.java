package org.felucca.hcs.document.notice;

import org.felucca.oci.json.JsonCursor;

/**
 * What a compute system is doing.
 *
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcs/schemareference#State">State</a>
 */
public enum SystemState {
    /** It is made and not started. */
    CREATED("Created"),

    /** It runs. */
    RUNNING("Running"),

    /** It is paused. */
    PAUSED("Paused"),

    /** It ended. */
    STOPPED("Stopped"),

    /** It is a template for others. */
    SAVED_AS_TEMPLATE("SavedAsTemplate"),

    /** The host does not say. */
    UNKNOWN("Unknown");

    private final String id;

    SystemState(String id) {
        this.id = id;
    }

    /** Its name in the schema. */
    public String id() {
        return id;
    }

    /** Reads one; a name of a later schema is {@link #UNKNOWN}. */
    public static SystemState read(JsonCursor at) {
        String name = at.string();
        for (SystemState value : values()) {
            if (value.id.equals(name)) {
                return value;
            }
        }
        return UNKNOWN;
    }
}
