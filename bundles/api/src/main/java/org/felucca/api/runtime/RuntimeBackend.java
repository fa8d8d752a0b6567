package org.felucca.api.runtime;

import java.util.List;
import java.util.Optional;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.snapshot.SnapshotMount;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Runs containers. Implementations are thread-safe, carry a {@link org.felucca.api.plugin.PluginId} and keep their tasks
 * running when they are deactivated: {@link #recover} finds them again.
 */
@ConsumerType
public interface RuntimeBackend {
    /** Returns what this backend can do; does not change while it is live. */
    RuntimeFeatures features();

    /**
     * Creates a task: its init is parked in its namespaces, or runs already where the request allows it. On failure
     * nothing is left behind.
     *
     * @throws FeluccaException ALREADY_EXISTS if the id is in use; INVALID_ARGUMENT for a spec that cannot be, with a
     *     JSON pointer; UNSUPPORTED for what this backend or this host cannot do, with a JSON pointer; NOT_FOUND if
     *     the user or (with {@code startImmediately}) the program is not in the image; PERMISSION_DENIED if the program
     *     may not be executed
     */
    Task create(TaskRequest request);

    /**
     * Told that a task may soon be created, so that what takes long can be made ahead of the request: a hint, which
     * costs nothing to ignore. What a backend makes for it belongs to this backend until {@link #create} with the same
     * id uses it or {@link #forget} ends it, and leaves no trace that would outlive the daemon.
     *
     * @param id an id of no task
     * @param rootfs what the request's {@link TaskRequest#rootfs()} would be
     * @param ephemeral what the request's {@link TaskRequest#ephemeral()} would be
     * @throws FeluccaException what {@link #create} would throw
     */
    default void anticipate(TaskId id, List<SnapshotMount> rootfs, boolean ephemeral) {}

    /** Ends what {@link #anticipate} began; does nothing if there is nothing to end. */
    default void forget(TaskId id) {}

    /**
     * Adopts a task that an earlier daemon made. A container that ended meanwhile is STOPPED with its exit status; one
     * from before a restart of the host, or whose watcher was killed, is STOPPED with an unknown one.
     *
     * @return the task, or nothing if no trace of it is left
     */
    Optional<Task> recover(TaskId id);

    /** Returns the ids of all tasks that have traces under the state directory, adopted or not. */
    List<TaskId> tasks();
}
