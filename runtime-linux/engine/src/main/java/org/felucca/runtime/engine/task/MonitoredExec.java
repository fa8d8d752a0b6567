package org.felucca.runtime.engine.task;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.felucca.api.process.Signal;
import org.felucca.api.process.WindowSize;
import org.felucca.api.runtime.ExecProcess;
import org.felucca.api.runtime.TaskExit;

/** One more process of a task. Thread-safe. */
final class MonitoredExec implements ExecProcess {
    private final MonitoredTask task;
    private final String execId;
    private final CompletableFuture<TaskExit> exit = new CompletableFuture<>();
    private volatile long pid;

    MonitoredExec(MonitoredTask task, String execId) {
        this.task = task;
        this.execId = execId;
    }

    void started(long processId) {
        pid = processId;
    }

    void ended(TaskExit end) {
        exit.complete(end);
    }

    boolean hasEnded() {
        return exit.isDone();
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
        return exit.copy();
    }

    @Override
    public void kill(Signal signal) {
        task.killExec(execId, signal);
    }

    @Override
    public void resize(WindowSize size) {
        task.resize(execId, size);
    }
}
