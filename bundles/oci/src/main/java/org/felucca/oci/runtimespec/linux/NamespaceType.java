package org.felucca.oci.runtimespec.linux;

import org.felucca.oci.json.JsonCursor;

/** Kind of a Linux namespace. */
public enum NamespaceType {
    /** Process ids. */
    PID("pid"),
    /** Network devices, addresses, ports. */
    NETWORK("network"),
    /** Mount points. */
    MOUNT("mount"),
    /** System V IPC and POSIX message queues. */
    IPC("ipc"),
    /** Host and domain name. */
    UTS("uts"),
    /** User and group ids. */
    USER("user"),
    /** View of the cgroup hierarchies. */
    CGROUP("cgroup"),
    /** Monotonic and boot time clocks. */
    TIME("time");

    private final String id;

    NamespaceType(String id) {
        this.id = id;
    }

    /** The name in documents. */
    public String id() {
        return id;
    }

    /** Reads one; any other name is refused with a list of these. */
    public static NamespaceType read(JsonCursor at) {
        return at.oneOf(values(), NamespaceType::id);
    }
}
