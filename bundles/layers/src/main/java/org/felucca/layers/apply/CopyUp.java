package org.felucca.layers.apply;

import org.felucca.posix.fs.Dir;
import org.felucca.posix.fs.Errno;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.Io;
import org.felucca.posix.fs.Open;
import org.felucca.posix.fs.PosixException;
import org.felucca.posix.fs.Stat;
import org.felucca.posix.fs.Xattr;

/** Copies single files of a lower layer into the upper one, as the kernel does when it is written to. */
final class CopyUp {

    /** Overlay's own attributes belong to the layer that has them. */
    private static final String OWN_ATTRIBUTES = "trusted.overlay.";

    private static final int PRIVATE = 0600;

    private CopyUp() {}

    /** Copies anything but a directory. */
    static void file(Fd lower, String path, Fd into, String name, Stat stat) {
        switch (stat.type()) {
            case REGULAR -> {
                try (Fd from = Dir.open(lower, path, Open.RDONLY | Open.NOFOLLOW, 0);
                        Fd to = Dir.open(into, name, Open.WRONLY | Open.CREAT | Open.EXCL | Open.NOFOLLOW, PRIVATE)) {
                    content(from, to, stat.size());
                    attributes(lower, path, to, stat);
                    Io.setTimes(to, stat.atime(), stat.mtime());
                }
            }
            case SYMLINK -> {
                Dir.symlink(Dir.readlink(lower, path), into, name);
                Dir.chown(into, name, stat.uid(), stat.gid());
                copyAttributes(lower, path, into, name);
                Dir.setTimes(into, name, stat.atime(), stat.mtime());
            }
            case CHARACTER_DEVICE, BLOCK_DEVICE, FIFO, SOCKET -> {
                Dir.mknod(into, name, stat.mode(), stat.rdev());
                Dir.chown(into, name, stat.uid(), stat.gid());
                Dir.chmod(into, name, stat.permissions());
                copyAttributes(lower, path, into, name);
                Dir.setTimes(into, name, stat.atime(), stat.mtime());
            }
            case DIRECTORY, UNKNOWN -> throw new PosixException(Errno.EISDIR.value(), "copy", path);
        }
    }

    private static void content(Fd from, Fd to, long size) {
        if (size == 0 || Io.reflink(from, to)) {
            return;
        }
        Io.truncate(to, size);
        long data = Io.seekData(from, 0);
        while (data >= 0 && data < size) {
            long end = Io.seekHole(from, data);
            while (data < end) {
                long copied = Io.copyRange(from, data, to, data, end - data);
                if (copied == 0) {
                    throw new PosixException(Errno.EIO.value(), "copy", from.toString());
                }
                data += copied;
            }
            data = Io.seekData(from, end);
        }
    }

    /** Owner, attributes and mode, in the order in which none undoes another. */
    static void attributes(Fd lower, String path, Fd to, Stat stat) {
        Io.chown(to, stat.uid(), stat.gid());
        for (String attribute : Xattr.list(lower, path)) {
            if (!attribute.startsWith(OWN_ATTRIBUTES)) {
                Xattr.get(lower, path, attribute).ifPresent(value -> Xattr.set(to, attribute, value));
            }
        }
        Io.chmod(to, stat.permissions());
    }

    private static void copyAttributes(Fd lower, String path, Fd into, String name) {
        for (String attribute : Xattr.list(lower, path)) {
            if (!attribute.startsWith(OWN_ATTRIBUTES)) {
                Xattr.get(lower, path, attribute).ifPresent(value -> Xattr.set(into, name, attribute, value));
            }
        }
    }
}
