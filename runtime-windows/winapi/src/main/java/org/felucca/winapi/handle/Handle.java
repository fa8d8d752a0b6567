package org.felucca.winapi.handle;

import java.util.concurrent.atomic.AtomicLong;
import org.felucca.winapi.abi.NativeFunction;
import org.felucca.winapi.result.SystemResult;
import org.felucca.winapi.result.WinapiException;

/**
 * A handle of the kernel that is ours to close. Any thread may use it; it is closed by who opened it, once no other
 * thread uses it.
 */
public final class Handle implements AutoCloseable {

    /** What functions return for no handle, where it is not 0. */
    public static final long INVALID = -1;

    private final Kernel kernel;
    private final String what;
    private final AtomicLong value;

    /**
     * Takes over a handle.
     *
     * @param value as Windows returned it
     * @param what it is, for messages: {@code virtual disk C:\scratch.vhdx}
     */
    public Handle(Kernel kernel, long value, String what) {
        if (value == 0 || value == INVALID) {
            throw new IllegalArgumentException("no handle of " + what);
        }
        this.kernel = kernel;
        this.what = what;
        this.value = new AtomicLong(value);
    }

    /**
     * The handle's value.
     *
     * @throws IllegalStateException if it is closed
     */
    public long value() {
        long current = value.get();
        if (current == 0) {
            throw new IllegalStateException(what + " is closed");
        }
        return current;
    }

    /** What it is. */
    public String what() {
        return what;
    }

    Kernel kernel() {
        return kernel;
    }

    /**
     * Closes the handle; a second call does nothing.
     *
     * @throws WinapiException {@link SystemResult#E_HANDLE} if somebody else has closed it
     */
    @Override
    public void close() {
        long current = value.getAndSet(0);
        if (current != 0) {
            NativeFunction close = kernel.function("CloseHandle");
            if (close.call(current) == 0) {
                throw Kernel.failure(close, what);
            }
        }
    }

    @Override
    public String toString() {
        return what;
    }
}
