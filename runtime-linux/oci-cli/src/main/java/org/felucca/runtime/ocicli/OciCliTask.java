package org.felucca.runtime.ocicli;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
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
import org.felucca.api.process.ExitStatus;
import org.felucca.api.process.Handle;
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
import org.felucca.oci.json.Json;
import org.felucca.oci.runtimespec.Process;
import org.felucca.oci.runtimespec.Spec;
import org.felucca.posix.fs.Errno;
import org.felucca.posix.fs.Fd;
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
import org.felucca.runtime.plan.Plan;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One task. Its monitor knows the truth about its processes, the runtime's program acts on the container; here is what
 * was heard last. State changes are made by compare-and-set, so that an end that is reported while something else is
 * asked is never overwritten. Thread-safe.
 */
final class OciCliTask implements Task {
    private static final Logger LOG = LoggerFactory.getLogger(OciCliTask.class);
    private static final Duration DRAIN = Duration.ofSeconds(10);
    private static final String FIRST = "";
    /** A process without a terminal, or one that has ended. */
    private static final Set<Errno> NO_TERMINAL = Set.of(Errno.ENOTTY, Errno.ENOENT, Errno.ESRCH);

    private final TaskId id;
    private final Spec spec;
    private final TaskCgroup cgroup;
    private final Context context;
    private final AtomicReference<TaskState> state = new AtomicReference<>(TaskState.CREATED);
    private final CompletableFuture<TaskExit> exit = new CompletableFuture<>();
    private final CompletableFuture<Void> drained = new CompletableFuture<>();
    private final Map<String, OciCliExec> execs = new ConcurrentHashMap<>();
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
            RuntimeProgram program,
            RuntimePlans plans,
            int lastCapability,
            MessageLoop loop,
            ExecutorService executor,
            String bootId,
            Consumer<TaskId> forget) {}

    OciCliTask(TaskId id, Spec spec, TaskCgroup cgroup, Context context) {
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
                    execs.computeIfAbsent(entry.execId(), name -> new OciCliExec(this, name))
                            .started(entry.process().pid());
                }
            }
            started(live.connection(), said.process(), said.phase() != MonitorState.Phase.CREATED);
            said.end().ifPresent(this::ended);
            if (said.drained()) {
                drained.complete(null);
            }
            if (state.get() == TaskState.RUNNING && cgroup.frozen()) {
                state.compareAndSet(TaskState.RUNNING, TaskState.PAUSED);
            }
        } else if (found instanceof Adoption.Result.Ended over) {
            if (!over.watched()) {
                // unlike the backend linux's, these processes do not die with their monitor
                cgroup.remove();
            }
            process = over.process().orElse(null);
            ended(over.end());
            drained.complete(null);
        }
    }

    private void ended(ProcessEnd end) {
        state.set(TaskState.STOPPED);
        TaskExit result = new TaskExit(end.status(), end.at(), end.outOfMemory());
        context.executor().execute(() -> exit.complete(result));
    }

    /** What the monitor tells; on the loop's thread. */
    private final class Events implements MonitorListener {
        @Override
        public void exited(ProcessEnd end) {
            ended(end);
        }

        @Override
        public void drained() {
            context.executor().execute(() -> drained.complete(null));
        }

        @Override
        public void execExited(String execId, ProcessEnd end) {
            OciCliExec exec = execs.remove(execId);
            if (exec != null) {
                TaskExit result = new TaskExit(end.status(), end.at(), end.outOfMemory());
                context.executor().execute(() -> exec.ended(result));
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
                context.executor().execute(OciCliTask.this::reconnect);
            }
        }
    }

    /** The monitor is gone without being asked to, or dropped us: find out what became of it. */
    private void reconnect() {
        try {
            Adoption.Result found =
                    Adoption.adopt(new TaskDirectory(bundle()), context.bootId(), context.loop(), new Events());
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
        return new TaskExit(new ExitStatus.Unknown("its monitor was killed"), Instant.now(), false);
    }

    private Path bundle() {
        return context.files().directory(id);
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
        ask("start", to -> {
            process = to.start();
            return null;
        });
        state.compareAndSet(TaskState.CREATED, TaskState.RUNNING);
    }

    /** Asks the monitor; what it or the program refuses is said in terms of this container. */
    private <T> T ask(String what, Function<MonitorConnection, T> request) {
        MonitorConnection to = connection;
        String subject = "cannot " + what + " container " + id.id();
        if (to == null) {
            throw new FeluccaException(ErrorCode.UNAVAILABLE, subject, "its monitor is gone");
        }
        try {
            return request.apply(to);
        } catch (AppletException e) {
            if (e.errno() == Errno.ESRCH) {
                throw new FeluccaException(ErrorCode.FAILED_PRECONDITION, subject, "the process has ended", null, e);
            }
            throw failed(
                    e,
                    subject,
                    spec.process() == null ? List.of() : spec.process().args());
        }
    }

    private FeluccaException failed(AppletException e, String subject, List<String> args) {
        String said = RuntimeLog.lastError(RuntimePlans.log(bundle())).orElse(e.text());
        return RuntimeLog.failure(subject, said, args.isEmpty() ? "" : args.get(0), e);
    }

    @Override
    public void kill(Signal signal, boolean all) {
        TaskState now = state();
        now.require(TaskState.Operation.KILL, id);
        String number = Integer.toString(signal.number());
        try {
            if (all) {
                context.program().run(id, "signal", "kill", "--all", id.id(), number);
            } else {
                context.program().run(id, "signal", "kill", id.id(), number);
            }
        } catch (FeluccaException e) {
            state().require(TaskState.Operation.KILL, id);
            throw e;
        }
        if (now == TaskState.PAUSED && signal.equals(Signal.KILL)) {
            // frozen by version 1, a process dies only when it is thawed
            cgroup.thaw();
            state.compareAndSet(TaskState.PAUSED, TaskState.RUNNING);
        }
    }

    void killExec(String execId, Signal signal) {
        ask("signal a process of", to -> {
            to.kill(execId, signal.number(), false);
            return null;
        });
    }

    @Override
    public void pause() {
        state().require(TaskState.Operation.PAUSE, id);
        context.program().run(id, "pause", "pause", id.id());
        if (!state.compareAndSet(TaskState.RUNNING, TaskState.PAUSED)) {
            context.program().run(id, "resume", "resume", id.id());
        }
    }

    @Override
    public void resume() {
        state().require(TaskState.Operation.RESUME, id);
        context.program().run(id, "resume", "resume", id.id());
        state.compareAndSet(TaskState.PAUSED, TaskState.RUNNING);
    }

    @Override
    public void update(ResourceLimits limits) {
        state().require(TaskState.Operation.UPDATE, id);
        byte[] document = Json.bytes(Limits.resources(limits).toJson());
        BundleFiles.withFile(
                bundle().resolve("resources.json"),
                document,
                file -> context.program().run(id, "update", "update", "--resources", file.toString(), id.id()));
    }

    @Override
    public TaskStats stats() {
        CgroupUsage usage = cgroup.usage();
        return new TaskStats(Instant.now(), usage.cpuNanos(), usage.memoryBytes(), usage.memoryLimit(), usage.pids());
    }

    @Override
    public ExecProcess exec(ExecRequest request) {
        state().require(TaskState.Operation.EXEC, id);
        OciCliExec exec = new OciCliExec(this, request.execId());
        if (execs.putIfAbsent(request.execId(), exec) != null) {
            throw new FeluccaException(
                    ErrorCode.ALREADY_EXISTS,
                    "cannot run a process in container " + id.id(),
                    "there is one called " + request.execId());
        }
        try {
            BundleFiles.withFile(
                    bundle().resolve(RuntimePlans.fileOf(request.execId(), ".json")),
                    Json.bytes(document(request).toJson()),
                    file -> exec.started(exec(request, file).pid()));
            if (request.io().window().rows() > 0) {
                // crun 1.8 sets the size of an exec's terminal when it likes
                resize(request.execId(), request.io().window());
            }
            return exec;
        } catch (RuntimeException e) {
            execs.remove(request.execId(), exec);
            throw e;
        }
    }

    private Process document(ExecRequest request) {
        Process container = Objects.requireNonNull(spec.process(), "checked at create");
        return ProcessSpecs.exec(container, request, identity(request.user()), context.lastCapability()).toBuilder()
                .consoleSize(BundleSpec.consoleSize(request.io()))
                .build();
    }

    private UserLookup.@Nullable Identity identity(String user) {
        if (user.isEmpty()) {
            return null;
        }
        try (Fd root = ask("look into", MonitorConnection::root)) {
            return new UserLookup(root).find(user);
        }
    }

    private ProcessRef exec(ExecRequest request, Path document) {
        Plan plan = context.plans()
                .exec(id, bundle(), request.execId(), document, request.io().terminal());
        MonitorConnection to = ask("run a process in", Function.identity());
        try {
            return Descriptors.withStreams(
                    request.io(), streams -> to.exec(request.execId(), plan.bytes(), streams, List.of()));
        } catch (AppletException e) {
            throw failed(e, "cannot run a process in container " + id.id(), request.args());
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
                to -> Descriptors.borrow(socket, fd -> {
                    to.attach(FIRST, fd, stdin);
                    return null;
                }));
    }

    @Override
    public void resize(WindowSize size) {
        resize(FIRST, size);
    }

    void resize(String execId, WindowSize size) {
        try {
            ask("resize", to -> {
                to.resize(execId, size.rows(), size.columns());
                return null;
            });
        } catch (FeluccaException e) {
            if (!(e.getCause() instanceof AppletException refusal) || !NO_TERMINAL.contains(refusal.errno())) {
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
            deleteMonitor(to, now);
        }
        context.program().forceDelete(id);
        cgroup.remove();
        context.files().remove(id);
        gone.set(true);
        context.forget().accept(id);
    }

    private void deleteMonitor(MonitorConnection to, TaskState now) {
        if (now == TaskState.STOPPED) {
            awaitDrained();
        }
        leaving = true;
        try {
            to.delete(now == TaskState.CREATED);
        } catch (AppletException e) {
            leaving = false;
            throw new FeluccaException(
                    ErrorCode.FAILED_PRECONDITION, "cannot delete container " + id.id(), e.text(), null, e);
        } catch (FeluccaException e) {
            if (!e.is(ErrorCode.UNAVAILABLE)) {
                leaving = false;
                throw e;
            }
        }
        to.close();
        connection = null;
        if (now == TaskState.CREATED) {
            ended(new ProcessEnd(new ExitStatus.Signaled(9), Instant.now(), false));
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
