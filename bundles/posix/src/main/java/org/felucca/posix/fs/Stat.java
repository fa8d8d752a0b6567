package org.felucca.posix.fs;

import java.time.Instant;
import org.felucca.posix.libc.Scratch;

/**
 * What the kernel knows about a file.
 *
 * @param device number of the file system, {@code st_dev}
 * @param inode number in it
 * @param mode type and permission bits, {@code st_mode}
 * @param links hard links
 * @param uid owner
 * @param gid group
 * @param rdev device number of a device node, else 0
 * @param size bytes
 * @param blocks allocated units of 512 bytes
 * @param atime last access
 * @param mtime last change of the content
 * @param ctime last change of anything
 */
public record Stat(
        long device,
        long inode,
        int mode,
        long links,
        int uid,
        int gid,
        long rdev,
        long size,
        long blocks,
        Instant atime,
        Instant mtime,
        Instant ctime) {

    static final int SIZE = 144;

    static Stat read(long address) {
        return new Stat(
                Scratch.getLong(address),
                Scratch.getLong(address + 8),
                Scratch.getInt(address + 24),
                Scratch.getLong(address + 16),
                Scratch.getInt(address + 28),
                Scratch.getInt(address + 32),
                Scratch.getLong(address + 40),
                Scratch.getLong(address + 48),
                Scratch.getLong(address + 64),
                time(address + 72),
                time(address + 88),
                time(address + 104));
    }

    private static Instant time(long address) {
        return Instant.ofEpochSecond(Scratch.getLong(address), Scratch.getLong(address + 8));
    }

    public FileType type() {
        return FileType.ofMode(mode);
    }

    /** Permission, set-id and sticky bits: {@code mode & 07777}. */
    public int permissions() {
        return mode & 07777;
    }

    public boolean isDirectory() {
        return type() == FileType.DIRECTORY;
    }

    public boolean isRegular() {
        return type() == FileType.REGULAR;
    }

    public boolean isSymlink() {
        return type() == FileType.SYMLINK;
    }

    /** Whether this is how overlayfs writes "deleted": a character device 0:0. */
    public boolean isWhiteout() {
        return type() == FileType.CHARACTER_DEVICE && rdev == 0;
    }

    public boolean isSameFile(Stat other) {
        return device == other.device && inode == other.inode;
    }

    /** The device node's major number. */
    public int major() {
        return (int) (rdev >>> 8 & 0xFFF);
    }

    /** The device node's minor number. */
    public int minor() {
        return (int) (rdev & 0xFF | rdev >>> 12 & 0xFFF00);
    }

    /** The number of device {@code major:minor}, as {@link Dir#mknod} takes it. */
    public static long device(int major, int minor) {
        if (major < 0 || major > 0xFFF || minor < 0 || minor > 0xFFFFF) {
            throw new IllegalArgumentException("no device number: " + major + ":" + minor);
        }
        return minor & 0xFF | (long) major << 8 | (minor & ~0xFFL) << 12;
    }
}
