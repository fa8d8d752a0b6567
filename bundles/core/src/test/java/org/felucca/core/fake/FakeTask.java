package org.felucca.core.fake;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
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
import org.felucca.api.runtime.TaskRequest;
import org.felucca.api.runtime.TaskState;
import org.felucca.api.runtime.TaskState.Operation;
import org.felucca.api.runtime.TaskStats;
import org.jspecify.annotations.Nullable;

/** A task without a process. SIGKILL ends it; whether another signal does is up to the test. Thread-safe. */
public final class FakeTask implements Task {
    private final TaskId id;
    private final Map<TaskId, FakeTask> host;
    private final Faults faults;
    private final CompletableFuture<TaskExit> exited = new CompletableFuture<>();
    private final List<Integer> signals = new ArrayList<>();
    private final List<Runnable> outOfMemory = new ArrayList<>();
    private TaskState state;
    private boolean obedient = true;
    private @Nullable TaskRequest request;

    FakeTask(TaskId id, TaskState state, Map<TaskId, FakeTask> host, Faults faults) {
        this.id = id;
        this.state = state;
        this.host = host;
        this.faults = faults;
    }

    synchronized void request(TaskRequest made) {
        request = made;
    }

    /** Returns what it was made from. */
    public synchronized TaskRequest request() {
        if (request == null) {
            throw new AssertionError("task " + id + " was not made by a request");
        }
        return request;
    }

    /** Lets it ignore everything but SIGKILL. */
    public synchronized void stubborn() {
        obedient = false;
    }

    /** Returns the signals it got. */
    public synchronized List<Integer> signals() {
        return List.copyOf(signals);
    }

    /** Lets memory run out in it. */
    public void runOutOfMemory() {
        List<Runnable> told;
        synchronized (this) {
            told = List.copyOf(outOfMemory);
        }
        told.forEach(Runnable::run);
    }

    @Override
    public synchronized void onOutOfMemory(Runnable listener) {
        outOfMemory.add(listener);
    }

    /** Ends its process. */
    public void end(ExitStatus status) {
        synchronized (this) {
            state = TaskState.STOPPED;
        }
        exited.complete(new TaskExit(status, Instant.ofEpochSecond(1_000_000), false));
    }

    @Override
    public TaskId id() {
        return id;
    }

    @Override
    public synchronized TaskState state() {
        return state;
    }

    @Override
    public synchronized OptionalLong pid() {
        return state == TaskState.STOPPED ? OptionalLong.empty() : OptionalLong.of(4711);
    }

    @Override
    public synchronized void start() {
        faults.at("task.start");
        state.require(Operation.START, id);
        state = TaskState.RUNNING;
    }

    @Override
    public void kill(Signal signal, boolean all) {
        boolean dies;
        synchronized (this) {
            state.require(Operation.KILL, id);
            signals.add(signal.number());
            dies = signal.equals(Signal.KILL) || obedient;
        }
        if (dies) {
            end(new ExitStatus.Signaled(signal.number()));
        }
    }

    @Override
    public synchronized ExecProcess exec(ExecRequest process) {
        state.require(Operation.EXEC, id);
        CompletableFuture<TaskExit> end = new CompletableFuture<>();
        return new ExecProcess() {
            @Override
            public String execId() {
                return process.execId();
            }

            @Override
            public long pid() {
                return 4712;
            }

            @Override
            public CompletionStage<TaskExit> exited() {
                return end;
            }

            @Override
            public void kill(Signal signal) {
                end.complete(new TaskExit(new ExitStatus.Signaled(signal.number()), Instant.EPOCH, false));
            }

            @Override
            public void resize(WindowSize size) {}
        };
    }

    @Override
    public List<ExecProcess> execs() {
        return List.of();
    }

    @Override
    public synchronized void pause() {
        state.require(Operation.PAUSE, id);
        state = TaskState.PAUSED;
    }

    @Override
    public synchronized void resume() {
        state.require(Operation.RESUME, id);
        state = TaskState.RUNNING;
    }

    @Override
    public synchronized void update(ResourceLimits limits) {
        state.require(Operation.UPDATE, id);
    }

    @Override
    public TaskStats stats() {
        return new TaskStats(Instant.EPOCH, 1, 2, OptionalLong.empty(), 3);
    }

    @Override
    public CompletionStage<TaskExit> exited() {
        return exited;
    }

    @Override
    public void attach(Handle socket, boolean stdin) {}

    @Override
    public void resize(WindowSize size) {}

    @Override
    public void delete() {
        synchronized (this) {
            if (state == TaskState.CREATED) {
                state = TaskState.STOPPED;
            }
            state.require(Operation.DELETE, id);
        }
        host.remove(id, this);
    }
}
