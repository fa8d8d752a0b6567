package org.felucca.winapi.compute;

import java.time.Duration;
import org.felucca.winapi.abi.Arena;
import org.felucca.winapi.abi.NativeFunction;
import org.felucca.winapi.handle.SecurityDescriptor;
import org.felucca.winapi.result.ComputeResult;
import org.felucca.winapi.result.HResult;
import org.felucca.winapi.result.SystemResult;
import org.felucca.winapi.result.WinapiException;
import org.jspecify.annotations.Nullable;

/**
 * A handle to a compute system. Thread-safe; {@link #close} waits for calls that are running on other threads.
 * Every method throws {@link IllegalStateException} once it is closed.
 */
public final class ComputeSystem implements AutoCloseable {

    private static final int GENERIC_ALL = 0x1000_0000;

    private final ComputeCore core;
    private final String id;
    private final OwnedHandle handle;

    ComputeSystem(ComputeCore core, String id, long value) {
        this.core = core;
        this.id = id;
        this.handle = new OwnedHandle(core, id, value, "HcsCloseComputeSystem", "HcsSetComputeSystemCallback");
    }

    /** Its identifier. */
    public String id() {
        return id;
    }

    /**
     * Starts it.
     *
     * @param options a document, or null
     * @throws WinapiException {@link ComputeResult#HCS_E_INVALID_STATE} if it was started before
     */
    public void start(@Nullable String options, Duration timeout) {
        handle.perform("HcsStartComputeSystem", options, timeout);
    }

    /**
     * Asks it to shut down. It has done so when {@link ComputeEvent.Type#SYSTEM_EXITED} arrives, which a process that
     * does not end can keep from happening.
     *
     * @param options a {@code ShutdownOptions} document, or null
     * @throws WinapiException {@link ComputeResult#HCS_E_SYSTEM_ALREADY_STOPPED}
     */
    public void shutdown(@Nullable String options, Duration timeout) {
        handle.perform("HcsShutDownComputeSystem", options, timeout);
    }

    /**
     * Ends it with all of its processes.
     *
     * @param options a document, or null
     * @throws WinapiException {@link ComputeResult#HCS_E_SYSTEM_ALREADY_STOPPED}
     */
    public void terminate(@Nullable String options, Duration timeout) {
        handle.perform("HcsTerminateComputeSystem", options, timeout);
    }

    /**
     * Suspends it.
     *
     * @param options a {@code PauseOptions} document, or null
     */
    public void pause(@Nullable String options, Duration timeout) {
        handle.perform("HcsPauseComputeSystem", options, timeout);
    }

    /**
     * Lets it go on.
     *
     * @param options a document, or null
     */
    public void resume(@Nullable String options, Duration timeout) {
        handle.perform("HcsResumeComputeSystem", options, timeout);
    }

    /**
     * Changes a resource of it.
     *
     * @param request a {@code ModifySettingRequest} document
     */
    public void modify(String request, Duration timeout) {
        NativeFunction function = core.function("HcsModifyComputeSystem");
        handle.use(value -> {
            try (Arena arena = new Arena();
                    Operation operation = new Operation(core, id)) {
                operation.started(function, function.call(value, operation.handle(), arena.wide(request), 0));
                return operation.await(function, timeout);
            }
        });
    }

    /**
     * Its properties, as a JSON document.
     *
     * @param query a {@code System_PropertyQuery} document, or null for the basic ones
     */
    public String properties(@Nullable String query, Duration timeout) {
        return handle.perform("HcsGetComputeSystemProperties", query, timeout);
    }

    /**
     * Creates a process in it. When it fails, neither a handle nor a pipe is left behind.
     *
     * @param parameters a {@code ProcessParameters} document
     * @param security who else may open it, or null for the default
     * @throws WinapiException {@link ComputeResult#HCS_E_INVALID_STATE} if the system does not run, and what Windows
     *     says of the program, such as {@link SystemResult#ERROR_FILE_NOT_FOUND}
     */
    public Started createProcess(String parameters, @Nullable SecurityDescriptor security, Duration timeout) {
        NativeFunction function = core.function("HcsCreateProcess");
        return handle.use(value -> {
            try (Arena arena = new Arena();
                    Operation operation = new Operation(core, id)) {
                long slot = arena.slot();
                int result = function.call(
                        value,
                        arena.wide(parameters),
                        operation.handle(),
                        security == null ? 0 : security.address(),
                        slot);
                operation.started(function, result);
                ComputeProcess process = new ComputeProcess(core, "process in " + id, Arena.getLong(slot));
                try {
                    return new Started(process, operation.awaitProcess(function, timeout));
                } catch (RuntimeException e) {
                    process.close();
                    throw e;
                }
            }
        });
    }

    /**
     * Opens a process of it that runs.
     *
     * @param processId unsigned
     * @throws WinapiException {@link SystemResult#ERROR_NOT_FOUND}
     */
    public ComputeProcess openProcess(long processId) {
        NativeFunction function = core.function("HcsOpenProcess");
        String subject = "process " + processId + " in " + id;
        return handle.use(value -> {
            try (Arena arena = new Arena()) {
                long slot = arena.slot();
                int result = function.call(value, processId, GENERIC_ALL, slot);
                if (result < 0) {
                    throw new WinapiException(new HResult(result), function.name(), subject, "");
                }
                return new ComputeProcess(core, subject, Arena.getLong(slot));
            }
        });
    }

    /**
     * Has events delivered to a listener until the handle is closed. An event that came before is not delivered again:
     * who subscribes looks at the properties afterwards.
     *
     * @throws WinapiException {@link ComputeResult#HCS_E_OPERATION_SYSTEM_CALLBACK_ALREADY_SET} if there is one already
     */
    public void subscribe(ComputeEvent.Listener listener) {
        handle.subscribe(listener);
    }

    /** Closes the handle; a second call does nothing. */
    @Override
    public void close() {
        handle.close();
    }

    @Override
    public String toString() {
        return "compute system " + id;
    }

    /**
     * A process that was created.
     *
     * @param process its handle, to be closed
     * @param information its id and its pipes, to be closed
     */
    public record Started(ComputeProcess process, ProcessInformation information) implements AutoCloseable {
        /** Closes the pipes and the handle; the process goes on. */
        @Override
        public void close() {
            information.close();
            process.close();
        }
    }
}
