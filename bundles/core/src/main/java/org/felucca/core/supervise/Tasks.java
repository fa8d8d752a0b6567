package org.felucca.core.supervise;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.process.Signal;
import org.felucca.api.runtime.Task;
import org.felucca.api.runtime.TaskExit;
import org.felucca.api.runtime.TaskState;

/** What is done to tasks in more than one place. Stateless. */
public final class Tasks {
    /** How long a process may take to end once it was killed: the kernel frees its memory in this time. */
    private static final Duration DEATH = Duration.ofSeconds(30);

    private Tasks() {}

    /**
     * Kills a task, if it still runs, and waits for its end.
     *
     * @throws FeluccaException DEADLINE_EXCEEDED if it does not die; CANCELLED on interrupt
     */
    public static TaskExit kill(Task task, String subject) {
        try {
            task.kill(Signal.KILL, true);
        } catch (FeluccaException e) {
            if (!e.is(ErrorCode.FAILED_PRECONDITION)) {
                throw e;
            }
        }
        return await(task.exited(), DEATH, subject)
                .orElseThrow(() -> new FeluccaException(
                        ErrorCode.DEADLINE_EXCEEDED,
                        subject,
                        "its process did not end within " + DEATH.toSeconds() + " s of SIGKILL",
                        "see whether it waits for a device or a network file system"));
    }

    /** Ends and deletes a task that must not be, whatever its state. */
    public static void discard(Task task) {
        TaskState state = task.state();
        if (state == TaskState.RUNNING || state == TaskState.PAUSED) {
            kill(task, "cannot discard task " + task.id());
        }
        task.delete();
    }

    /**
     * Waits for an end.
     *
     * @return it, or nothing if it did not come in time
     * @throws FeluccaException CANCELLED on interrupt; UNAVAILABLE if whoever watches the process left
     */
    public static Optional<TaskExit> await(CompletionStage<TaskExit> end, Duration atMost, String subject) {
        try {
            return Optional.of(end.toCompletableFuture().get(atMost.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FeluccaException(ErrorCode.CANCELLED, subject, "the caller gave up", null, e);
        } catch (ExecutionException | CancellationException e) {
            throw new FeluccaException(ErrorCode.UNAVAILABLE, subject, "its runtime left", "wait until it is back", e);
        }
    }
}
