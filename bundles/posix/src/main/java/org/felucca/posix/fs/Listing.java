package org.felucca.posix.fs;

import java.util.ArrayList;
import java.util.List;
import org.felucca.posix.libc.Libc;
import org.felucca.posix.libc.Scratch;
import org.felucca.posix.libc.Syscalls;

/** The entries of an open directory, without "." and "..". */
public final class Listing {

    private static final int BUFFER = 24 * 1024;
    private static final int HEADER = 19;

    private Listing() {}

    /**
     * One entry.
     *
     * @param name as in the directory
     * @param type as the file system remembers it, {@link FileType#UNKNOWN} if it does not
     * @param inode number
     */
    public record Entry(String name, FileType type, long inode) {}

    /** All entries, in the directory's own order. Reads from the start, whatever was read before. */
    public static List<Entry> of(Fd dir) {
        Io.seek(dir, 0);
        List<Entry> entries = new ArrayList<>();
        while (read(dir, entries)) {
            // the buffer is small: the kernel keeps the place
        }
        return entries;
    }

    /** Whether the directory has no entry; ENOTDIR if it is none. */
    public static boolean isEmpty(Fd dir) {
        Io.seek(dir, 0);
        List<Entry> entries = new ArrayList<>();
        while (entries.isEmpty()) {
            if (!read(dir, entries)) {
                return true;
            }
        }
        return false;
    }

    private static boolean read(Fd dir, List<Entry> into) {
        long buffer = Scratch.begin().reserve(BUFFER);
        long length = Io.check(Libc.call(Syscalls.GETDENTS64, dir.raw(), buffer, BUFFER), "getdents64", dir);
        for (long at = buffer; at < buffer + length; at += Scratch.getShort(at + 16) & 0xFFFF) {
            String name = Scratch.getCString(at + HEADER);
            if (!name.equals(".") && !name.equals("..")) {
                into.add(new Entry(name, FileType.ofEntry(Scratch.getByte(at + 18)), Scratch.getLong(at)));
            }
        }
        return length > 0;
    }
}
