package org.felucca.runtime.ocicli;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.process.Signal;
import org.felucca.api.runtime.ExecRequest;
import org.felucca.api.runtime.ResourceLimits;
import org.felucca.api.runtime.TaskId;
import org.felucca.api.runtime.TaskState;
import org.felucca.oci.json.Json;
import org.felucca.oci.runtimespec.Process;
import org.felucca.oci.runtimespec.Spec;
import org.felucca.posix.fs.Errno;
import org.felucca.runtime.engine.cgroup.TaskCgroup;
import org.felucca.runtime.engine.task.Descriptors;
import org.felucca.runtime.engine.task.Limits;
import org.felucca.runtime.engine.task.MonitoredTask;
import org.felucca.runtime.engine.task.ProcessSpecs;
import org.felucca.runtime.monitor.Adoption;
import org.felucca.runtime.monitor.AppletException;
import org.felucca.runtime.monitor.MonitorConnection;
import org.felucca.runtime.monitor.ProcessRef;
import org.felucca.runtime.plan.Plan;

/** One task, on whose container the runtime's program acts. Thread-safe. */
final class OciCliTask extends MonitoredTask {
    private final Context context;

    /**
     * What all tasks share.
     *
     * @param shared with the tasks of every backend
     */
    record Context(MonitoredTask.Context shared, RuntimeProgram program, RuntimePlans plans, int lastCapability) {}

    OciCliTask(TaskId id, Spec spec, TaskCgroup cgroup, Context context) {
        super(id, spec, cgroup, context.shared());
        this.context = context;
    }

    /** Unlike the backend linux's, these processes do not die with their monitor. */
    @Override
    protected void adoptedEnd(Adoption.Result.Ended over) {
        if (!over.watched()) {
            cgroup().remove();
        }
    }

    @Override
    protected FeluccaException refused(AppletException refusal, String subject, List<String> args) {
        String said = RuntimeLog.lastError(RuntimePlans.log(directory())).orElse(refusal.text());
        return RuntimeLog.failure(subject, said, args.isEmpty() ? "" : args.get(0), refusal);
    }

    @Override
    protected FeluccaException refusedDelete(AppletException refusal) {
        return new FeluccaException(
                ErrorCode.FAILED_PRECONDITION, "cannot delete container " + id().id(), refusal.text(), null, refusal);
    }

    /** A process without a terminal, or one that has ended. */
    @Override
    protected Set<Errno> noTerminal() {
        return Set.of(Errno.ENOTTY, Errno.ENOENT, Errno.ESRCH);
    }

    @Override
    public void kill(Signal signal, boolean all) {
        TaskState now = state();
        now.require(TaskState.Operation.KILL, id());
        String number = Integer.toString(signal.number());
        try {
            if (all) {
                context.program().run(id(), "signal", "kill", "--all", id().id(), number);
            } else {
                context.program().run(id(), "signal", "kill", id().id(), number);
            }
        } catch (FeluccaException e) {
            state().require(TaskState.Operation.KILL, id());
            throw e;
        }
        if (now == TaskState.PAUSED && signal.equals(Signal.KILL)) {
            // frozen by version 1, a process dies only when it is thawed
            cgroup().thaw();
            change(TaskState.PAUSED, TaskState.RUNNING);
        }
    }

    @Override
    public void pause() {
        state().require(TaskState.Operation.PAUSE, id());
        context.program().run(id(), "pause", "pause", id().id());
        if (!change(TaskState.RUNNING, TaskState.PAUSED)) {
            context.program().run(id(), "resume", "resume", id().id());
        }
    }

    @Override
    public void resume() {
        state().require(TaskState.Operation.RESUME, id());
        context.program().run(id(), "resume", "resume", id().id());
        change(TaskState.PAUSED, TaskState.RUNNING);
    }

    @Override
    public void update(ResourceLimits limits) {
        state().require(TaskState.Operation.UPDATE, id());
        byte[] document = Json.bytes(Limits.resources(limits).toJson());
        BundleFiles.withFile(directory().resolve("resources.json"), document, file -> {
            context.program().run(id(), "update", "update", "--resources", file.toString(), id().id());
            return Boolean.TRUE;
        });
    }

    @Override
    protected ProcessRef launch(ExecRequest request) {
        ProcessRef made = BundleFiles.withFile(
                directory().resolve(RuntimePlans.fileOf(request.execId(), ".json")),
                Json.bytes(document(request).toJson()),
                file -> exec(request, file));
        if (request.io().window().rows() > 0) {
            // crun 1.8 sets the size of an exec's terminal when it likes
            resize(request.execId(), request.io().window());
        }
        return made;
    }

    private Process document(ExecRequest request) {
        Process container = Objects.requireNonNull(spec().process(), "checked at create");
        return ProcessSpecs.exec(container, request, identity(request.user()), context.lastCapability()).toBuilder()
                .consoleSize(BundleSpec.consoleSize(request.io()))
                .build();
    }

    private ProcessRef exec(ExecRequest request, Path document) {
        Plan plan = context.plans()
                .exec(
                        id(),
                        directory(),
                        request.execId(),
                        document,
                        request.io().terminal());
        MonitorConnection to = ask("run a process in", Function.identity());
        try {
            return Descriptors.withStreams(
                    request.io(), streams -> to.exec(request.execId(), plan.bytes(), streams, List.of()));
        } catch (AppletException e) {
            throw refused(e, "cannot run a process in container " + id().id(), request.args());
        }
    }

    @Override
    protected void removeTraces() {
        context.program().forceDelete(id());
        cgroup().remove();
    }
}
