package org.felucca.api.runtime;

import java.util.Locale;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;

/** Where a task is in its life, and what may be asked of it there. */
public enum TaskState {
    /** Its init is parked in its namespaces. */
    CREATED,
    /** Its process runs. */
    RUNNING,
    /** Its processes are frozen. */
    PAUSED,
    /** Its process ended; the exit status is known. */
    STOPPED;

    /** What may be asked of a task. */
    public enum Operation {
        /** Let the parked init go. */
        START,
        /** Send a signal. */
        KILL,
        /** Run another process inside. */
        EXEC,
        /** Freeze. */
        PAUSE,
        /** Thaw. */
        RESUME,
        /** Change limits. */
        UPDATE,
        /** Remove what is left. */
        DELETE
    }

    /** Returns {@code true} if the operation is legal in this state. */
    public boolean allows(Operation operation) {
        return switch (operation) {
            case START -> this == CREATED;
            case KILL -> this != STOPPED;
            case EXEC -> this == RUNNING;
            case PAUSE -> this == RUNNING;
            case RESUME -> this == PAUSED;
            case UPDATE -> this != STOPPED;
            case DELETE -> this == STOPPED || this == CREATED;
        };
    }

    /**
     * Checks that the operation is legal in this state.
     *
     * @throws FeluccaException FAILED_PRECONDITION naming state, operation and id
     */
    public void require(Operation operation, TaskId id) {
        if (!allows(operation)) {
            throw new FeluccaException(
                    ErrorCode.FAILED_PRECONDITION,
                    "cannot " + operation.name().toLowerCase(Locale.ROOT) + " container " + id.id(),
                    "it is " + label());
        }
    }

    /** Returns the lower-case name, as the OCI runtime-spec's state document has it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
