package org.felucca.posix.memfd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.felucca.posix.fs.Errno;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.Io;
import org.felucca.posix.fs.PosixException;
import org.junit.jupiter.api.Test;

class MemoryFileTest {

    @Test
    void sealed_file_cannotBeChanged() {
        try (Fd file = MemoryFile.sealed("greeting", "hello".getBytes(StandardCharsets.UTF_8))) {
            assertTrue(MemoryFile.isSealed(file));
            ByteBuffer buffer = ByteBuffer.allocateDirect(10);
            assertEquals(5, Io.read(file, buffer));
            PosixException write =
                    assertThrows(PosixException.class, () -> Io.write(file, ByteBuffer.allocateDirect(1)));
            assertTrue(write.is(Errno.EPERM));
            assertThrows(PosixException.class, () -> Io.truncate(file, 0));
        }
    }

    @Test
    void created_file_isNotSealed() {
        try (Fd file = MemoryFile.create("plain")) {
            assertFalse(MemoryFile.isSealed(file));
        }
    }
}
