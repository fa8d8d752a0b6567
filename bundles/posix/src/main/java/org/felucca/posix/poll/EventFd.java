package org.felucca.posix.poll;

import org.felucca.posix.fs.Errno;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.PosixException;
import org.felucca.posix.libc.Libc;
import org.felucca.posix.libc.Scratch;
import org.felucca.posix.libc.Syscalls;

/** A counter that {@link Epoll} can wait for; wakes a waiting thread from another. Any thread may signal. */
public final class EventFd implements AutoCloseable {

    private static final int CLOEXEC = 02000000;
    private static final int NONBLOCK = 04000;

    private final Fd fd;

    private EventFd(Fd fd) {
        this.fd = fd;
    }

    public static EventFd create() {
        long fd = Libc.call(Syscalls.EVENTFD2, 0, CLOEXEC | NONBLOCK);
        if (fd < 0) {
            throw new PosixException(Libc.errno(), "eventfd2", "");
        }
        return new EventFd(Fd.adopt((int) fd));
    }

    /** Readable while signals were not drained. */
    public Fd fd() {
        return fd;
    }

    /** Adds one; never waits. */
    public void signal() {
        long one = Scratch.begin().reserve(8);
        Scratch.putLong(one, 1);
        if (Libc.call(Syscalls.WRITE, fd.raw(), one, 8) < 0 && Libc.errno() != Errno.EAGAIN.value()) {
            throw new PosixException(Libc.errno(), "eventfd write", "");
        }
    }

    /** Takes all signals. @return how many there were */
    public long drain() {
        long count = Scratch.begin().reserve(8);
        if (Libc.call(Syscalls.READ, fd.raw(), count, 8) < 0) {
            if (Libc.errno() == Errno.EAGAIN.value()) {
                return 0;
            }
            throw new PosixException(Libc.errno(), "eventfd read", "");
        }
        return Scratch.getLong(count);
    }

    @Override
    public void close() {
        fd.close();
    }
}
