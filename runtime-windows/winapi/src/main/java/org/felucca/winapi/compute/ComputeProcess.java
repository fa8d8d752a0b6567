package org.felucca.winapi.compute;

import java.time.Duration;
import org.felucca.winapi.abi.NativeFunction;
import org.felucca.winapi.result.ComputeResult;
import org.felucca.winapi.result.WinapiException;
import org.jspecify.annotations.Nullable;

/**
 * A handle to a process in a compute system. Thread-safe; {@link #close} waits for calls that are running on other
 * threads. Every method throws {@link IllegalStateException} once it is closed.
 */
public final class ComputeProcess implements AutoCloseable {

    private final ComputeCore core;
    private final String subject;
    private final OwnedHandle handle;

    ComputeProcess(ComputeCore core, String subject, long value) {
        this.core = core;
        this.subject = subject;
        this.handle = new OwnedHandle(core, subject, value, "HcsCloseProcess", "HcsSetProcessCallback");
    }

    /**
     * Ends it at once.
     *
     * @throws WinapiException {@link ComputeResult#HCS_E_PROCESS_ALREADY_STOPPED}
     */
    public void terminate(Duration timeout) {
        handle.perform("HcsTerminateProcess", null, timeout);
    }

    /**
     * Sends it a signal.
     *
     * @param options a {@code SignalProcessOptions} document: {@code {"Signal":"CtrlC"}}
     * @throws WinapiException {@link ComputeResult#HCS_E_PROCESS_ALREADY_STOPPED}
     */
    public void signal(String options, Duration timeout) {
        handle.perform("HcsSignalProcess", options, timeout);
    }

    /**
     * Its id, and the pipes that nobody has taken yet, which become the caller's.
     *
     * @throws WinapiException {@link ComputeResult#HCS_E_PROCESS_INFO_NOT_AVAILABLE}
     */
    public ProcessInformation information(Duration timeout) {
        NativeFunction function = core.function("HcsGetProcessInfo");
        return handle.use(value -> {
            try (Operation operation = new Operation(core, subject)) {
                operation.started(function, function.call(value, operation.handle()));
                return operation.awaitProcess(function, timeout);
            }
        });
    }

    /**
     * Its properties, a {@code ProcessStatus} document: whether it has exited, and with which code.
     *
     * @param query a document, or null
     */
    public String properties(@Nullable String query, Duration timeout) {
        return handle.perform("HcsGetProcessProperties", query, timeout);
    }

    /**
     * Changes the size of its console, or closes one of its pipes.
     *
     * @param request a {@code ProcessModifyRequest} document
     */
    public void modify(String request, Duration timeout) {
        handle.perform("HcsModifyProcess", request, timeout);
    }

    /**
     * Has events delivered to a listener until the handle is closed. An exit that came before is not delivered again:
     * who subscribes looks at the properties afterwards.
     *
     * @throws WinapiException {@link ComputeResult#HCS_E_OPERATION_SYSTEM_CALLBACK_ALREADY_SET} if there is one already
     */
    public void subscribe(ComputeEvent.Listener listener) {
        handle.subscribe(listener);
    }

    /** Closes the handle; the process goes on. A second call does nothing. */
    @Override
    public void close() {
        handle.close();
    }

    @Override
    public String toString() {
        return subject;
    }
}
