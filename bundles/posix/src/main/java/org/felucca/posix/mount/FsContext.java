package org.felucca.posix.mount;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.felucca.posix.fs.Errno;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.Io;
import org.felucca.posix.fs.PosixException;
import org.felucca.posix.libc.Libc;
import org.felucca.posix.libc.Scratch;
import org.felucca.posix.libc.Syscalls;

/**
 * A file system being configured: {@code fsopen(2)}, {@code fsconfig(2)}, {@code fsmount(2)}. Failures carry what the
 * kernel wrote into the context's log. Confined to one thread.
 */
public final class FsContext implements AutoCloseable {

    /** The longest string value that fsconfig takes, in bytes. */
    public static final int LONGEST_VALUE = 255;

    private static final int FSOPEN_CLOEXEC = 1;
    private static final int FSMOUNT_CLOEXEC = 1;
    private static final int SET_FLAG = 0;
    private static final int SET_STRING = 1;
    private static final int SET_FD = 5;
    private static final int CMD_CREATE = 6;
    private static final int LOG_LINE = 1024;

    private final String type;
    private final Fd context;

    private FsContext(String type, Fd context) {
        this.type = type;
        this.context = context;
    }

    /** @param type as in {@code /proc/filesystems} */
    public static FsContext open(String type) {
        long name = Scratch.begin().string(type);
        long fd = Libc.call(Syscalls.FSOPEN, name, FSOPEN_CLOEXEC);
        if (fd < 0) {
            throw new PosixException(Libc.errno(), "fsopen", type);
        }
        return new FsContext(type, Fd.adopt((int) fd));
    }

    public FsContext flag(String key) {
        long name = Scratch.begin().string(key);
        return check(Libc.call(Syscalls.FSCONFIG, context.raw(), SET_FLAG, name, 0, 0), key);
    }

    /** @throws PosixException EINVAL if the value is longer than {@link #LONGEST_VALUE} bytes, or the key is unknown */
    public FsContext string(String key, String value) {
        Scratch scratch = Scratch.begin();
        long name = scratch.string(key);
        long text = scratch.string(value);
        return check(Libc.call(Syscalls.FSCONFIG, context.raw(), SET_STRING, name, text, 0), key + "=" + value);
    }

    /** Gives a descriptor as value; it stays the caller's. */
    public FsContext descriptor(String key, Fd value) {
        long name = Scratch.begin().string(key);
        return check(Libc.call(Syscalls.FSCONFIG, context.raw(), SET_FD, name, 0, value.raw()), key);
    }

    /** Makes the file system from what was configured, or finds the one that is there. */
    public FsContext create() {
        return check(Libc.call(Syscalls.FSCONFIG, context.raw(), CMD_CREATE, 0, 0, 0), "create");
    }

    /** A detached mount of it. @param attributes {@link MountAttributes} */
    public Fd mount(long attributes) {
        long fd = Libc.call(Syscalls.FSMOUNT, context.raw(), FSMOUNT_CLOEXEC, attributes);
        check(fd, "mount");
        return Fd.adopt((int) fd);
    }

    private FsContext check(long result, String what) {
        if (result < 0) {
            throw new PosixException(Libc.errno(), "fsconfig", type + " " + what, log());
        }
        return this;
    }

    /** The kernel's lines since the last failure, without their severity letter; empty if it wrote none. */
    private String log() {
        StringBuilder log = new StringBuilder();
        ByteBuffer line = ByteBuffer.allocateDirect(LOG_LINE);
        while (true) {
            try {
                if (Io.read(context, line.clear()) <= 0) {
                    return log.toString();
                }
            } catch (PosixException e) {
                if (e.is(Errno.ENODATA)) {
                    return log.toString();
                }
                throw e;
            }
            String text = StandardCharsets.UTF_8.decode(line.flip()).toString().strip();
            log.append(log.length() == 0 ? "" : "; ")
                    .append(text.length() > 2 && text.charAt(1) == ' ' ? text.substring(2) : text);
        }
    }

    @Override
    public void close() {
        context.close();
    }
}
