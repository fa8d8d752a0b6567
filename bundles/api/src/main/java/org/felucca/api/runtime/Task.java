package org.felucca.api.runtime;

import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.process.Handle;
import org.felucca.api.process.Signal;
import org.felucca.api.process.WindowSize;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * The running side of a container. Thread-safe. An operation that the state does not allow throws FAILED_PRECONDITION
 * (see {@link TaskState#require}); every method throws UNAVAILABLE if the process that watches the container cannot be
 * reached.
 */
@ConsumerType
public interface Task {
    /** Returns its identity. */
    TaskId id();

    /** Returns where it is in its life. Cheap. */
    TaskState state();

    /** Returns the pid of its init in the host's pid namespace, while there is one. */
    OptionalLong pid();

    /**
     * Lets the parked init go.
     *
     * @throws FeluccaException NOT_FOUND or PERMISSION_DENIED if the program cannot be executed (the front reports 127
     *     or 126); the task is STOPPED then
     */
    void start();

    /**
     * Sends a signal to init, or to every process of the container. Killing a paused task with SIGKILL thaws it into
     * its death.
     */
    void kill(Signal signal, boolean all);

    /**
     * Runs another process inside.
     *
     * @throws FeluccaException ALREADY_EXISTS if the exec id is in use; NOT_FOUND or PERMISSION_DENIED if the program
     *     cannot be executed, or NOT_FOUND if there is no such user
     */
    ExecProcess exec(ExecRequest request);

    /** Returns the processes started by {@link #exec} that have not ended. */
    List<ExecProcess> execs();

    /** Freezes every process. */
    default void pause() {
        throw unsupported("pause");
    }

    /** Thaws every process. */
    default void resume() {
        throw unsupported("resume");
    }

    /** Changes limits; what is absent stays. */
    default void update(ResourceLimits limits) {
        throw unsupported("update");
    }

    /** Reads what the container uses. */
    default TaskStats stats() {
        throw unsupported("stats");
    }

    /**
     * Completes at the end of its process, on a thread of the backend that serves all its tasks: what hangs on it hands
     * work over and returns. Never exceptionally.
     */
    CompletionStage<TaskExit> exited();

    /**
     * Has somebody told whenever memory runs out in the container and the kernel kills for it, or is about to: on a
     * thread of the backend that serves all its tasks, and before {@link #exited} completes if that is what it died of.
     * If it happened before this call, it is told once within it. A backend that cannot tell never calls it.
     */
    default void onOutOfMemory(Runnable listener) {}

    /**
     * Attaches another client; see {@link TaskIo}. It is cut off, by an error frame, if it falls too far behind.
     *
     * @param socket one end of a stream socket; duplicated within the call
     * @param stdin whether this client feeds standard input
     */
    void attach(Handle socket, boolean stdin);

    /** Tells the terminal a new size; does nothing without a terminal. */
    void resize(WindowSize size);

    /**
     * Removes everything the backend keeps of it: cgroups, mounts, the task directory, the watching process. A CREATED
     * task is killed first. Idempotent: deleting what is gone does nothing.
     */
    void delete();

    private FeluccaException unsupported(String operation) {
        return new FeluccaException(
                ErrorCode.UNSUPPORTED,
                "cannot " + operation + " container " + id().id(),
                "its runtime backend does not do that");
    }
}
