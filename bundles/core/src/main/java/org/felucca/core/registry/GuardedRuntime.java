package org.felucca.core.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.felucca.api.process.Handle;
import org.felucca.api.process.Signal;
import org.felucca.api.process.WindowSize;
import org.felucca.api.runtime.ExecProcess;
import org.felucca.api.runtime.ExecRequest;
import org.felucca.api.runtime.ResourceLimits;
import org.felucca.api.runtime.RuntimeBackend;
import org.felucca.api.runtime.RuntimeFeatures;
import org.felucca.api.runtime.Task;
import org.felucca.api.runtime.TaskExit;
import org.felucca.api.runtime.TaskId;
import org.felucca.api.runtime.TaskRequest;
import org.felucca.api.runtime.TaskState;
import org.felucca.api.runtime.TaskStats;
import org.felucca.api.snapshot.SnapshotMount;

/** A runtime backend whose tasks and processes are cut off when it leaves. A departure does not wait for them. */
final class GuardedRuntime implements RuntimeBackend {
    private final RuntimeBackend backend;
    private final Gate gate;
    private final Executor executor;

    GuardedRuntime(RuntimeBackend backend, Gate gate, Executor executor) {
        this.backend = backend;
        this.gate = gate;
        this.executor = executor;
    }

    @Override
    public RuntimeFeatures features() {
        return backend.features();
    }

    @Override
    public Task create(TaskRequest request) {
        return guard(backend.create(request));
    }

    @Override
    public void anticipate(TaskId id, List<SnapshotMount> rootfs, boolean ephemeral) {
        backend.anticipate(id, rootfs, ephemeral);
    }

    @Override
    public void forget(TaskId id) {
        backend.forget(id);
    }

    @Override
    public Optional<Task> recover(TaskId id) {
        return backend.recover(id).map(this::guard);
    }

    @Override
    public List<TaskId> tasks() {
        return List.copyOf(backend.tasks());
    }

    private Task guard(Task raw) {
        GuardedTask task = new GuardedTask(raw, gate, executor);
        task.lend();
        return task;
    }

    /** Completes a future of ours when the provider's does, on our executor; never if the provider leaves first. */
    private static CompletableFuture<TaskExit> follow(CompletionStage<TaskExit> raw, Executor executor) {
        CompletableFuture<TaskExit> ours = new CompletableFuture<>();
        raw.whenComplete((exit, failure) -> {
            try {
                executor.execute(() -> {
                    if (failure == null) {
                        ours.complete(exit);
                    } else {
                        ours.completeExceptionally(Foreign.translate(failure, "the end of a process"));
                    }
                });
            } catch (RejectedExecutionException e) {
                // The platform stops; the next daemon recovers the task.
                ours.cancel(false);
            }
        });
        return ours;
    }

    private static final class GuardedTask extends LentObject<Task> implements Task {
        private final TaskId id;
        private final CompletableFuture<TaskExit> exited;
        private final Executor executor;
        private final List<Runnable> outOfMemory = new ArrayList<>();
        private boolean ranOut; // guarded by outOfMemory

        GuardedTask(Task raw, Gate gate, Executor executor) {
            super(raw, gate, false);
            this.id = raw.id();
            this.executor = executor;
            this.exited = follow(raw.exited(), executor);
            raw.onOutOfMemory(this::ranOut);
        }

        @Override
        public TaskId id() {
            return id;
        }

        @Override
        public TaskState state() {
            return ask(Task::state);
        }

        @Override
        public OptionalLong pid() {
            return ask(Task::pid);
        }

        @Override
        public void start() {
            tell(Task::start);
        }

        @Override
        public void kill(Signal signal, boolean all) {
            tell(task -> task.kill(signal, all));
        }

        @Override
        public ExecProcess exec(ExecRequest request) {
            return ask(task -> guard(task.exec(request)));
        }

        @Override
        public List<ExecProcess> execs() {
            return ask(task -> {
                List<ExecProcess> result = new ArrayList<>();
                task.execs().forEach(process -> result.add(guard(process)));
                return result;
            });
        }

        private ExecProcess guard(ExecProcess raw) {
            GuardedExec process = new GuardedExec(raw, gate(), executor);
            process.lend();
            process.exited.whenComplete((exit, failure) -> process.giveBack());
            return process;
        }

        @Override
        public void pause() {
            tell(Task::pause);
        }

        @Override
        public void resume() {
            tell(Task::resume);
        }

        @Override
        public void update(ResourceLimits limits) {
            tell(task -> task.update(limits));
        }

        @Override
        public TaskStats stats() {
            return ask(Task::stats);
        }

        @Override
        public CompletionStage<TaskExit> exited() {
            return exited;
        }

        @Override
        public void onOutOfMemory(Runnable listener) {
            boolean already;
            synchronized (outOfMemory) {
                outOfMemory.add(listener);
                already = ranOut;
            }
            if (already) {
                listener.run();
            }
        }

        private void ranOut() {
            List<Runnable> listeners;
            synchronized (outOfMemory) {
                ranOut = true;
                listeners = List.copyOf(outOfMemory);
            }
            try {
                listeners.forEach(executor::execute);
            } catch (RejectedExecutionException e) {
                // The platform stops, and nobody listens any more.
                return;
            }
        }

        @Override
        public void attach(Handle socket, boolean stdin) {
            tell(task -> task.attach(socket, stdin));
        }

        @Override
        public void resize(WindowSize size) {
            tell(task -> task.resize(size));
        }

        @Override
        public void delete() {
            tell(Task::delete);
            giveBack();
        }
    }

    private static final class GuardedExec extends LentObject<ExecProcess> implements ExecProcess {
        private final String execId;
        private final long pid;
        private final CompletableFuture<TaskExit> exited;

        GuardedExec(ExecProcess raw, Gate gate, Executor executor) {
            super(raw, gate, false);
            this.execId = raw.execId();
            this.pid = raw.pid();
            this.exited = follow(raw.exited(), executor);
        }

        @Override
        public String execId() {
            return execId;
        }

        @Override
        public long pid() {
            return pid;
        }

        @Override
        public CompletionStage<TaskExit> exited() {
            return exited;
        }

        @Override
        public void kill(Signal signal) {
            tell(process -> process.kill(signal));
        }

        @Override
        public void resize(WindowSize size) {
            tell(process -> process.resize(size));
        }
    }
}
