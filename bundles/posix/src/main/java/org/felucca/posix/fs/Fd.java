package org.felucca.posix.fs;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.felucca.api.process.Handle;
import org.felucca.posix.libc.Libc;
import org.felucca.posix.libc.Syscalls;
import org.jspecify.annotations.Nullable;

/**
 * An open file descriptor and the duty to close it. Always close-on-exec. Whoever opened it closes it; a method that
 * is given one never closes it, unless its contract says that it takes it over.
 *
 * <p>{@link #close} is idempotent and may be called from any thread, but not while another thread is inside a call on
 * the same descriptor: the number may be somebody else's by then.
 *
 * <p>Tests find forgotten descriptors by {@link #trackLeaks}.
 */
public final class Fd implements Handle {

    /** Stands for "no directory": names are absolute, or relative to the working directory. Closing it does nothing. */
    public static final Fd HOST = new Fd(-100);

    private static final int CLOSED = -1;
    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final VarHandle VALUE;
    private static volatile @Nullable Map<Fd, Throwable> tracked;

    static {
        try {
            VALUE = MethodHandles.lookup().findVarHandle(Fd.class, "value", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile int value;

    private Fd(int value) {
        this.value = value;
    }

    /**
     * Takes over a descriptor number, as received or made by a call of this bundle.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public static Fd adopt(int value) {
        if (value < 0) {
            throw new IllegalArgumentException("not a descriptor: " + value);
        }
        Fd fd = new Fd(value);
        Map<Fd, Throwable> open = tracked;
        if (open != null) {
            open.put(fd, new Throwable("opened here"));
        }
        return fd;
    }

    /** @throws IllegalStateException if it is closed */
    public int raw() {
        int raw = value;
        if (raw == CLOSED) {
            throw new IllegalStateException("the descriptor is closed");
        }
        return raw;
    }

    @Override
    public long value() {
        return raw();
    }

    @Override
    public boolean isOpen() {
        return value != CLOSED;
    }

    /** A second descriptor of the same open file, close-on-exec, to be closed by itself. */
    public Fd duplicate() {
        return adopt((int) Io.check(Libc.call(Syscalls.FCNTL, raw(), F_DUPFD_CLOEXEC, 0), "dup", this));
    }

    /** Gives the descriptor's number away: this object counts as closed, and the caller has the duty to close. */
    public int release() {
        int raw = raw();
        forget();
        return raw;
    }

    /** Where the open file is found in procfs; for calls that know paths only, and for messages. */
    public String procPath() {
        return this == HOST ? "." : "/proc/self/fd/" + raw();
    }

    /**
     * Closes the descriptor. Linux releases the number whatever {@code close} answers, so a delayed write error is
     * not reported.
     */
    @Override
    public void close() {
        if (this == HOST) {
            return;
        }
        int raw = forget();
        if (raw != CLOSED) {
            Libc.call(Syscalls.CLOSE, raw);
        }
    }

    private int forget() {
        int raw = (int) VALUE.getAndSet(this, CLOSED);
        Map<Fd, Throwable> open = tracked;
        if (open != null) {
            open.remove(this);
        }
        return raw;
    }

    @Override
    public String toString() {
        int raw = value;
        return raw == CLOSED ? "fd closed" : raw < 0 ? "host" : "fd " + raw;
    }

    /**
     * From now on every descriptor remembers where it was opened, until the returned tracker is closed. One tracker
     * at a time; for tests.
     */
    public static Leaks trackLeaks() {
        Map<Fd, Throwable> open = new ConcurrentHashMap<>();
        tracked = open;
        return new Leaks(open);
    }

    /** The descriptors opened since {@link #trackLeaks} and not closed yet. */
    public static final class Leaks implements AutoCloseable {

        private final Map<Fd, Throwable> open;

        private Leaks(Map<Fd, Throwable> open) {
            this.open = open;
        }

        /**
         * @throws AssertionError if a descriptor is still open; its suppressed exceptions tell where each was
         *     opened
         */
        public void assertNone() {
            if (!open.isEmpty()) {
                AssertionError error = new AssertionError(open.size() + " descriptors left open: " + open.keySet());
                open.values().forEach(error::addSuppressed);
                throw error;
            }
        }

        @Override
        public void close() {
            tracked = null;
        }
    }
}
