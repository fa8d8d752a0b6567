package org.felucca.oci.runtimespec.linux;

import org.felucca.oci.json.JsonCursor;

/** I/O scheduling class of ioprio_set(2). */
public enum IoPriorityClass {
    /** Served first. */
    REALTIME("IOPRIO_CLASS_RT"),
    /** The default. */
    BEST_EFFORT("IOPRIO_CLASS_BE"),
    /** Served when nobody else asks. */
    IDLE("IOPRIO_CLASS_IDLE");

    private final String id;

    IoPriorityClass(String id) {
        this.id = id;
    }

    /** The name in documents. */
    public String id() {
        return id;
    }

    /** Reads one; any other name is refused with a list of these. */
    public static IoPriorityClass read(JsonCursor at) {
        return at.oneOf(values(), IoPriorityClass::id);
    }
}
