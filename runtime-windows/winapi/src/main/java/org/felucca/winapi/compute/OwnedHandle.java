package org.felucca.winapi.compute;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.felucca.winapi.abi.Arena;
import org.felucca.winapi.abi.NativeFunction;
import org.jspecify.annotations.Nullable;

/**
 * A handle of the compute service and the calls that are made on it. Calls share it, closing waits for them: a handle
 * that is closed under a running call may already be somebody else's.
 */
final class OwnedHandle {

    private final ComputeCore core;
    private final String subject;
    private final NativeFunction closeFunction;
    private final Subscription subscription;
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    /** Guarded by {@link #lock}; 0 when closed. */
    private long value;

    OwnedHandle(ComputeCore core, String subject, long value, String closeFunction, String callbackFunction) {
        this.core = core;
        this.subject = subject;
        this.value = value;
        this.closeFunction = core.function(closeFunction);
        this.subscription = new Subscription(core.function(callbackFunction), subject);
    }

    /** What is done with the handle while nobody closes it. */
    @FunctionalInterface
    interface Use<T> {
        T with(long handle);
    }

    <T> T use(Use<T> use) {
        lock.readLock().lock();
        try {
            if (value == 0) {
                throw new IllegalStateException("the handle of " + subject + " is closed");
            }
            return use.with(value);
        } finally {
            lock.readLock().unlock();
        }
    }

    /** {@code HRESULT function(handle, operation, document)}, the shape of most of them. */
    String perform(String name, @Nullable String document, Duration timeout) {
        NativeFunction function = core.function(name);
        return use(handle -> {
            try (Arena arena = new Arena();
                    Operation operation = new Operation(core, subject)) {
                operation.started(function, function.call(handle, operation.handle(), arena.wide(document)));
                return operation.await(function, timeout);
            }
        });
    }

    void subscribe(ComputeEvent.Listener listener) {
        lock.writeLock().lock();
        try {
            if (value == 0) {
                throw new IllegalStateException("the handle of " + subject + " is closed");
            }
            subscription.begin(value, listener);
        } finally {
            lock.writeLock().unlock();
        }
    }

    void close() {
        long last;
        lock.writeLock().lock();
        try {
            last = value;
            value = 0;
            subscription.end();
        } finally {
            lock.writeLock().unlock();
        }
        // Outside of the lock: Windows waits here for a callback that is running.
        if (last != 0) {
            closeFunction.callLong(last);
        }
    }
}
