package org.felucca.posix.poll;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.felucca.posix.fs.Errno;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.PosixException;
import org.felucca.posix.libc.Libc;
import org.felucca.posix.libc.Scratch;
import org.felucca.posix.libc.Syscalls;

/** Changes of files and directories, as a descriptor that {@link Epoll} can wait for. */
public final class Inotify implements AutoCloseable {

    public static final int MODIFY = 0x002;
    public static final int CLOSE_WRITE = 0x008;
    public static final int MOVED_FROM = 0x040;
    public static final int MOVED_TO = 0x080;
    public static final int CREATE = 0x100;
    public static final int DELETE = 0x200;
    public static final int DELETE_SELF = 0x400;
    /** The watch is gone; its number may be used again. */
    public static final int IGNORED = 0x8000;
    /** Events were lost. */
    public static final int OVERFLOW = 0x4000;

    private static final int CLOEXEC = 02000000;
    private static final int NONBLOCK = 04000;
    private static final int BUFFER = 16 * 1024;
    private static final int HEADER = 16;

    private final Fd fd;

    private Inotify(Fd fd) {
        this.fd = fd;
    }

    /**
     * Something changed.
     *
     * @param watch what {@link #watch} answered; -1 with {@link #OVERFLOW}
     * @param mask what happened
     * @param name of the entry, in a watched directory; else empty
     */
    public record Event(int watch, int mask, String name) {

        public boolean is(int bit) {
            return (mask & bit) != 0;
        }
    }

    public static Inotify create() {
        long fd = Libc.call(Syscalls.INOTIFY_INIT1, CLOEXEC | NONBLOCK);
        if (fd < 0) {
            throw new PosixException(Libc.errno(), "inotify_init1", "");
        }
        return new Inotify(Fd.adopt((int) fd));
    }

    /** Readable while there are events. */
    public Fd fd() {
        return fd;
    }

    /** @return the watch's number; the same one again for the same file */
    public int watch(Path path, int mask) {
        long text = Scratch.begin().string(path.toString());
        long watch = Libc.call(Syscalls.INOTIFY_ADD_WATCH, fd.raw(), text, mask);
        if (watch < 0) {
            throw new PosixException(Libc.errno(), "inotify_add_watch", path.toString());
        }
        return (int) watch;
    }

    /** Ends a watch; one that the kernel ended already is passed over. */
    public void unwatch(int watch) {
        if (Libc.call(Syscalls.INOTIFY_RM_WATCH, fd.raw(), watch) < 0 && Libc.errno() != Errno.EINVAL.value()) {
            throw new PosixException(Libc.errno(), "inotify_rm_watch", "");
        }
    }

    /** Takes the events that are there; none if nothing happened. Never waits. */
    public List<Event> drain() {
        List<Event> events = new ArrayList<>();
        long buffer = Scratch.begin().reserve(BUFFER);
        long length = Libc.call(Syscalls.READ, fd.raw(), buffer, BUFFER);
        if (length < 0 && Libc.errno() != Errno.EAGAIN.value() && Libc.errno() != Errno.EINTR.value()) {
            throw new PosixException(Libc.errno(), "inotify read", "");
        }
        for (long at = buffer; at < buffer + length; at += HEADER + Scratch.getInt(at + 12)) {
            String name = Scratch.getInt(at + 12) == 0 ? "" : Scratch.getCString(at + HEADER);
            events.add(new Event(Scratch.getInt(at), Scratch.getInt(at + 4), name));
        }
        return events;
    }

    @Override
    public void close() {
        fd.close();
    }
}
