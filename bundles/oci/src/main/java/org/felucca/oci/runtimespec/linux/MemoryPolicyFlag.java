package org.felucca.oci.runtimespec.linux;

import org.felucca.oci.json.JsonCursor;

/** Flag of set_mempolicy(2). */
public enum MemoryPolicyFlag {
    /** {@code MPOL_F_NUMA_BALANCING}. */
    NUMA_BALANCING("MPOL_F_NUMA_BALANCING"),
    /** {@code MPOL_F_RELATIVE_NODES}. */
    RELATIVE_NODES("MPOL_F_RELATIVE_NODES"),
    /** {@code MPOL_F_STATIC_NODES}. */
    STATIC_NODES("MPOL_F_STATIC_NODES");

    private final String id;

    MemoryPolicyFlag(String id) {
        this.id = id;
    }

    /** The name in documents. */
    public String id() {
        return id;
    }

    /** Reads one; any other name is refused with a list of these. */
    public static MemoryPolicyFlag read(JsonCursor at) {
        return at.oneOf(values(), MemoryPolicyFlag::id);
    }
}
