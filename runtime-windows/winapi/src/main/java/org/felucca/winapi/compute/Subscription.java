package org.felucca.winapi.compute;

import org.felucca.winapi.abi.Callbacks;
import org.felucca.winapi.abi.NativeFunction;
import org.felucca.winapi.result.ComputeResult;
import org.felucca.winapi.result.HResult;
import org.felucca.winapi.result.WinapiException;

/** The one callback that a handle can have. Guarded by the handle that owns it. */
final class Subscription {

    private final NativeFunction set;
    private final String subject;
    private long context;

    Subscription(NativeFunction set, String subject) {
        this.set = set;
        this.subject = subject;
    }

    void begin(long handle, ComputeEvent.Listener listener) {
        if (context != 0) {
            throw new WinapiException(
                    new HResult(ComputeResult.HCS_E_OPERATION_SYSTEM_CALLBACK_ALREADY_SET.value()),
                    set.name(),
                    subject,
                    "");
        }
        Callbacks.EventReceiver receiver =
                (type, data) -> listener.event(new ComputeEvent(ComputeEvent.Type.of(type), data));
        long fresh = Callbacks.register(receiver);
        int result = set.call(handle, 0, fresh, Callbacks.eventEntry());
        if (result < 0) {
            Callbacks.forget(fresh);
            throw new WinapiException(new HResult(result), set.name(), subject, "");
        }
        context = fresh;
    }

    /** Forgets the listener; the callback itself ends with the handle. */
    void end() {
        Callbacks.forget(context);
        context = 0;
    }
}
