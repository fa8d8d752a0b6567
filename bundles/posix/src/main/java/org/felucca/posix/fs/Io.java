package org.felucca.posix.fs;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import org.felucca.posix.libc.Libc;
import org.felucca.posix.libc.Scratch;
import org.felucca.posix.libc.Syscalls;

/**
 * Operations on an open file. Reads and writes work on direct buffers between position and limit and move the
 * position, as channels do. A call interrupted by a signal is repeated.
 *
 * <p>Every method throws {@link PosixException} when the kernel refuses.
 */
public final class Io {

    /** What a read or write on a non-blocking descriptor answers when it would have to wait. */
    public static final int WOULD_BLOCK = -1;

    private static final long FICLONE = 0x40049409L;
    private static final int F_SETFD = 2;
    private static final int F_GETFL = 3;
    private static final int F_SETFL = 4;
    private static final int FD_CLOEXEC = 1;
    private static final int SYNC_FILE_RANGE_WRITE = 2;
    private static final int SEEK_SET = 0;
    private static final int SEEK_DATA = 3;
    private static final int SEEK_HOLE = 4;
    private static final int FALLOC_KEEP_SIZE = 1;
    private static final int STATFS_SIZE = 120;
    private static final int LOCK_EX = 2;
    private static final int LOCK_NB = 4;

    private Io() {}

    /**
     * Reads at the file's offset.
     *
     * @return bytes read, 0 at the end, {@link #WOULD_BLOCK}
     */
    public static int read(Fd fd, ByteBuffer buffer) {
        return transfer(Syscalls.READ, "read", fd, buffer, 0);
    }

    /** Writes at the file's offset, possibly less than all. @return bytes written, or {@link #WOULD_BLOCK} */
    public static int write(Fd fd, ByteBuffer buffer) {
        return transfer(Syscalls.WRITE, "write", fd, buffer, 0);
    }

    /** Reads at {@code offset}. @return bytes read, 0 at the end */
    public static int read(Fd fd, ByteBuffer buffer, long offset) {
        return transfer(Syscalls.PREAD64, "pread", fd, buffer, offset);
    }

    /** Writes at {@code offset}, possibly less than all. @return bytes written */
    public static int write(Fd fd, ByteBuffer buffer, long offset) {
        return transfer(Syscalls.PWRITE64, "pwrite", fd, buffer, offset);
    }

    /** Writes all that remains at the file's offset; for blocking descriptors. */
    public static void writeFully(Fd fd, ByteBuffer buffer) {
        while (buffer.hasRemaining()) {
            if (write(fd, buffer) == WOULD_BLOCK) {
                throw new PosixException(Errno.EAGAIN.value(), "write", fd.toString());
            }
        }
    }

    private static int transfer(int number, String operation, Fd fd, ByteBuffer buffer, long offset) {
        long address = Scratch.address(buffer) + buffer.position();
        long count;
        do {
            count = Libc.call(number, fd.raw(), address, buffer.remaining(), offset);
            if (count < 0 && Libc.errno() == Errno.EAGAIN.value()) {
                return WOULD_BLOCK;
            }
        } while (count < 0 && Libc.errno() == Errno.EINTR.value());
        check(count, operation, fd);
        buffer.position(buffer.position() + (int) count);
        return (int) count;
    }

    public static Stat stat(Fd fd) {
        long buffer = Scratch.begin().reserve(Stat.SIZE);
        check(Libc.call(Syscalls.FSTAT, fd.raw(), buffer), "fstat", fd);
        return Stat.read(buffer);
    }

    public static void chmod(Fd fd, int permissions) {
        check(Libc.call(Syscalls.FCHMOD, fd.raw(), permissions), "fchmod", fd);
    }

    /** Changes owner and group; -1 leaves one as it is. Set-id bits and file capabilities are lost: set them after. */
    public static void chown(Fd fd, int uid, int gid) {
        check(Libc.call(Syscalls.FCHOWN, fd.raw(), uid, gid), "fchown", fd);
    }

    /** Sets times; {@link Dir#UNCHANGED} leaves one as it is. */
    public static void setTimes(Fd fd, Instant atime, Instant mtime) {
        long times = Dir.times(Scratch.begin(), atime, mtime);
        check(Libc.call(Syscalls.UTIMENSAT, fd.raw(), 0, times, 0), "futimens", fd);
    }

    /** Sets the file's length; growing leaves a hole. */
    public static void truncate(Fd fd, long length) {
        check(Libc.call(Syscalls.FTRUNCATE, fd.raw(), length), "ftruncate", fd);
    }

    /** Reserves disk space without changing the length. */
    public static void reserve(Fd fd, long offset, long length) {
        check(Libc.call(Syscalls.FALLOCATE, fd.raw(), FALLOC_KEEP_SIZE, offset, length), "fallocate", fd);
    }

    /** Moves the file's offset to {@code offset}. */
    public static void seek(Fd fd, long offset) {
        check(Libc.call(Syscalls.LSEEK, fd.raw(), offset, SEEK_SET), "lseek", fd);
    }

    /** Where data starts at or after {@code offset}; -1 if only a hole follows. Moves the file's offset there. */
    public static long seekData(Fd fd, long offset) {
        return seekExtent(fd, offset, SEEK_DATA);
    }

    /**
     * Where the next hole starts at or after {@code offset}, the end of the file counting as one. Moves the file's
     * offset there.
     */
    public static long seekHole(Fd fd, long offset) {
        return seekExtent(fd, offset, SEEK_HOLE);
    }

    private static long seekExtent(Fd fd, long offset, int whence) {
        long result = Libc.call(Syscalls.LSEEK, fd.raw(), offset, whence);
        if (result < 0 && Libc.errno() == Errno.ENXIO.value()) {
            return -1;
        }
        return check(result, "lseek", fd);
    }

    /** Data and metadata on the disk. */
    public static void sync(Fd fd) {
        check(Libc.call(Syscalls.FSYNC, fd.raw()), "fsync", fd);
    }

    /** Data on the disk, and of the metadata what reading it needs. */
    public static void syncData(Fd fd) {
        check(Libc.call(Syscalls.FDATASYNC, fd.raw()), "fdatasync", fd);
    }

    /**
     * Everything of the file system that {@code fd} lies on is on the disk; errors of its write-back since the open
     * are reported.
     */
    public static void syncFileSystem(Fd fd) {
        check(Libc.call(Syscalls.SYNCFS, fd.raw()), "syncfs", fd);
    }

    /** Starts write-back of a range without waiting for it: a hint, no durability. */
    public static void startWriteBack(Fd fd, long offset, long length) {
        check(
                Libc.call(Syscalls.SYNC_FILE_RANGE, fd.raw(), offset, length, SYNC_FILE_RANGE_WRITE),
                "sync_file_range",
                fd);
    }

    /**
     * Shares all blocks of {@code from} with {@code to}.
     *
     * @return false if the file systems cannot (EOPNOTSUPP, EXDEV, EINVAL, ENOTTY), with nothing done
     */
    public static boolean reflink(Fd from, Fd to) {
        long result = Libc.call(Syscalls.IOCTL, to.raw(), FICLONE, from.raw());
        if (result < 0) {
            switch (Errno.of(Libc.errno())) {
                case EOPNOTSUPP, EXDEV, EINVAL, ENOTTY, ENOSYS -> {
                    return false;
                }
                default -> check(result, "ficlone", to);
            }
        }
        return true;
    }

    /**
     * Copies inside the kernel at the offsets given, without touching the files' own offsets.
     *
     * @return bytes copied, possibly less than {@code length}; 0 at the end of {@code from}
     */
    public static long copyRange(Fd from, long fromOffset, Fd to, long toOffset, long length) {
        Scratch scratch = Scratch.begin();
        long in = scratch.reserve(8);
        long out = scratch.reserve(8);
        long copied;
        do {
            Scratch.putLong(in, fromOffset);
            Scratch.putLong(out, toOffset);
            copied = Libc.copyFileRange(from.raw(), in, to.raw(), out, length);
        } while (copied < 0 && Libc.errno() == Errno.EINTR.value());
        return check(copied, "copy_file_range", to);
    }

    /**
     * Copies inside the kernel from {@code from} at an offset to {@code to} at its own offset.
     *
     * @return bytes copied, 0 at the end
     */
    public static long sendFile(Fd from, long fromOffset, Fd to, long length) {
        long offset = Scratch.begin().reserve(8);
        Scratch.putLong(offset, fromOffset);
        return check(Libc.call(Syscalls.SENDFILE, to.raw(), from.raw(), offset, length), "sendfile", to);
    }

    /**
     * Whether reads and writes answer {@link #WOULD_BLOCK} rather than wait; a property of the open file, not of this
     * descriptor.
     */
    public static void setNonBlocking(Fd fd, boolean nonBlocking) {
        long flags = check(Libc.call(Syscalls.FCNTL, fd.raw(), F_GETFL), "fcntl", fd);
        long wanted = nonBlocking ? flags | Open.NONBLOCK : flags & ~Open.NONBLOCK;
        if (wanted != flags) {
            check(Libc.call(Syscalls.FCNTL, fd.raw(), F_SETFL, wanted), "fcntl", fd);
        }
    }

    /** Sets close-on-exec, for a descriptor number that did not come from this bundle. */
    public static void setCloseOnExec(Fd fd) {
        check(Libc.call(Syscalls.FCNTL, fd.raw(), F_SETFD, FD_CLOEXEC), "fcntl", fd);
    }

    /**
     * Takes the file's exclusive {@code flock}, held until the last descriptor of this open file is closed.
     *
     * @return false if taken
     */
    public static boolean tryLock(Fd fd) {
        long result = Libc.call(Syscalls.FLOCK, fd.raw(), LOCK_EX | LOCK_NB);
        if (result < 0 && Libc.errno() == Errno.EAGAIN.value()) {
            return false;
        }
        check(result, "flock", fd);
        return true;
    }

    /** A pipe: its reading end, then its writing end. */
    public static Fd[] pipe() {
        long pair = Scratch.begin().reserve(8);
        if (Libc.call(Syscalls.PIPE2, pair, Open.CLOEXEC) < 0) {
            throw new PosixException(Libc.errno(), "pipe2", "");
        }
        return new Fd[] {Fd.adopt(Scratch.getInt(pair)), Fd.adopt(Scratch.getInt(pair + 4))};
    }

    /** The file system that {@code fd} lies on. */
    public static FileSystem fileSystem(Fd fd) {
        long buffer = Scratch.begin().zeros(STATFS_SIZE);
        check(Libc.call(Syscalls.FSTATFS, fd.raw(), buffer), "fstatfs", fd);
        long blockSize = Scratch.getLong(buffer + 8);
        return new FileSystem(
                Scratch.getLong(buffer),
                Scratch.getLong(buffer + 16) * blockSize,
                Scratch.getLong(buffer + 32) * blockSize,
                Scratch.getLong(buffer + 48));
    }

    /** The file system that a host path lies on. */
    public static FileSystem fileSystem(Path path) {
        try (Fd fd = Dir.open(Fd.HOST, path.toString(), Open.PATH, 0)) {
            return fileSystem(fd);
        }
    }

    /**
     * A file system.
     *
     * @param magic its type, {@code f_type}
     * @param size bytes in all
     * @param available bytes that an unprivileged process can still take
     * @param freeInodes files that can still be made
     */
    public record FileSystem(long magic, long size, long available, long freeInodes) {

        public static final long PROC = 0x9fa0L;
        public static final long TMPFS = 0x01021994L;
        public static final long OVERLAY = 0x794c7630L;
        public static final long CGROUP2 = 0x63677270L;
        public static final long CGROUP = 0x27e0ebL;
    }

    static long check(long result, String operation, Fd fd) {
        if (result < 0) {
            throw new PosixException(Libc.errno(), operation, fd.toString());
        }
        return result;
    }
}
