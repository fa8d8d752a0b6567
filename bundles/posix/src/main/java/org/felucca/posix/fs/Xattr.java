package org.felucca.posix.fs;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.felucca.posix.libc.Libc;
import org.felucca.posix.libc.Scratch;
import org.felucca.posix.libc.Syscalls;

/**
 * Extended attributes of an open file, or of a name in a directory, a link's own if it is one. The name is reached
 * through the directory's entry in procfs, since the kernel has no {@code *at} form before 6.13; it must be a single
 * component.
 */
public final class Xattr {

    private static final int VALUE_MAX = 64 * 1024;
    private static final int LIST_MAX = 64 * 1024;

    private Xattr() {}

    public static void set(Fd file, String attribute, byte[] value) {
        Scratch scratch = Scratch.begin();
        long name = scratch.string(attribute);
        long data = scratch.bytes(value);
        long result = Libc.call(Syscalls.FSETXATTR, file.raw(), name, data, value.length, 0);
        check(result, "fsetxattr", file.toString(), attribute);
    }

    public static void set(Fd dir, String entry, String attribute, byte[] value) {
        Scratch scratch = Scratch.begin();
        String path = path(dir, entry);
        long file = scratch.string(path);
        long name = scratch.string(attribute);
        long data = scratch.bytes(value);
        check(Libc.call(Syscalls.LSETXATTR, file, name, data, value.length, 0), "lsetxattr", path, attribute);
    }

    /** The attribute's value; empty if the file has none of that name, or its file system knows no attributes. */
    public static Optional<byte[]> get(Fd file, String attribute) {
        Scratch scratch = Scratch.begin();
        long name = scratch.string(attribute);
        long buffer = scratch.reserve(VALUE_MAX);
        long length = Libc.call(Syscalls.FGETXATTR, file.raw(), name, buffer, VALUE_MAX);
        return value(length, buffer, "fgetxattr", file.toString(), attribute);
    }

    public static Optional<byte[]> get(Fd dir, String entry, String attribute) {
        Scratch scratch = Scratch.begin();
        String path = path(dir, entry);
        long file = scratch.string(path);
        long name = scratch.string(attribute);
        long buffer = scratch.reserve(VALUE_MAX);
        long length = Libc.call(Syscalls.LGETXATTR, file, name, buffer, VALUE_MAX);
        return value(length, buffer, "lgetxattr", path, attribute);
    }

    /** Names of all attributes; none on a file system that knows none. */
    public static List<String> list(Fd file) {
        long buffer = Scratch.begin().reserve(LIST_MAX);
        return names(
                Libc.call(Syscalls.FLISTXATTR, file.raw(), buffer, LIST_MAX), buffer, "flistxattr", file.toString());
    }

    public static List<String> list(Fd dir, String entry) {
        Scratch scratch = Scratch.begin();
        String path = path(dir, entry);
        long file = scratch.string(path);
        long buffer = scratch.reserve(LIST_MAX);
        return names(Libc.call(Syscalls.LLISTXATTR, file, buffer, LIST_MAX), buffer, "llistxattr", path);
    }

    /** Removes an attribute. @return false if there was none */
    public static boolean remove(Fd file, String attribute) {
        long name = Scratch.begin().string(attribute);
        return removed(Libc.call(Syscalls.FREMOVEXATTR, file.raw(), name), "fremovexattr", file.toString(), attribute);
    }

    public static boolean remove(Fd dir, String entry, String attribute) {
        Scratch scratch = Scratch.begin();
        String path = path(dir, entry);
        long file = scratch.string(path);
        long name = scratch.string(attribute);
        return removed(Libc.call(Syscalls.LREMOVEXATTR, file, name), "lremovexattr", path, attribute);
    }

    private static String path(Fd dir, String entry) {
        return dir == Fd.HOST ? entry : dir.procPath() + "/" + entry;
    }

    private static Optional<byte[]> value(long length, long buffer, String operation, String path, String attribute) {
        if (length < 0 && isNone(Libc.errno())) {
            return Optional.empty();
        }
        check(length, operation, path, attribute);
        return Optional.of(Scratch.getBytes(buffer, (int) length));
    }

    private static List<String> names(long length, long buffer, String operation, String path) {
        if (length == 0 || length < 0 && Libc.errno() == Errno.EOPNOTSUPP.value()) {
            return List.of();
        }
        check(length, operation, path, "");
        List<String> names = new ArrayList<>();
        long at = buffer;
        while (at < buffer + length) {
            String name = Scratch.getCString(at);
            names.add(name);
            at += Names.encode(name).length + 1;
        }
        return names;
    }

    private static boolean removed(long result, String operation, String path, String attribute) {
        if (result < 0 && isNone(Libc.errno())) {
            return false;
        }
        check(result, operation, path, attribute);
        return true;
    }

    private static boolean isNone(int errno) {
        return errno == Errno.ENODATA.value() || errno == Errno.EOPNOTSUPP.value();
    }

    private static void check(long result, String operation, String path, String attribute) {
        if (result < 0) {
            throw new PosixException(Libc.errno(), operation, attribute.isEmpty() ? path : path + " " + attribute);
        }
    }
}
