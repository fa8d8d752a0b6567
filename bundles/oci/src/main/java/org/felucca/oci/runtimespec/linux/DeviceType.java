package org.felucca.oci.runtimespec.linux;

import org.felucca.oci.json.JsonCursor;

/** Kind of a device node. */
public enum DeviceType {
    /** Block device. */
    BLOCK("b"),
    /** Character device. */
    CHAR("c"),
    /** Unbuffered character device, the same as {@link #CHAR} on Linux. */
    UNBUFFERED("u"),
    /** Named pipe. */
    FIFO("p");

    private final String id;

    DeviceType(String id) {
        this.id = id;
    }

    /** The name in documents. */
    public String id() {
        return id;
    }

    /** Reads one; any other name is refused with a list of these. */
    public static DeviceType read(JsonCursor at) {
        return at.oneOf(values(), DeviceType::id);
    }
}
