package org.felucca.api.runtime;

import java.util.concurrent.CompletionStage;
import org.felucca.api.process.Signal;
import org.felucca.api.process.WindowSize;
import org.osgi.annotation.versioning.ConsumerType;

/** A process started by {@link Task#exec}. Thread-safe. */
@ConsumerType
public interface ExecProcess {
    /** Returns its id within the container. */
    String execId();

    /** Returns its pid in the host's pid namespace. */
    long pid();

    /** Completes when the process has ended, on an executor of the backend; never exceptionally. */
    CompletionStage<TaskExit> exited();

    /**
     * Sends a signal.
     *
     * @throws org.felucca.api.error.FeluccaException FAILED_PRECONDITION if it has ended
     */
    void kill(Signal signal);

    /** Tells its terminal a new size; does nothing without a terminal. */
    void resize(WindowSize size);
}
