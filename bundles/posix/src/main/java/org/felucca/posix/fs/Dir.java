package org.felucca.posix.fs;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.felucca.posix.libc.Libc;
import org.felucca.posix.libc.Scratch;
import org.felucca.posix.libc.Syscalls;

/**
 * Operations on a name in a directory: the {@code *at} calls. The final component is never followed when it is a
 * link, except by {@link #open} without {@link Open#NOFOLLOW}. With {@link Fd#HOST} the name is a path of the host.
 *
 * <p>Every method throws {@link PosixException} when the kernel refuses.
 */
public final class Dir {

    /** Leaves a time as it is, in {@link #setTimes}. */
    public static final Instant UNCHANGED = Instant.MIN;

    private static final int AT_SYMLINK_NOFOLLOW = 0x100;
    private static final int AT_REMOVEDIR = 0x200;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int AT_SYMLINK_FOLLOW = 0x400;
    private static final int RENAME_NOREPLACE = 1;
    private static final int RENAME_EXCHANGE = 2;
    private static final int OPEN_HOW_SIZE = 24;
    private static final int PATH_MAX = 4096;
    private static final long UTIME_OMIT = (1L << 30) - 2;
    private static final int DIRECTORY_HANDLE = Open.RDONLY | Open.DIRECTORY | Open.NOFOLLOW;

    private Dir() {}

    /** Opens a host directory, following links: the root that later names are relative to. */
    public static Fd open(Path directory) {
        return open(Fd.HOST, directory.toString(), Open.RDONLY | Open.DIRECTORY, 0);
    }

    /** Opens the directory {@code name}, which must not be a link. */
    public static Fd openDirectory(Fd dir, String name) {
        return open(dir, name, DIRECTORY_HANDLE, 0);
    }

    /**
     * {@code openat}; {@code mode} counts with {@link Open#CREAT} and {@link Open#TMPFILE}, less the process's umask.
     */
    public static Fd open(Fd dir, String name, int flags, int mode) {
        Scratch scratch = Scratch.begin();
        long path = scratch.string(name);
        long result;
        do {
            result = Libc.call(Syscalls.OPENAT, dir.raw(), path, flags | Open.CLOEXEC, mode);
        } while (result < 0 && Libc.errno() == Errno.EINTR.value());
        return Fd.adopt((int) check(result, "openat", dir, name));
    }

    /**
     * {@code openat2}: opens {@code path}, of any length, resolved as {@link Resolve} flags say. Repeats while the
     * kernel cannot decide because of a concurrent rename (EAGAIN).
     */
    public static Fd openIn(Fd root, String path, int flags, int mode, int resolve) {
        Scratch scratch = Scratch.begin();
        long how = scratch.zeros(OPEN_HOW_SIZE);
        Scratch.putLong(how, flags | Open.CLOEXEC);
        Scratch.putLong(how + 8, mode);
        Scratch.putLong(how + 16, resolve);
        long text = scratch.string(path);
        long result;
        int errno;
        do {
            result = Libc.call(Syscalls.OPENAT2, root.raw(), text, how, OPEN_HOW_SIZE);
            errno = result < 0 ? Libc.errno() : 0;
        } while (errno == Errno.EINTR.value() || errno == Errno.EAGAIN.value());
        if (result < 0) {
            throw new PosixException(errno, "openat2", describe(root, path));
        }
        return Fd.adopt((int) result);
    }

    /** {@code mkdirat}; the mode is less the process's umask. */
    public static void mkdir(Fd dir, String name, int mode) {
        long path = Scratch.begin().string(name);
        check(Libc.call(Syscalls.MKDIRAT, dir.raw(), path, mode), "mkdirat", dir, name);
    }

    /** Makes a directory unless there is one. @return whether it was made */
    public static boolean mkdirIfAbsent(Fd dir, String name, int mode) {
        long path = Scratch.begin().string(name);
        long result = Libc.call(Syscalls.MKDIRAT, dir.raw(), path, mode);
        if (result < 0 && Libc.errno() == Errno.EEXIST.value()) {
            return false;
        }
        check(result, "mkdirat", dir, name);
        return true;
    }

    /** Removes anything but a directory. */
    public static void unlink(Fd dir, String name) {
        long path = Scratch.begin().string(name);
        check(Libc.call(Syscalls.UNLINKAT, dir.raw(), path, 0), "unlinkat", dir, name);
    }

    /** Removes an empty directory. */
    public static void rmdir(Fd dir, String name) {
        long path = Scratch.begin().string(name);
        check(Libc.call(Syscalls.UNLINKAT, dir.raw(), path, AT_REMOVEDIR), "rmdir", dir, name);
    }

    /** Renames, replacing what is there. */
    public static void rename(Fd fromDir, String from, Fd toDir, String to) {
        rename(fromDir, from, toDir, to, 0);
    }

    /** Renames, refused with EEXIST if {@code to} is there. */
    public static void renameNoReplace(Fd fromDir, String from, Fd toDir, String to) {
        rename(fromDir, from, toDir, to, RENAME_NOREPLACE);
    }

    /** Swaps two entries. */
    public static void exchange(Fd fromDir, String from, Fd toDir, String to) {
        rename(fromDir, from, toDir, to, RENAME_EXCHANGE);
    }

    private static void rename(Fd fromDir, String from, Fd toDir, String to, int flags) {
        Scratch scratch = Scratch.begin();
        long source = scratch.string(from);
        long target = scratch.string(to);
        check(
                Libc.call(Syscalls.RENAMEAT2, fromDir.raw(), source, toDir.raw(), target, flags),
                "renameat2",
                fromDir,
                from);
    }

    /** Gives the file {@code from} a second name; a link is linked itself, not what it points to. */
    public static void link(Fd fromDir, String from, Fd toDir, String to) {
        Scratch scratch = Scratch.begin();
        long source = scratch.string(from);
        long target = scratch.string(to);
        check(Libc.call(Syscalls.LINKAT, fromDir.raw(), source, toDir.raw(), target, 0), "linkat", toDir, to);
    }

    /** Gives an open file ({@link Open#TMPFILE} or {@link Open#PATH}) a name. */
    public static void link(Fd file, Fd toDir, String to) {
        Scratch scratch = Scratch.begin();
        long source = scratch.string(file.procPath());
        long target = scratch.string(to);
        check(
                Libc.call(Syscalls.LINKAT, Fd.HOST.raw(), source, toDir.raw(), target, AT_SYMLINK_FOLLOW),
                "linkat",
                toDir,
                to);
    }

    /** Makes {@code name} a link that holds {@code target}. */
    public static void symlink(String target, Fd dir, String name) {
        Scratch scratch = Scratch.begin();
        long content = scratch.string(target);
        long path = scratch.string(name);
        check(Libc.call(Syscalls.SYMLINKAT, content, dir.raw(), path), "symlinkat", dir, name);
    }

    /** What the link {@code name} holds; with an empty name, the link open as {@code dir}. */
    public static String readlink(Fd dir, String name) {
        Scratch scratch = Scratch.begin();
        long path = scratch.string(name);
        long buffer = scratch.reserve(PATH_MAX);
        long length = Libc.call(Syscalls.READLINKAT, dir.raw(), path, buffer, PATH_MAX);
        check(length, "readlinkat", dir, name);
        return Scratch.getString(buffer, (int) length);
    }

    /**
     * Makes a device, fifo, socket or empty file.
     *
     * @param mode {@link FileType#modeBits} and permissions, less the process's umask
     * @param device {@link Stat#device}, 0 for what is no device
     */
    public static void mknod(Fd dir, String name, int mode, long device) {
        long path = Scratch.begin().string(name);
        check(Libc.call(Syscalls.MKNODAT, dir.raw(), path, mode, device), "mknodat", dir, name);
    }

    /**
     * Changes owner and group, of a link itself if it is one; -1 leaves one as it is. Set-id bits of files are lost.
     */
    public static void chown(Fd dir, String name, int uid, int gid) {
        long path = Scratch.begin().string(name);
        check(Libc.call(Syscalls.FCHOWNAT, dir.raw(), path, uid, gid, AT_SYMLINK_NOFOLLOW), "fchownat", dir, name);
    }

    /**
     * Changes permissions. The caller knows that {@code name} is no link: {@code fchmodat} follows one, and a link
     * has no permissions of its own.
     */
    public static void chmod(Fd dir, String name, int permissions) {
        long path = Scratch.begin().string(name);
        check(Libc.call(Syscalls.FCHMODAT, dir.raw(), path, permissions), "fchmodat", dir, name);
    }

    /** Sets times, of a link itself if it is one; {@link #UNCHANGED} leaves one as it is. */
    public static void setTimes(Fd dir, String name, Instant atime, Instant mtime) {
        Scratch scratch = Scratch.begin();
        long path = scratch.string(name);
        long times = times(scratch, atime, mtime);
        check(Libc.call(Syscalls.UTIMENSAT, dir.raw(), path, times, AT_SYMLINK_NOFOLLOW), "utimensat", dir, name);
    }

    static long times(Scratch scratch, Instant atime, Instant mtime) {
        long times = scratch.reserve(32);
        putTime(times, atime);
        putTime(times + 16, mtime);
        return times;
    }

    private static void putTime(long address, Instant time) {
        boolean keep = time.equals(UNCHANGED);
        Scratch.putLong(address, keep ? 0 : time.getEpochSecond());
        Scratch.putLong(address + 8, keep ? UTIME_OMIT : time.getNano());
    }

    /** What {@code name} is; a link itself if it is one. With an empty name, what is open as {@code dir}. */
    public static Stat stat(Fd dir, String name) {
        Scratch scratch = Scratch.begin();
        long path = scratch.string(name);
        long buffer = scratch.reserve(Stat.SIZE);
        int flags = AT_SYMLINK_NOFOLLOW | (name.isEmpty() ? AT_EMPTY_PATH : 0);
        check(Libc.call(Syscalls.NEWFSTATAT, dir.raw(), path, buffer, flags), "fstatat", dir, name);
        return Stat.read(buffer);
    }

    /** As {@link #stat}; empty if there is no such entry. */
    public static Optional<Stat> statIfPresent(Fd dir, String name) {
        Scratch scratch = Scratch.begin();
        long path = scratch.string(name);
        long buffer = scratch.reserve(Stat.SIZE);
        long result = Libc.call(Syscalls.NEWFSTATAT, dir.raw(), path, buffer, AT_SYMLINK_NOFOLLOW);
        if (result < 0 && Libc.errno() == Errno.ENOENT.value()) {
            return Optional.empty();
        }
        check(result, "fstatat", dir, name);
        return Optional.of(Stat.read(buffer));
    }

    /** The absolute host path that procfs shows for an open file; for messages and mount data, not for decisions. */
    public static String pathOf(Fd fd) {
        return readlink(Fd.HOST, fd.procPath());
    }

    static long check(long result, String operation, Fd dir, String name) {
        if (result < 0) {
            throw new PosixException(Libc.errno(), operation, describe(dir, name));
        }
        return result;
    }

    private static String describe(Fd dir, String name) {
        return dir == Fd.HOST || name.startsWith("/") ? name : dir + "/" + name;
    }
}
