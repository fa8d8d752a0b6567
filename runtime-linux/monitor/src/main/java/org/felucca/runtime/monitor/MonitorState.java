package org.felucca.runtime.monitor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.felucca.runtime.plan.wire.WireReader;

/**
 * What a monitor says of its task.
 *
 * @param phase where it is
 * @param process the first process
 * @param end how it ended, when stopped
 * @param drained whether all output is out
 * @param execs other processes, those included that ended while nobody was connected
 */
public record MonitorState(
        Phase phase, ProcessRef process, Optional<ProcessEnd> end, boolean drained, List<Exec> execs) {
    private static final int OOM = 1;
    private static final int DRAINED = 2;
    private static final int STOPPED = 4;

    /** Where a task is. */
    public enum Phase {
        CREATED,
        RUNNING,
        STOPPED
    }

    /**
     * Another process.
     *
     * @param execId its id
     * @param process the process
     * @param end how it ended, if it did
     */
    public record Exec(String execId, ProcessRef process, Optional<ProcessEnd> end) {}

    /** Copies. */
    public MonitorState {
        execs = List.copyOf(execs);
    }

    static MonitorState read(WireReader in) {
        int state = in.u32();
        ProcessRef process = new ProcessRef(in.u32(), in.u64());
        int kind = in.u32();
        int value = in.u32();
        long time = in.u64();
        int flags = in.u32();
        String reason = in.string();
        int count = in.u32();
        List<Exec> execs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            execs.add(exec(in));
        }
        Phase phase = switch (state) {
            case 2 -> Phase.CREATED;
            case 3 -> Phase.RUNNING;
            default -> Phase.STOPPED;
        };
        Optional<ProcessEnd> end = phase == Phase.STOPPED
                ? Optional.of(ProcessEnd.of(kind, value, time, (flags & OOM) != 0, reason))
                : Optional.empty();
        return new MonitorState(phase, process, end, (flags & DRAINED) != 0, execs);
    }

    private static Exec exec(WireReader in) {
        String id = in.string();
        int state = in.u32();
        ProcessRef process = new ProcessRef(in.u32(), in.u64());
        int kind = in.u32();
        int value = in.u32();
        long time = in.u64();
        String reason = in.string();
        Optional<ProcessEnd> end =
                state == STOPPED ? Optional.of(ProcessEnd.of(kind, value, time, false, reason)) : Optional.empty();
        return new Exec(id, process, end);
    }
}
