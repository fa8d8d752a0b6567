package org.felucca.oci.runtimespec.linux;

import org.felucca.oci.json.JsonCursor;

/** Scheduling policy of sched_setattr(2). */
public enum SchedulerPolicy {
    /** {@code SCHED_OTHER}. */
    OTHER("SCHED_OTHER"),
    /** {@code SCHED_FIFO}. */
    FIFO("SCHED_FIFO"),
    /** {@code SCHED_RR}. */
    RR("SCHED_RR"),
    /** {@code SCHED_BATCH}. */
    BATCH("SCHED_BATCH"),
    /** {@code SCHED_ISO}. */
    ISO("SCHED_ISO"),
    /** {@code SCHED_IDLE}. */
    IDLE("SCHED_IDLE"),
    /** {@code SCHED_DEADLINE}. */
    DEADLINE("SCHED_DEADLINE");

    private final String id;

    SchedulerPolicy(String id) {
        this.id = id;
    }

    /** The name in documents. */
    public String id() {
        return id;
    }

    /** Reads one; any other name is refused with a list of these. */
    public static SchedulerPolicy read(JsonCursor at) {
        return at.oneOf(values(), SchedulerPolicy::id);
    }
}
