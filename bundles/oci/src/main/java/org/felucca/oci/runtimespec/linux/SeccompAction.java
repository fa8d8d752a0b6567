package org.felucca.oci.runtimespec.linux;

import org.felucca.oci.json.JsonCursor;

/** What happens to a system call. */
public enum SeccompAction {
    /** The thread is killed (old name of KILL_THREAD). */
    KILL("SCMP_ACT_KILL"),
    /** The process is killed. */
    KILL_PROCESS("SCMP_ACT_KILL_PROCESS"),
    /** The thread is killed. */
    KILL_THREAD("SCMP_ACT_KILL_THREAD"),
    /** The thread gets SIGSYS. */
    TRAP("SCMP_ACT_TRAP"),
    /** The call fails with an error number. */
    ERRNO("SCMP_ACT_ERRNO"),
    /** A tracer decides. */
    TRACE("SCMP_ACT_TRACE"),
    /** The call goes through. */
    ALLOW("SCMP_ACT_ALLOW"),
    /** The call goes through and is logged. */
    LOG("SCMP_ACT_LOG"),
    /** A listener process decides. */
    NOTIFY("SCMP_ACT_NOTIFY");

    private final String id;

    SeccompAction(String id) {
        this.id = id;
    }

    /** The name in documents. */
    public String id() {
        return id;
    }

    /** Reads one; any other name is refused with a list of these. */
    public static SeccompAction read(JsonCursor at) {
        return at.oneOf(values(), SeccompAction::id);
    }
}
