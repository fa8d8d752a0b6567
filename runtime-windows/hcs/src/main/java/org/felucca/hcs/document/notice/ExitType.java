package org.felucca.hcs.document.notice;

import org.felucca.oci.json.JsonCursor;

/**
 * How a compute system ended.
 *
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcs/schemareference#NotificationType">NotificationType</a>
 */
public enum ExitType {
    /** It did not. */
    NONE("None"),

    /** By itself, or because it was asked to. */
    GRACEFUL("GracefulExit"),

    /** It was terminated. */
    FORCED("ForcedExit"),

    /** It broke. */
    UNEXPECTED("UnexpectedExit"),

    /** The host does not know. */
    UNKNOWN("Unknown");

    private final String id;

    ExitType(String id) {
        this.id = id;
    }

    /** Its name in the schema. */
    public String id() {
        return id;
    }

    /** Reads one; a name of a later schema is {@link #UNKNOWN}. */
    public static ExitType read(JsonCursor at) {
        String name = at.string();
        for (ExitType value : values()) {
            if (value.id.equals(name)) {
                return value;
            }
        }
        return UNKNOWN;
    }
}
