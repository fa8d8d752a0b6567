package org.felucca.posix.memfd;

import java.nio.ByteBuffer;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.Io;
import org.felucca.posix.fs.PosixException;
import org.felucca.posix.libc.Libc;
import org.felucca.posix.libc.Scratch;
import org.felucca.posix.libc.Syscalls;

/** Files in memory ({@code memfd_create(2)}). */
public final class MemoryFile {

    private static final int CLOEXEC = 1;
    private static final int ALLOW_SEALING = 2;
    private static final int F_ADD_SEALS = 1033;
    private static final int F_GET_SEALS = 1034;
    private static final int SEAL_SEAL = 1;
    private static final int SEAL_SHRINK = 2;
    private static final int SEAL_GROW = 4;
    private static final int SEAL_WRITE = 8;
    private static final int ALL_SEALS = SEAL_SEAL | SEAL_SHRINK | SEAL_GROW | SEAL_WRITE;

    private MemoryFile() {}

    /** An empty file, which can be sealed. @param name shown in procfs only */
    public static Fd create(String name) {
        long text = Scratch.begin().string(name);
        long fd = Libc.call(Syscalls.MEMFD_CREATE, text, CLOEXEC | ALLOW_SEALING);
        if (fd < 0) {
            throw new PosixException(Libc.errno(), "memfd_create", name);
        }
        return Fd.adopt((int) fd);
    }

    /** A file that holds {@code content}, its offset at the start, sealed against every change. */
    public static Fd sealed(String name, byte[] content) {
        Fd file = create(name);
        try {
            ByteBuffer buffer =
                    ByteBuffer.allocateDirect(content.length).put(content).flip();
            Io.writeFully(file, buffer);
            Io.seek(file, 0);
            seal(file);
            return file;
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** Seals against writing, growing, shrinking and further seals. EBUSY while somebody has it mapped for writing. */
    public static void seal(Fd file) {
        if (Libc.call(Syscalls.FCNTL, file.raw(), F_ADD_SEALS, ALL_SEALS) < 0) {
            throw new PosixException(Libc.errno(), "seal", file.toString());
        }
    }

    /** Whether nobody can change the file any more. */
    public static boolean isSealed(Fd file) {
        return Libc.call(Syscalls.FCNTL, file.raw(), F_GET_SEALS) == ALL_SEALS;
    }
}
