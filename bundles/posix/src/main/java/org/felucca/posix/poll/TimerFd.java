package org.felucca.posix.poll;

import java.time.Duration;
import org.felucca.posix.fs.Errno;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.PosixException;
import org.felucca.posix.libc.Libc;
import org.felucca.posix.libc.Scratch;
import org.felucca.posix.libc.Syscalls;

/** A monotonic timer that {@link Epoll} can wait for. */
public final class TimerFd implements AutoCloseable {

    private static final int CLOCK_MONOTONIC = 1;
    private static final int CLOEXEC = 02000000;
    private static final int NONBLOCK = 04000;
    private static final int SPEC_SIZE = 32;

    private final Fd fd;

    private TimerFd(Fd fd) {
        this.fd = fd;
    }

    public static TimerFd create() {
        long fd = Libc.call(Syscalls.TIMERFD_CREATE, CLOCK_MONOTONIC, CLOEXEC | NONBLOCK);
        if (fd < 0) {
            throw new PosixException(Libc.errno(), "timerfd_create", "");
        }
        return new TimerFd(Fd.adopt((int) fd));
    }

    /** Readable once the timer has fired. */
    public Fd fd() {
        return fd;
    }

    /** Fires once after {@code delay}, at least a nanosecond; a former setting is forgotten. */
    public void fireAfter(Duration delay) {
        Duration positive = delay.isNegative() || delay.isZero() ? Duration.ofNanos(1) : delay;
        set(positive.getSeconds(), positive.getNano());
    }

    public void disarm() {
        set(0, 0);
    }

    private void set(long seconds, long nanos) {
        long spec = Scratch.begin().zeros(SPEC_SIZE);
        Scratch.putLong(spec + 16, seconds);
        Scratch.putLong(spec + 24, nanos);
        if (Libc.call(Syscalls.TIMERFD_SETTIME, fd.raw(), 0, spec, 0) < 0) {
            throw new PosixException(Libc.errno(), "timerfd_settime", "");
        }
    }

    /** Takes the firing. @return whether the timer had fired */
    public boolean drain() {
        long count = Scratch.begin().reserve(8);
        if (Libc.call(Syscalls.READ, fd.raw(), count, 8) < 0) {
            if (Libc.errno() == Errno.EAGAIN.value()) {
                return false;
            }
            throw new PosixException(Libc.errno(), "timerfd read", "");
        }
        return true;
    }

    @Override
    public void close() {
        fd.close();
    }
}
