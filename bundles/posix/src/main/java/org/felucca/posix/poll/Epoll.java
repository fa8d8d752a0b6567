package org.felucca.posix.poll;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.felucca.posix.fs.Errno;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.PosixException;
import org.felucca.posix.libc.Libc;
import org.felucca.posix.libc.Scratch;
import org.felucca.posix.libc.Syscalls;

/**
 * Waits for many descriptors at once. Any thread may add, change and remove; one thread waits, and reads {@link
 * #token} and {@link #events} of what it got. A descriptor is removed before it is closed.
 */
public final class Epoll implements AutoCloseable {

    public static final int IN = 0x001;
    public static final int OUT = 0x004;
    public static final int ERR = 0x008;
    public static final int HUP = 0x010;
    public static final int RDHUP = 0x2000;
    /** Reports once, then waits for {@link #modify}. */
    public static final int ONESHOT = 1 << 30;
    /** Reports changes, not states. */
    public static final int EDGE = 1 << 31;

    /** Waits without end. */
    public static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE);

    private static final int CLOEXEC = 02000000;
    private static final int ADD = 1;
    private static final int DEL = 2;
    private static final int MOD = 3;
    private static final int EVENT_SIZE = 12;
    private static final int AT_ONCE = 64;

    private final Fd fd;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(EVENT_SIZE * AT_ONCE);
    private final long events = Scratch.address(buffer);

    private Epoll(Fd fd) {
        this.fd = fd;
    }

    public static Epoll create() {
        long fd = Libc.call(Syscalls.EPOLL_CREATE1, CLOEXEC);
        if (fd < 0) {
            throw new PosixException(Libc.errno(), "epoll_create1", "");
        }
        return new Epoll(Fd.adopt((int) fd));
    }

    /** @param token handed back by {@link #token} */
    public void add(Fd watched, int interest, long token) {
        control(ADD, watched, interest, token);
    }

    public void modify(Fd watched, int interest, long token) {
        control(MOD, watched, interest, token);
    }

    public void remove(Fd watched) {
        control(DEL, watched, 0, 0);
    }

    private void control(int operation, Fd watched, int interest, long token) {
        long event = Scratch.begin().reserve(EVENT_SIZE);
        Scratch.putInt(event, interest);
        Scratch.putLong(event + 4, token);
        if (Libc.call(Syscalls.EPOLL_CTL, fd.raw(), operation, watched.raw(), event) < 0) {
            throw new PosixException(Libc.errno(), "epoll_ctl", watched.toString());
        }
    }

    /**
     * Waits until something is ready or the time is over; an interrupted wait starts again.
     *
     * @return how many descriptors are ready, at most 64; 0 when the time is over
     */
    public int await(Duration timeout) {
        boolean forever = timeout.equals(FOREVER);
        long deadline = forever ? 0 : System.nanoTime() + timeout.toNanos();
        while (true) {
            long left = forever ? -1 : Math.max(0, (deadline - System.nanoTime() + 999_999) / 1_000_000);
            long ready = Libc.call(Syscalls.EPOLL_WAIT, fd.raw(), events, AT_ONCE, Math.min(left, Integer.MAX_VALUE));
            if (ready > 0) {
                return (int) ready;
            }
            if (ready < 0 && Libc.errno() != Errno.EINTR.value()) {
                throw new PosixException(Libc.errno(), "epoll_wait", "");
            }
            if (!forever && deadline - System.nanoTime() <= 0) {
                return 0;
            }
        }
    }

    /** The token of the {@code index}th descriptor that the last {@link #await} reported. */
    public long token(int index) {
        return Scratch.getLong(events + (long) EVENT_SIZE * index + 4);
    }

    /** What it is ready for: {@link #IN}, {@link #OUT}, {@link #ERR}, {@link #HUP}, {@link #RDHUP}. */
    public int events(int index) {
        return Scratch.getInt(events + (long) EVENT_SIZE * index);
    }

    @Override
    public void close() {
        fd.close();
    }
}
