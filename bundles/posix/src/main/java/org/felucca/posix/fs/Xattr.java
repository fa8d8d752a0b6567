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

    private static final int USUAL = 2 * 1024;
    /** Of a value, and of a list: {@code XATTR_SIZE_MAX}, {@code XATTR_LIST_MAX}. */
    private static final int MOST = 64 * 1024;

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
        return value("fgetxattr", file.toString(), attribute, (scratch, room) -> {
            long name = scratch.string(attribute);
            long buffer = scratch.reserve(room);
            return new Answer(Libc.call(Syscalls.FGETXATTR, file.raw(), name, buffer, room), buffer);
        });
    }

    public static Optional<byte[]> get(Fd dir, String entry, String attribute) {
        String path = path(dir, entry);
        return value("lgetxattr", path, attribute, (scratch, room) -> {
            long file = scratch.string(path);
            long name = scratch.string(attribute);
            long buffer = scratch.reserve(room);
            return new Answer(Libc.call(Syscalls.LGETXATTR, file, name, buffer, room), buffer);
        });
    }

    /** Names of all attributes; none on a file system that knows none. */
    public static List<String> list(Fd file) {
        return names("flistxattr", file.toString(), (scratch, room) -> {
            long buffer = scratch.reserve(room);
            return new Answer(Libc.call(Syscalls.FLISTXATTR, file.raw(), buffer, room), buffer);
        });
    }

    public static List<String> list(Fd dir, String entry) {
        String path = path(dir, entry);
        return names("llistxattr", path, (scratch, room) -> {
            long file = scratch.string(path);
            long buffer = scratch.reserve(room);
            return new Answer(Libc.call(Syscalls.LLISTXATTR, file, buffer, room), buffer);
        });
    }

    /** What a call left in its buffer: {@code length} bytes, or an error. */
    private record Answer(long length, long buffer) {}

    /** A call that fills a buffer of some room. */
    private interface Question {
        Answer ask(Scratch scratch, int room);
    }

    /** Asks with the room that nearly all answers fit in, and once more with what the kernel allows at most. */
    private static Answer ask(Question question) {
        Answer answer = question.ask(Scratch.begin(), USUAL);
        boolean tooSmall = answer.length() < 0 && Libc.errno() == Errno.ERANGE.value();
        return tooSmall ? question.ask(Scratch.begin(), MOST) : answer;
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

    private static Optional<byte[]> value(String operation, String path, String attribute, Question question) {
        Answer answer = ask(question);
        if (answer.length() < 0 && isNone(Libc.errno())) {
            return Optional.empty();
        }
        check(answer.length(), operation, path, attribute);
        return Optional.of(Scratch.getBytes(answer.buffer(), (int) answer.length()));
    }

    private static List<String> names(String operation, String path, Question question) {
        Answer answer = ask(question);
        if (answer.length() == 0 || answer.length() < 0 && Libc.errno() == Errno.EOPNOTSUPP.value()) {
            return List.of();
        }
        check(answer.length(), operation, path, "");
        List<String> names = new ArrayList<>();
        long at = answer.buffer();
        while (at < answer.buffer() + answer.length()) {
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
