package org.felucca.snapshotter.nativecopy;

import java.util.HashMap;
import java.util.Map;
import org.felucca.posix.fs.Dir;
import org.felucca.posix.fs.Errno;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.FileType;
import org.felucca.posix.fs.Io;
import org.felucca.posix.fs.Listing;
import org.felucca.posix.fs.Open;
import org.felucca.posix.fs.PosixException;
import org.felucca.posix.fs.Stat;
import org.felucca.posix.fs.Xattr;

/**
 * Copies a tree that nobody changes meanwhile, into an empty directory: content, holes, owners, permissions, times to
 * the nanosecond, extended attributes, links of both kinds, devices. Confined to one thread; used once.
 */
final class TreeCopy {

    private static final long CHUNK = 1L << 30;
    private static final int PRIVATE = 0600;

    private final Fd source;
    private final Fd target;
    /** Where a file with several names was copied to first, by inode, from the target's root. */
    private final Map<Long, String> linked = new HashMap<>();

    private boolean reflinks = true;

    TreeCopy(Fd source, Fd target) {
        this.source = source;
        this.target = target;
    }

    void run() {
        copyEntries(source, target, "");
        attributes(source, target, Io.stat(source));
    }

    private void copyEntries(Fd from, Fd to, String path) {
        for (Listing.Entry entry : Listing.of(from)) {
            String name = entry.name();
            Stat stat = Dir.stat(from, name);
            String first =
                    stat.links() > 1 && !stat.isDirectory() ? linked.putIfAbsent(stat.inode(), path + name) : null;
            if (first != null) {
                Dir.link(target, first, to, name);
                continue;
            }
            switch (stat.type()) {
                case DIRECTORY -> copyDirectory(from, to, name, stat, path);
                case REGULAR -> copyFile(from, to, name, stat);
                case SYMLINK -> {
                    Dir.symlink(Dir.readlink(from, name), to, name);
                    attributes(from, to, name, stat);
                }
                case FIFO, SOCKET, CHARACTER_DEVICE, BLOCK_DEVICE, UNKNOWN -> {
                    Dir.mknod(to, name, stat.mode(), stat.rdev());
                    attributes(from, to, name, stat);
                }
            }
        }
    }

    private void copyDirectory(Fd from, Fd to, String name, Stat stat, String path) {
        Dir.mkdir(to, name, 0700);
        try (Fd below = Dir.openDirectory(from, name);
                Fd copy = Dir.openDirectory(to, name)) {
            copyEntries(below, copy, path + name + "/");
            attributes(below, copy, stat);
        }
    }

    private void copyFile(Fd from, Fd to, String name, Stat stat) {
        try (Fd file = Dir.open(from, name, Open.RDONLY | Open.NOFOLLOW, 0);
                Fd copy = Dir.open(to, name, Open.WRONLY | Open.CREAT | Open.EXCL | Open.NOFOLLOW, PRIVATE)) {
            if (stat.size() > 0 && !(reflinks && reflink(file, copy))) {
                copyContent(file, copy, stat);
            }
            attributes(file, copy, stat);
        }
    }

    private boolean reflink(Fd file, Fd copy) {
        reflinks = Io.reflink(file, copy);
        return reflinks;
    }

    private static void copyContent(Fd file, Fd copy, Stat stat) {
        boolean sparse = stat.blocks() * 512 < stat.size();
        if (!sparse) {
            copyRange(file, copy, 0, stat.size());
            return;
        }
        Io.truncate(copy, stat.size());
        long data = Io.seekData(file, 0);
        while (data >= 0) {
            long hole = Io.seekHole(file, data);
            copyRange(file, copy, data, hole - data);
            data = Io.seekData(file, hole);
        }
    }

    private static void copyRange(Fd file, Fd copy, long from, long length) {
        long offset = from;
        long left = length;
        while (left > 0) {
            long copied = Io.copyRange(file, offset, copy, offset, Math.min(left, CHUNK));
            if (copied == 0) {
                throw new PosixException(
                        Errno.EIO.value(), "copy", copy.toString(), "the file became shorter while it was copied");
            }
            offset += copied;
            left -= copied;
        }
    }

    /** Owner before mode and attributes: a change of owner clears set-id bits and file capabilities. Times last. */
    private static void attributes(Fd from, Fd to, Stat stat) {
        Io.chown(to, stat.uid(), stat.gid());
        for (String attribute : Xattr.list(from)) {
            Xattr.get(from, attribute).ifPresent(value -> Xattr.set(to, attribute, value));
        }
        Io.chmod(to, stat.permissions());
        Io.setTimes(to, stat.atime(), stat.mtime());
    }

    private static void attributes(Fd from, Fd to, String name, Stat stat) {
        Dir.chown(to, name, stat.uid(), stat.gid());
        for (String attribute : Xattr.list(from, name)) {
            Xattr.get(from, name, attribute).ifPresent(value -> Xattr.set(to, name, attribute, value));
        }
        if (stat.type() != FileType.SYMLINK) {
            Dir.chmod(to, name, stat.permissions());
        }
        Dir.setTimes(to, name, stat.atime(), stat.mtime());
    }
}
