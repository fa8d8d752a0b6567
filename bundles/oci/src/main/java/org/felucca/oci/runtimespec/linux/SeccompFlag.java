package org.felucca.oci.runtimespec.linux;

import org.felucca.oci.json.JsonCursor;

/** Flag of the seccomp(2) call that installs a filter. */
public enum SeccompFlag {
    /** All threads get the filter. */
    TSYNC("SECCOMP_FILTER_FLAG_TSYNC"),
    /** All actions but ALLOW are logged. */
    LOG("SECCOMP_FILTER_FLAG_LOG"),
    /** No speculative store bypass mitigation. */
    SPEC_ALLOW("SECCOMP_FILTER_FLAG_SPEC_ALLOW"),
    /** A notified call can only be interrupted by a fatal signal. */
    WAIT_KILLABLE_RECV("SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV");

    private final String id;

    SeccompFlag(String id) {
        this.id = id;
    }

    /** The name in documents. */
    public String id() {
        return id;
    }

    /** Reads one; any other name is refused with a list of these. */
    public static SeccompFlag read(JsonCursor at) {
        return at.oneOf(values(), SeccompFlag::id);
    }
}
