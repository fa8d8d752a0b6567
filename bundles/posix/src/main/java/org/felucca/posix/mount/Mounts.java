package org.felucca.posix.mount;

import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.PosixException;
import org.felucca.posix.libc.Libc;
import org.felucca.posix.libc.Scratch;
import org.felucca.posix.libc.Syscalls;

/** Operations on mounted trees, of the calling thread's mount namespace. Every method throws {@link PosixException}. */
public final class Mounts {

    /** Propagation, for {@link #setAttributes}. */
    public static final long SHARED = 1 << 20;

    public static final long PRIVATE = 1 << 18;
    public static final long SLAVE = 1 << 19;
    public static final long UNBINDABLE = 1 << 17;

    /** Flags of {@link #mount}: {@code MS_*}. */
    public static final long MS_RDONLY = 1;

    public static final long MS_NOSUID = 2;
    public static final long MS_NODEV = 4;
    public static final long MS_NOEXEC = 8;
    public static final long MS_REMOUNT = 32;
    public static final long MS_BIND = 4096;
    public static final long MS_REC = 16384;

    /** Detaches at once, released when nobody uses it any more; for {@link #unmount}. */
    public static final int MNT_DETACH = 2;
    /** Refuses if the name is a link; for {@link #unmount}. */
    public static final int UMOUNT_NOFOLLOW = 8;

    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int AT_RECURSIVE = 0x8000;
    private static final int AT_SYMLINK_NOFOLLOW = 0x100;
    private static final int OPEN_TREE_CLONE = 1;
    private static final int OPEN_TREE_CLOEXEC = 02000000;
    private static final int MOVE_MOUNT_F_EMPTY_PATH = 0x4;
    private static final int MOVE_MOUNT_T_EMPTY_PATH = 0x40;
    private static final int MOUNT_ATTR_SIZE = 32;

    private Mounts() {}

    /**
     * A detached copy of the mount at {@code path}, as a bind mount would make, following no final link.
     *
     * @param recursive with the mounts below it
     */
    public static Fd cloneTree(Fd dir, String path, boolean recursive) {
        return openTree(dir, path, OPEN_TREE_CLONE | (recursive ? AT_RECURSIVE : 0));
    }

    private static Fd openTree(Fd dir, String path, int flags) {
        long text = Scratch.begin().string(path);
        int all = flags | OPEN_TREE_CLOEXEC | AT_SYMLINK_NOFOLLOW | (path.isEmpty() ? AT_EMPTY_PATH : 0);
        long fd = Libc.call(Syscalls.OPEN_TREE, dir.raw(), text, all);
        return Fd.adopt((int) check(fd, "open_tree", dir, path));
    }

    /**
     * Moves a detached tree onto {@code path}; with an empty path, onto what {@code dir} is open on. The descriptor
     * stays open.
     */
    public static void attach(Fd tree, Fd dir, String path) {
        Scratch scratch = Scratch.begin();
        long empty = scratch.string("");
        long text = scratch.string(path);
        int flags = MOVE_MOUNT_F_EMPTY_PATH | (path.isEmpty() ? MOVE_MOUNT_T_EMPTY_PATH : 0);
        check(Libc.call(Syscalls.MOVE_MOUNT, tree.raw(), empty, dir.raw(), text, flags), "move_mount", dir, path);
    }

    /**
     * Changes attributes of a mount ({@code mount_setattr}).
     *
     * @param tree the mount, attached or not
     * @param set attributes to set
     * @param clear attributes to clear first
     * @param propagation one of {@link #SHARED} and the like, or 0 for none
     * @param recursive also of the mounts below it, all or none
     */
    public static void setAttributes(Fd tree, long set, long clear, long propagation, boolean recursive) {
        setAttributes(tree, set, clear, propagation, -1, recursive);
    }

    /** Makes a detached tree show owners as the user namespace {@code users} maps them. */
    public static void mapOwners(Fd tree, Fd users, boolean recursive) {
        setAttributes(tree, MountAttributes.IDMAP, 0, 0, users.raw(), recursive);
    }

    private static void setAttributes(Fd tree, long set, long clear, long propagation, int users, boolean recursive) {
        Scratch scratch = Scratch.begin();
        long attributes = scratch.zeros(MOUNT_ATTR_SIZE);
        Scratch.putLong(attributes, set);
        Scratch.putLong(attributes + 8, clear);
        Scratch.putLong(attributes + 16, propagation);
        Scratch.putLong(attributes + 24, users < 0 ? 0 : users);
        long empty = scratch.string("");
        int flags = AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0);
        check(
                Libc.call(Syscalls.MOUNT_SETATTR, tree.raw(), empty, flags, attributes, MOUNT_ATTR_SIZE),
                "mount_setattr",
                tree,
                "");
    }

    /** The old {@code mount(2)}: one page of data, a path for a target. */
    public static void mount(String source, String target, String type, long flags, String data) {
        Scratch scratch = Scratch.begin();
        long sourceText = scratch.string(source);
        long targetText = scratch.string(target);
        long typeText = scratch.string(type);
        long dataText = data.isEmpty() ? 0 : scratch.string(data);
        long result = Libc.call(Syscalls.MOUNT, sourceText, targetText, typeText, flags, dataText);
        check(result, "mount " + type, Fd.HOST, target);
    }

    /** @param flags {@link #MNT_DETACH}, {@link #UMOUNT_NOFOLLOW} or 0 */
    public static void unmount(String target, int flags) {
        long text = Scratch.begin().string(target);
        check(Libc.call(Syscalls.UMOUNT2, text, flags), "umount", Fd.HOST, target);
    }

    private static long check(long result, String operation, Fd dir, String path) {
        if (result < 0) {
            String where =
                    dir == Fd.HOST || path.startsWith("/") ? path : path.isEmpty() ? dir.toString() : dir + "/" + path;
            throw new PosixException(Libc.errno(), operation, where);
        }
        return result;
    }
}
