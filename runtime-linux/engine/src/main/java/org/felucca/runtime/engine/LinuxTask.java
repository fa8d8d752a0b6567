package org.felucca.runtime.engine;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.process.HostExec;
import org.felucca.api.process.Signal;
import org.felucca.api.runtime.ExecRequest;
import org.felucca.api.runtime.ResourceLimits;
import org.felucca.api.runtime.TaskId;
import org.felucca.api.runtime.TaskState;
import org.felucca.oci.runtimespec.Process;
import org.felucca.oci.runtimespec.Spec;
import org.felucca.posix.fs.Errno;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.PosixException;
import org.felucca.runtime.engine.cgroup.CgroupDriver;
import org.felucca.runtime.engine.cgroup.TaskCgroup;
import org.felucca.runtime.engine.task.Descriptors;
import org.felucca.runtime.engine.task.Limits;
import org.felucca.runtime.engine.task.MonitoredTask;
import org.felucca.runtime.engine.task.ProcessSpecs;
import org.felucca.runtime.monitor.AppletException;
import org.felucca.runtime.monitor.MonitorConnection;
import org.felucca.runtime.monitor.ProcessRef;
import org.felucca.runtime.plan.compile.CompiledPlan;
import org.felucca.runtime.plan.compile.ContainerFacts;
import org.felucca.runtime.plan.compile.ExecCompiler;
import org.felucca.runtime.plan.compile.HostFacts;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One task, whose monitor does the work. Thread-safe. */
final class LinuxTask extends MonitoredTask {
    private static final Logger LOG = LoggerFactory.getLogger(LinuxTask.class);

    private final Context context;

    /**
     * What all tasks share.
     *
     * @param shared with the tasks of every backend
     * @param hostExec runs hooks of tasks whose monitor is gone
     * @param cgroups changes and removes their cgroups
     */
    record Context(
            MonitoredTask.Context shared,
            HostFacts host,
            SeccompFilters filters,
            HostExec hostExec,
            CgroupDriver cgroups) {}

    LinuxTask(TaskId id, Spec spec, TaskCgroup cgroup, Context context) {
        super(id, spec, cgroup, context.shared());
        this.context = context;
    }

    @Override
    protected FeluccaException refused(AppletException refusal, String subject, List<String> args) {
        return Failures.of(refusal, subject, null, args);
    }

    @Override
    protected Set<Errno> noTerminal() {
        return Set.of(Errno.ENOTTY);
    }

    @Override
    public void kill(Signal signal, boolean all) {
        TaskState now = state();
        now.require(TaskState.Operation.KILL, id());
        ask("signal", connection -> {
            connection.kill(FIRST, signal.number(), all);
            return null;
        });
        if (now == TaskState.PAUSED && signal.equals(Signal.KILL)) {
            // frozen by version 1, a process dies only when it is thawed
            thaw();
        }
    }

    @Override
    public void pause() {
        state().require(TaskState.Operation.PAUSE, id());
        kernel("pause", cgroup()::freeze);
        if (!change(TaskState.RUNNING, TaskState.PAUSED)) {
            kernel("resume", cgroup()::thaw);
        }
    }

    @Override
    public void resume() {
        state().require(TaskState.Operation.RESUME, id());
        thaw();
    }

    private void thaw() {
        kernel("resume", cgroup()::thaw);
        change(TaskState.PAUSED, TaskState.RUNNING);
    }

    private void kernel(String what, Runnable action) {
        try {
            action.run();
        } catch (PosixException e) {
            throw new FeluccaException(
                    ErrorCode.FAILED_PRECONDITION,
                    "cannot " + what + " container " + id().id(),
                    String.valueOf(e.getMessage()),
                    null,
                    e);
        }
    }

    @Override
    public void update(ResourceLimits limits) {
        state().require(TaskState.Operation.UPDATE, id());
        kernel("update", () -> context.cgroups().update(cgroup(), Limits.resources(limits)));
    }

    @Override
    protected ProcessRef launch(ExecRequest request) {
        Process document = ProcessSpecs.exec(
                Objects.requireNonNull(spec().process(), "checked at create"),
                request,
                identity(request.user()),
                context.host().lastCapability());
        Spec container = request.privileged() ? ProcessSpecs.withoutSeccomp(spec()) : spec();
        ContainerFacts facts = ContainerFacts.of(id().id(), directory().toString())
                .slotsGiven(cgroup().directories().size())
                .cgroups(cgroup().hierarchies(0));
        facts = context.filters().filter(container).map(facts::seccomp).orElse(facts);
        facts = LinuxRuntime.withTerminal(facts, request.io(), document);
        CompiledPlan compiled = ExecCompiler.compile(container, document, context.host(), facts);
        compiled.warnings().forEach(warning -> LOG.warn("container {}: {}", id(), warning));
        MonitorConnection to = ask("run a process in", Function.identity());
        List<Fd> slots = cgroup().openAllBeside(pid().orElseThrow(() -> ended(request)));
        try {
            return Descriptors.withStreams(
                    request.io(),
                    streams -> to.exec(request.execId(), compiled.plan().bytes(), streams, slots));
        } catch (AppletException e) {
            throw Failures.of(e, "cannot run a process in container " + id().id(), compiled.plan(), request.args());
        } finally {
            slots.forEach(Fd::close);
        }
    }

    private FeluccaException ended(ExecRequest request) {
        return new FeluccaException(
                ErrorCode.FAILED_PRECONDITION,
                "cannot run " + request.args() + " in container " + id().id(),
                "it has ended");
    }

    /** The cgroup of a stopped task is empty: it goes early, unless a hook may still look at it. */
    @Override
    protected void whileMonitorEnds(TaskState now) {
        if (now == TaskState.STOPPED && spec().hooks() == null) {
            removeTraces();
        }
    }

    @Override
    protected void deleteWithoutMonitor(TaskState now) {
        if (now == TaskState.STOPPED) {
            PoststopHooks.run(spec(), id().id(), directory(), context.hostExec());
        }
    }

    @Override
    protected void removeTraces() {
        context.cgroups().remove(cgroup());
    }
}
