package org.felucca.runtime.plan;

import org.felucca.oci.runtimespec.linux.NamespaceType;

/** {@code CLONE_NEW*}, in the order in which namespaces are joined: user first, mount last. */
public enum NamespaceBits {
    USER(NamespaceType.USER, 0x10000000L),
    PID(NamespaceType.PID, 0x20000000L),
    NETWORK(NamespaceType.NETWORK, 0x40000000L),
    IPC(NamespaceType.IPC, 0x08000000L),
    UTS(NamespaceType.UTS, 0x04000000L),
    CGROUP(NamespaceType.CGROUP, 0x02000000L),
    TIME(NamespaceType.TIME, 0x00000080L),
    MOUNT(NamespaceType.MOUNT, 0x00020000L);

    private final NamespaceType type;
    private final long flag;

    NamespaceBits(NamespaceType type, long flag) {
        this.type = type;
        this.flag = flag;
    }

    /** Returns its name in configurations. */
    public NamespaceType type() {
        return type;
    }

    /** Returns the kernel's bit. */
    public long flag() {
        return flag;
    }
}
