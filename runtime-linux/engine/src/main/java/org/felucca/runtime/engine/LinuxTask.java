package org.felucca.runtime.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.process.Handle;
import org.felucca.api.process.HostExec;
import org.felucca.api.process.Signal;
import org.felucca.api.process.WindowSize;
import org.felucca.api.runtime.ExecProcess;
import org.felucca.api.runtime.ExecRequest;
import org.felucca.api.runtime.ResourceLimits;
import org.felucca.api.runtime.Task;
import org.felucca.api.runtime.TaskExit;
import org.felucca.api.runtime.TaskId;
import org.felucca.api.runtime.TaskState;
import org.felucca.api.runtime.TaskStats;
import org.felucca.oci.runtimespec.Process;
import org.felucca.oci.runtimespec.Spec;
import org.felucca.posix.fs.Errno;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.PosixException;
import org.felucca.runtime.engine.cgroup.CgroupUsage;
import org.felucca.runtime.engine.cgroup.TaskCgroup;
import org.felucca.runtime.engine.task.Descriptors;
import org.felucca.runtime.engine.task.Limits;
import org.felucca.runtime.engine.task.ProcessSpecs;
import org.felucca.runtime.engine.task.TaskFiles;
import org.felucca.runtime.engine.user.UserLookup;
import org.felucca.runtime.monitor.Adoption;
import org.felucca.runtime.monitor.AppletException;
import org.felucca.runtime.monitor.MessageLoop;
import org.felucca.runtime.monitor.MonitorConnection;
import org.felucca.runtime.monitor.MonitorListener;
import org.felucca.runtime.monitor.MonitorState;
import org.felucca.runtime.monitor.ProcessEnd;
import org.felucca.runtime.monitor.ProcessRef;
import org.felucca.runtime.monitor.TaskDirectory;
import org.felucca.runtime.plan.compile.CompiledPlan;
import org.felucca.runtime.plan.compile.ContainerFacts;
import org.felucca.runtime.plan.compile.ExecCompiler;
import org.felucca.runtime.plan.compile.HostFacts;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One task. Its monitor does the work and knows the truth; here is what was heard of it last. State changes are made by
 * compare-and-set, so that an end that is reported while something else is asked is never overwritten.
 */
final class LinuxTask implements Task {
    private static final Logger LOG = LoggerFactory.getLogger(LinuxTask.class);
    private static final Duration DRAIN = Duration.ofSeconds(10);
    private static final String FIRST = "";

    private final TaskId id;
    private final Spec spec;
    private final TaskCgroup cgroup;
    private final Context context;
    private final AtomicReference<TaskState> state = new AtomicReference<>(TaskState.CREATED);
    private final CompletableFuture<TaskExit> exit = new CompletableFuture<>();
    private final CompletableFuture<Void> drained = new CompletableFuture<>();
    private final Map<String, LinuxExec> execs = new ConcurrentHashMap<>();
    private final AtomicBoolean gone = new AtomicBoolean();
    private volatile @Nullable MonitorConnection connection;
    private volatile @Nullable ProcessRef process;
    /** Set once nobody wants to hear of lost connections any more. */
    private volatile boolean leaving;

    /**
     * What all tasks share.
     *
     * @param forget told when the task is gone
     */
    record Context(
            TaskFiles files,
            HostFacts host,
            SeccompFilters filters,
            MessageLoop loop,
            ExecutorService executor,
            HostExec hostExec,
            String bootId,
            Consumer<TaskId> forget) {}

    LinuxTask(TaskId id, Spec spec, TaskCgroup cgroup, Context context) {
        this.id = id;
        this.spec = spec;
        this.cgroup = cgroup;
        this.context = context;
    }

    MonitorListener listener() {
        return new Events();
    }

    /** The monitor answered: the task is there. An end that was reported already stays. */
    void started(MonitorConnection to, ProcessRef first, boolean running) {
        connection = to;
        process = first;
        if (running) {
            state.compareAndSet(TaskState.CREATED, TaskState.RUNNING);
        }
    }

    void adopted(Adoption.Result found) {
        if (found instanceof Adoption.Result.Live live) {
            MonitorState said = live.state();
            for (MonitorState.Exec entry : said.execs()) {
                if (entry.end().isEmpty()) {
                    LinuxExec exec = execs.computeIfAbsent(entry.execId(), name -> new LinuxExec(this, name));
                    exec.started(entry.process().pid());
                }
            }
            started(live.connection(), said.process(), said.phase() != MonitorState.Phase.CREATED);
            said.end().ifPresent(this::ended);
            if (said.drained()) {
                drained.complete(null);
            }
            if (state.get() == TaskState.RUNNING && hasFreezer() && cgroup.frozen()) {
                state.compareAndSet(TaskState.RUNNING, TaskState.PAUSED);
            }
        } else if (found instanceof Adoption.Result.Ended over) {
            process = over.process().orElse(null);
            ended(over.end());
            drained.complete(null);
        }
    }

    private boolean hasFreezer() {
        return !cgroup.directories().isEmpty();
    }

    private void ended(ProcessEnd end) {
        state.set(TaskState.STOPPED);
        TaskExit result = new TaskExit(end.status(), end.at(), end.outOfMemory());
        exit.complete(result);
    }

    /** What the monitor tells; on the loop's thread. */
    private final class Events implements MonitorListener {
        @Override
        public void exited(ProcessEnd end) {
            ended(end);
        }

        @Override
        public void drained() {
            drained.complete(null);
        }

        @Override
        public void execExited(String execId, ProcessEnd end) {
            LinuxExec exec = execs.remove(execId);
            if (exec != null) {
                exec.ended(new TaskExit(end.status(), end.at(), end.outOfMemory()));
            }
        }

        @Override
        public void outOfMemory(int count) {
            LOG.info("container {}: the kernel killed {} processes for memory", id, count);
        }

        @Override
        public void warning(AppletException warning) {
            LOG.warn("container {}: {}", id, warning.text());
        }

        @Override
        public void disconnected(String reason) {
            if (!leaving) {
                context.executor().execute(LinuxTask.this::reconnect);
            }
        }
    }

    /** The monitor is gone without being asked to, or dropped us: find out what became of it. */
    private void reconnect() {
        try {
            Adoption.Result found = Adoption.adopt(
                    new TaskDirectory(context.files().directory(id)), context.bootId(), context.loop(), new Events());
            if (found instanceof Adoption.Result.Ended) {
                connection = null;
                execs.values().forEach(exec -> exec.ended(unknownEnd()));
                execs.clear();
            }
            if (found instanceof Adoption.Result.Nothing || state.get() == TaskState.STOPPED) {
                drained.complete(null);
            } else {
                adopted(found);
            }
        } catch (FeluccaException e) {
            LOG.error("container {} cannot be watched any more: {}", id, e.getMessage());
        }
    }

    private static TaskExit unknownEnd() {
        return new TaskExit(
                new org.felucca.api.process.ExitStatus.Unknown("its monitor was killed"), Instant.now(), false);
    }

    @Override
    public TaskId id() {
        return id;
    }

    @Override
    public TaskState state() {
        return Objects.requireNonNull(state.get(), "never set to null");
    }

    @Override
    public OptionalLong pid() {
        ProcessRef first = process;
        return first == null || state.get() == TaskState.STOPPED ? OptionalLong.empty() : OptionalLong.of(first.pid());
    }

    @Override
    public CompletionStage<TaskExit> exited() {
        return exit.copy();
    }

    @Override
    public void start() {
        state().require(TaskState.Operation.START, id);
        ask("start", connection -> {
            process = connection.start();
            return null;
        });
        state.compareAndSet(TaskState.CREATED, TaskState.RUNNING);
    }

    /** Asks the monitor; what it refuses is said in terms of this container. */
    private <T> T ask(String what, Function<MonitorConnection, T> request) {
        MonitorConnection to = connection;
        if (to == null) {
            throw new FeluccaException(
                    ErrorCode.UNAVAILABLE, "cannot " + what + " container " + id.id(), "its monitor is gone");
        }
        try {
            return request.apply(to);
        } catch (AppletException e) {
            if (e.errno() == Errno.ESRCH) {
                throw new FeluccaException(
                        ErrorCode.FAILED_PRECONDITION,
                        "cannot " + what + " container " + id.id(),
                        "the process has ended",
                        null,
                        e);
            }
            List<String> args =
                    spec.process() == null ? List.of() : spec.process().args();
            throw Failures.of(e, "cannot " + what + " container " + id.id(), null, args);
        }
    }

    @Override
    public void kill(Signal signal, boolean all) {
        TaskState now = state();
        now.require(TaskState.Operation.KILL, id);
        ask("signal", connection -> {
            connection.kill(FIRST, signal.number(), all);
            return null;
        });
        if (now == TaskState.PAUSED && signal.equals(Signal.KILL)) {
            // frozen by version 1, a process dies only when it is thawed
            thaw();
        }
    }

    void killExec(String execId, Signal signal) {
        ask("signal a process of", connection -> {
            connection.kill(execId, signal.number(), false);
            return null;
        });
    }

    @Override
    public void pause() {
        state().require(TaskState.Operation.PAUSE, id);
        kernel("pause", cgroup::freeze);
        if (!state.compareAndSet(TaskState.RUNNING, TaskState.PAUSED)) {
            kernel("resume", cgroup::thaw);
        }
    }

    @Override
    public void resume() {
        state().require(TaskState.Operation.RESUME, id);
        thaw();
    }

    private void thaw() {
        kernel("resume", cgroup::thaw);
        state.compareAndSet(TaskState.PAUSED, TaskState.RUNNING);
    }

    private void kernel(String what, Runnable action) {
        try {
            action.run();
        } catch (PosixException e) {
            throw new FeluccaException(
                    ErrorCode.FAILED_PRECONDITION,
                    "cannot " + what + " container " + id.id(),
                    String.valueOf(e.getMessage()),
                    null,
                    e);
        }
    }

    @Override
    public void update(ResourceLimits limits) {
        state().require(TaskState.Operation.UPDATE, id);
        kernel("update", () -> cgroup.update(Limits.resources(limits)));
    }

    @Override
    public TaskStats stats() {
        CgroupUsage usage = cgroup.usage();
        return new TaskStats(Instant.now(), usage.cpuNanos(), usage.memoryBytes(), usage.memoryLimit(), usage.pids());
    }

    @Override
    public ExecProcess exec(ExecRequest request) {
        state().require(TaskState.Operation.EXEC, id);
        LinuxExec exec = new LinuxExec(this, request.execId());
        if (execs.putIfAbsent(request.execId(), exec) != null) {
            throw new FeluccaException(
                    ErrorCode.ALREADY_EXISTS,
                    "cannot run a process in container " + id.id(),
                    "there is one called " + request.execId());
        }
        try {
            exec.started(exec(
                            request,
                            ProcessSpecs.exec(
                                    Objects.requireNonNull(spec.process(), "checked at create"),
                                    request,
                                    identity(request.user()),
                                    context.host().lastCapability()))
                    .pid());
            return exec;
        } catch (RuntimeException e) {
            execs.remove(request.execId(), exec);
            throw e;
        }
    }

    private UserLookup.@Nullable Identity identity(String user) {
        if (user.isEmpty()) {
            return null;
        }
        try (Fd root = ask("look into", MonitorConnection::root)) {
            return new UserLookup(root).find(user);
        }
    }

    private ProcessRef exec(ExecRequest request, Process document) {
        Spec container = request.privileged() ? ProcessSpecs.withoutSeccomp(spec) : spec;
        ContainerFacts facts = ContainerFacts.of(
                        id.id(), context.files().directory(id).toString())
                .slotsGiven(cgroup.directories().size())
                .cgroups(cgroup.hierarchies(0));
        facts = context.filters().filter(container).map(facts::seccomp).orElse(facts);
        facts = LinuxRuntime.withTerminal(facts, request.io(), document);
        CompiledPlan compiled = ExecCompiler.compile(container, document, context.host(), facts);
        compiled.warnings().forEach(warning -> LOG.warn("container {}: {}", id, warning));
        MonitorConnection to = ask("run a process in", Function.identity());
        List<Fd> slots = cgroup.openAll();
        try {
            return Descriptors.withStreams(
                    request.io(),
                    streams -> to.exec(request.execId(), compiled.plan().bytes(), streams, slots));
        } catch (AppletException e) {
            throw Failures.of(e, "cannot run a process in container " + id.id(), compiled.plan(), request.args());
        } finally {
            slots.forEach(Fd::close);
        }
    }

    @Override
    public List<ExecProcess> execs() {
        return execs.values().stream()
                .filter(exec -> !exec.hasEnded())
                .map(ExecProcess.class::cast)
                .toList();
    }

    @Override
    public void attach(Handle socket, boolean stdin) {
        ask(
                "attach to",
                connection -> Descriptors.borrow(socket, fd -> {
                    connection.attach(FIRST, fd, stdin);
                    return null;
                }));
    }

    @Override
    public void resize(WindowSize size) {
        resize(FIRST, size);
    }

    void resize(String execId, WindowSize size) {
        try {
            ask("resize", connection -> {
                connection.resize(execId, size.rows(), size.columns());
                return null;
            });
        } catch (FeluccaException e) {
            if (!(e.getCause() instanceof AppletException refusal) || refusal.errno() != Errno.ENOTTY) {
                throw e;
            }
        }
    }

    @Override
    public void delete() {
        if (gone.get()) {
            return;
        }
        TaskState now = state();
        now.require(TaskState.Operation.DELETE, id);
        MonitorConnection to = connection;
        if (to != null) {
            deleteWithMonitor(to, now);
        } else {
            if (now == TaskState.STOPPED) {
                PoststopHooks.run(spec, id.id(), context.files().directory(id), context.hostExec());
            }
            cgroup.remove();
        }
        context.files().remove(id);
        gone.set(true);
        context.forget().accept(id);
    }

    private void deleteWithMonitor(MonitorConnection to, TaskState now) {
        if (now == TaskState.STOPPED) {
            awaitDrained();
        }
        leaving = true;
        // The cgroup of a stopped task is empty: it goes while the monitor ends, unless a hook may still look at it.
        boolean meanwhile = now == TaskState.STOPPED && spec.hooks() == null;
        boolean removed = false;
        try {
            MonitorConnection.Pending answer = to.beginDelete(now == TaskState.CREATED);
            try {
                if (meanwhile) {
                    cgroup.remove();
                    removed = true;
                }
            } finally {
                answer.await();
            }
        } catch (AppletException e) {
            leaving = false;
            throw Failures.of(e, "cannot delete container " + id.id(), null, List.of());
        } catch (FeluccaException e) {
            if (!e.is(ErrorCode.UNAVAILABLE)) {
                leaving = false;
                throw e;
            }
        }
        to.close();
        connection = null;
        if (now == TaskState.CREATED) {
            ended(new ProcessEnd(new org.felucca.api.process.ExitStatus.Signaled(9), Instant.now(), false));
        }
        if (!removed) {
            cgroup.remove();
        }
    }

    /** Output is not cut off by a delete that comes right after the end; a client that never reads cannot hold it up. */
    private void awaitDrained() {
        try {
            drained.get(DRAIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FeluccaException(
                    ErrorCode.CANCELLED, "cannot delete container " + id.id(), "interrupted", null, e);
        } catch (java.util.concurrent.TimeoutException e) {
            LOG.warn("container {} is deleted while a client has not read all of its output", id);
        } catch (java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Kills everything, because the creation is undone. */
    void abandon(RuntimeException reason) {
        leaving = true;
        Optional.ofNullable(connection).ifPresent(to -> {
            to.takeBack(reason);
            to.close();
        });
        connection = null;
    }

    /** Stops listening; the task runs on. */
    void letGo() {
        leaving = true;
        Optional.ofNullable(connection).ifPresent(MonitorConnection::close);
    }
}
