package org.felucca.runtime.engine.task;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
import org.felucca.api.runtime.Task;
import org.felucca.api.runtime.TaskExit;
import org.felucca.api.runtime.TaskId;
import org.felucca.api.runtime.TaskState;
import org.felucca.api.runtime.TaskStats;
import org.felucca.oci.runtimespec.Spec;
import org.felucca.posix.fs.Errno;
import org.felucca.posix.fs.Fd;
import org.felucca.runtime.engine.cgroup.CgroupUsage;
import org.felucca.runtime.engine.cgroup.TaskCgroup;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A task as its monitor tells of it: what was heard of it last, and what the monitor does for every backend. State
 * changes are made by compare-and-set, so that an end that is reported while something else is asked is never
 * overwritten. Thread-safe.
 */
public abstract class MonitoredTask implements Task {
    private static final Logger LOG = LoggerFactory.getLogger(MonitoredTask.class);
    private static final Duration DRAIN = Duration.ofSeconds(10);
    /** The id of the first process, where a process is named. */
    protected static final String FIRST = "";

    private final TaskId id;
    private final Spec spec;
    private final TaskCgroup cgroup;
    private final Context context;
    private final AtomicReference<TaskState> state = new AtomicReference<>(TaskState.CREATED);
    private final CompletableFuture<TaskExit> exit = new CompletableFuture<>();
    private final CompletableFuture<Void> drained = new CompletableFuture<>();
    private final Map<String, MonitoredExec> execs = new ConcurrentHashMap<>();
    private final List<Runnable> memoryListeners = new ArrayList<>();
    private boolean ranOutOfMemory; // guarded by memoryListeners
    private final AtomicBoolean gone = new AtomicBoolean();
    private volatile @Nullable MonitorConnection connection;
    private volatile @Nullable ProcessRef process;
    /** Set once nobody wants to hear of lost connections any more. */
    private volatile boolean leaving;

    /**
     * What all tasks of a backend share.
     *
     * @param executor finds out what became of monitors that are gone
     * @param forget told when a task is gone
     */
    public record Context(
            TaskFiles files, MessageLoop loop, ExecutorService executor, String bootId, Consumer<TaskId> forget) {}

    /** Takes a task that is about to be made, or was found. */
    protected MonitoredTask(TaskId id, Spec spec, TaskCgroup cgroup, Context context) {
        this.id = id;
        this.spec = spec;
        this.cgroup = cgroup;
        this.context = context;
    }

    /** Says what the monitor, or what it ran, refused. @param args of the program that was to run; none if unknown */
    protected abstract FeluccaException refused(AppletException refusal, String subject, List<String> args);

    /** Has a process made in the container; returns when its program is executed. */
    protected abstract ProcessRef launch(ExecRequest request);

    /** What a monitor answers to a resize if there is nothing to resize. */
    protected abstract Set<Errno> noTerminal();

    /** Says why a monitor does not go. */
    protected FeluccaException refusedDelete(AppletException refusal) {
        return refused(refusal, "cannot delete container " + id.id(), List.of());
    }

    /** Called when a task is adopted that ended while nobody listened. */
    protected void adoptedEnd(Adoption.Result.Ended over) {}

    /** Called while the monitor ends. */
    protected void whileMonitorEnds(TaskState now) {}

    /** Called for a task to be deleted whose monitor is gone already. */
    protected void deleteWithoutMonitor(TaskState now) {}

    /** Called after the monitor is gone, before the task's files go: what else is there of it has to go. */
    protected abstract void removeTraces();

    /** What it runs. */
    protected final Spec spec() {
        return spec;
    }

    /** Where its processes are counted. */
    protected final TaskCgroup cgroup() {
        return cgroup;
    }

    /** Its directory. */
    protected final Path directory() {
        return context.files().directory(id);
    }

    /** Changes the state, unless something else was heard meanwhile. */
    protected final boolean change(TaskState from, TaskState to) {
        return state.compareAndSet(from, to);
    }

    /** Hears what the monitor tells. */
    public final MonitorListener listener() {
        return new Events();
    }

    /** The monitor answered: the task is there. An end that was reported already stays. */
    public final void started(MonitorConnection to, ProcessRef first, boolean running) {
        connection = to;
        process = first;
        if (running) {
            state.compareAndSet(TaskState.CREATED, TaskState.RUNNING);
        }
    }

    /** Takes what adoption found. */
    public final void adopted(Adoption.Result found) {
        if (found instanceof Adoption.Result.Live live) {
            MonitorState said = live.state();
            for (MonitorState.Exec entry : said.execs()) {
                if (entry.end().isEmpty()) {
                    MonitoredExec exec = execs.computeIfAbsent(entry.execId(), name -> new MonitoredExec(this, name));
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
            adoptedEnd(over);
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
            MonitoredExec exec = execs.remove(execId);
            if (exec != null) {
                exec.ended(new TaskExit(end.status(), end.at(), end.outOfMemory()));
            }
        }

        @Override
        public void outOfMemory(int count) {
            LOG.info("container {}: memory ran out, {} times so far", id, count);
            List<Runnable> listeners;
            synchronized (memoryListeners) {
                ranOutOfMemory = true;
                listeners = List.copyOf(memoryListeners);
            }
            listeners.forEach(Runnable::run);
        }

        @Override
        public void warning(AppletException warning) {
            LOG.warn("container {}: {}", id, warning.text());
        }

        @Override
        public void disconnected(String reason) {
            if (!leaving) {
                context.executor().execute(MonitoredTask.this::reconnect);
            }
        }
    }

    /** The monitor is gone without being asked to, or dropped us: find out what became of it. */
    private void reconnect() {
        try {
            Adoption.Result found =
                    Adoption.adopt(new TaskDirectory(directory()), context.bootId(), context.loop(), new Events());
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

    @Override
    public final TaskId id() {
        return id;
    }

    @Override
    public final TaskState state() {
        return Objects.requireNonNull(state.get(), "never set to null");
    }

    @Override
    public final OptionalLong pid() {
        ProcessRef first = process;
        return first == null || state.get() == TaskState.STOPPED ? OptionalLong.empty() : OptionalLong.of(first.pid());
    }

    @Override
    public final CompletionStage<TaskExit> exited() {
        return exit.copy();
    }

    @Override
    public final void start() {
        state().require(TaskState.Operation.START, id);
        ask("start", connection -> {
            process = connection.start();
            return null;
        });
        state.compareAndSet(TaskState.CREATED, TaskState.RUNNING);
    }

    /** Asks the monitor; what it refuses is said in terms of this container. */
    protected final <T> T ask(String what, Function<MonitorConnection, T> request) {
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
            throw refused(
                    e,
                    subject,
                    spec.process() == null ? List.of() : spec.process().args());
        }
    }

    void killExec(String execId, Signal signal) {
        ask("signal a process of", connection -> {
            connection.kill(execId, signal.number(), false);
            return null;
        });
    }

    @Override
    public final TaskStats stats() {
        CgroupUsage usage = cgroup.usage();
        return new TaskStats(
                Instant.now(),
                usage.cpuNanos(),
                usage.memoryBytes(),
                usage.memoryLimit(),
                usage.pids(),
                usage.pressure());
    }

    @Override
    public final ExecProcess exec(ExecRequest request) {
        state().require(TaskState.Operation.EXEC, id);
        MonitoredExec exec = new MonitoredExec(this, request.execId());
        if (execs.putIfAbsent(request.execId(), exec) != null) {
            throw new FeluccaException(
                    ErrorCode.ALREADY_EXISTS,
                    "cannot run a process in container " + id.id(),
                    "there is one called " + request.execId());
        }
        try {
            exec.started(launch(request).pid());
            return exec;
        } catch (RuntimeException e) {
            execs.remove(request.execId(), exec);
            throw e;
        }
    }

    /** Who a process runs as; null for the container's own. */
    protected final UserLookup.@Nullable Identity identity(String user) {
        if (user.isEmpty()) {
            return null;
        }
        try (Fd root = ask("look into", MonitorConnection::root)) {
            return new UserLookup(root).find(user);
        }
    }

    @Override
    public final List<ExecProcess> execs() {
        return execs.values().stream()
                .filter(exec -> !exec.hasEnded())
                .map(ExecProcess.class::cast)
                .toList();
    }

    @Override
    public final void onOutOfMemory(Runnable listener) {
        boolean already;
        synchronized (memoryListeners) {
            memoryListeners.add(listener);
            already = ranOutOfMemory;
        }
        if (already) {
            listener.run();
        }
    }

    @Override
    public final void attach(Handle socket, boolean stdin) {
        ask(
                "attach to",
                connection -> Descriptors.borrow(socket, fd -> {
                    connection.attach(FIRST, fd, stdin);
                    return null;
                }));
    }

    @Override
    public final void resize(WindowSize size) {
        resize(FIRST, size);
    }

    /** Tells the terminal of a process a new size, if it has one. */
    protected final void resize(String execId, WindowSize size) {
        try {
            ask("resize", connection -> {
                connection.resize(execId, size.rows(), size.columns());
                return null;
            });
        } catch (FeluccaException e) {
            if (!(e.getCause() instanceof AppletException refusal)
                    || !noTerminal().contains(refusal.errno())) {
                throw e;
            }
        }
    }

    @Override
    public final void delete() {
        if (gone.get()) {
            return;
        }
        TaskState now = state();
        now.require(TaskState.Operation.DELETE, id);
        MonitorConnection to = connection;
        if (to != null) {
            deleteMonitor(to, now);
        } else {
            deleteWithoutMonitor(now);
        }
        removeTraces();
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
            MonitorConnection.Pending answer = to.beginDelete(now == TaskState.CREATED);
            try {
                whileMonitorEnds(now);
            } finally {
                answer.await();
            }
        } catch (AppletException e) {
            leaving = false;
            throw refusedDelete(e);
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
    public final void abandon(RuntimeException reason) {
        leaving = true;
        Optional.ofNullable(connection).ifPresent(to -> {
            to.takeBack(reason);
            to.close();
        });
        connection = null;
    }

    /** Stops listening; the task runs on. */
    public final void letGo() {
        leaving = true;
        Optional.ofNullable(connection).ifPresent(MonitorConnection::close);
    }
}
