package org.felucca.oci.runtimespec.linux;

import org.felucca.oci.json.JsonCursor;

/** Which devices a cgroup device rule is about. */
public enum DeviceRuleType {
    /** Every device. */
    ALL("a"),
    /** Block devices. */
    BLOCK("b"),
    /** Character devices. */
    CHAR("c");

    private final String id;

    DeviceRuleType(String id) {
        this.id = id;
    }

    /** The name in documents. */
    public String id() {
        return id;
    }

    /** Reads one; any other name is refused with a list of these. */
    public static DeviceRuleType read(JsonCursor at) {
        return at.oneOf(values(), DeviceRuleType::id);
    }
}
