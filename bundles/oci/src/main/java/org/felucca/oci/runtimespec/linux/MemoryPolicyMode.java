package org.felucca.oci.runtimespec.linux;

import org.felucca.oci.json.JsonCursor;

/** Mode of set_mempolicy(2). */
public enum MemoryPolicyMode {
    /** {@code MPOL_DEFAULT}. */
    DEFAULT("MPOL_DEFAULT"),
    /** {@code MPOL_BIND}. */
    BIND("MPOL_BIND"),
    /** {@code MPOL_INTERLEAVE}. */
    INTERLEAVE("MPOL_INTERLEAVE"),
    /** {@code MPOL_WEIGHTED_INTERLEAVE}. */
    WEIGHTED_INTERLEAVE("MPOL_WEIGHTED_INTERLEAVE"),
    /** {@code MPOL_PREFERRED}. */
    PREFERRED("MPOL_PREFERRED"),
    /** {@code MPOL_PREFERRED_MANY}. */
    PREFERRED_MANY("MPOL_PREFERRED_MANY"),
    /** {@code MPOL_LOCAL}. */
    LOCAL("MPOL_LOCAL");

    private final String id;

    MemoryPolicyMode(String id) {
        this.id = id;
    }

    /** The name in documents. */
    public String id() {
        return id;
    }

    /** Reads one; any other name is refused with a list of these. */
    public static MemoryPolicyMode read(JsonCursor at) {
        return at.oneOf(values(), MemoryPolicyMode::id);
    }
}
