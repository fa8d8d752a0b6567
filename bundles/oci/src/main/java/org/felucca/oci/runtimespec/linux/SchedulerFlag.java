package org.felucca.oci.runtimespec.linux;

import org.felucca.oci.json.JsonCursor;

/** Flag of sched_setattr(2). */
public enum SchedulerFlag {
    /** {@code SCHED_FLAG_RESET_ON_FORK}. */
    RESET_ON_FORK("SCHED_FLAG_RESET_ON_FORK"),
    /** {@code SCHED_FLAG_RECLAIM}. */
    RECLAIM("SCHED_FLAG_RECLAIM"),
    /** {@code SCHED_FLAG_DL_OVERRUN}. */
    DL_OVERRUN("SCHED_FLAG_DL_OVERRUN"),
    /** {@code SCHED_FLAG_KEEP_POLICY}. */
    KEEP_POLICY("SCHED_FLAG_KEEP_POLICY"),
    /** {@code SCHED_FLAG_KEEP_PARAMS}. */
    KEEP_PARAMS("SCHED_FLAG_KEEP_PARAMS"),
    /** {@code SCHED_FLAG_UTIL_CLAMP_MIN}. */
    UTIL_CLAMP_MIN("SCHED_FLAG_UTIL_CLAMP_MIN"),
    /** {@code SCHED_FLAG_UTIL_CLAMP_MAX}. */
    UTIL_CLAMP_MAX("SCHED_FLAG_UTIL_CLAMP_MAX");

    private final String id;

    SchedulerFlag(String id) {
        this.id = id;
    }

    /** The name in documents. */
    public String id() {
        return id;
    }

    /** Reads one; any other name is refused with a list of these. */
    public static SchedulerFlag read(JsonCursor at) {
        return at.oneOf(values(), SchedulerFlag::id);
    }
}
