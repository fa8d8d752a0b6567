package org.felucca.posix.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IoTest {

    @TempDir
    Path temporary;

    private Fd.Leaks leaks;
    private Fd dir;
    private Fd file;

    @BeforeEach
    void openFile() {
        leaks = Fd.trackLeaks();
        dir = Dir.open(temporary);
        file = Dir.open(dir, "f", Open.RDWR | Open.CREAT, 0600);
    }

    @AfterEach
    void everythingIsClosed() {
        file.close();
        dir.close();
        leaks.assertNone();
        leaks.close();
    }

    private static ByteBuffer direct(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    private static String read(Fd fd, long offset) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(100);
        Io.read(fd, buffer, offset);
        return StandardCharsets.UTF_8.decode(buffer.flip()).toString();
    }

    @Test
    void write_thenRead_movesPositions() {
        ByteBuffer buffer = direct("hello");
        assertEquals(5, Io.write(file, buffer));
        assertFalse(buffer.hasRemaining());
        assertEquals(3, Io.write(file, direct("abc"), 5));
        assertEquals("loabc", read(file, 3));
        assertEquals(0, Io.read(file, ByteBuffer.allocateDirect(1), 8));
    }

    @Test
    void read_intoAHeapBuffer_isRefused() {
        assertThrows(IllegalArgumentException.class, () -> Io.read(file, ByteBuffer.allocate(1)));
    }

    @Test
    void read_onAnEmptyNonBlockingPipe_wouldBlock() {
        Fd[] pipe = Io.pipe();
        Io.setNonBlocking(pipe[0], true);
        assertEquals(Io.WOULD_BLOCK, Io.read(pipe[0], ByteBuffer.allocateDirect(1)));
        pipe[1].close();
        assertEquals(0, Io.read(pipe[0], ByteBuffer.allocateDirect(1)));
        pipe[0].close();
    }

    @Test
    void copyRange_atOffsets_copiesAndKeepsFileOffsets() {
        Io.writeFully(file, direct("0123456789"));
        try (Fd copy = Dir.open(dir, "g", Open.RDWR | Open.CREAT, 0600)) {
            assertEquals(4, Io.copyRange(file, 3, copy, 2, 4));
            assertEquals("\0\0003456", read(copy, 0));
            assertEquals(0, Io.copyRange(file, 10, copy, 0, 4));
        }
    }

    @Test
    void seekExtents_ofASparseFile_findDataAndHoles() {
        long end = 1 << 20;
        Io.truncate(file, end);
        assertEquals(-1, Io.seekData(file, 0));
        Io.write(file, direct("x"), end / 2);
        assertEquals(end / 2, Io.seekData(file, 0));
        assertTrue(Io.seekHole(file, end / 2) > end / 2);
        Io.startWriteBack(file, 0, 0);
        Io.syncData(file);
        Io.sync(file);
        Io.syncFileSystem(dir);
    }

    @Test
    void attributes_ofAnOpenFile_areSet() {
        Io.chown(file, 7, 8);
        Io.chmod(file, 04751);
        Instant time = Instant.ofEpochSecond(1_000_000_000, 1);
        Io.setTimes(file, time, time.plusNanos(1));
        Stat stat = Io.stat(file);
        assertEquals(04751, stat.permissions());
        assertEquals(7, stat.uid());
        assertEquals(8, stat.gid());
        assertEquals(time, stat.atime());
        assertEquals(time.plusNanos(1), stat.mtime());
        assertTrue(stat.isRegular());
    }

    @Test
    void tryLock_heldByAnotherOpenFile_isFalse() {
        assertTrue(Io.tryLock(file));
        try (Fd other = Dir.open(dir, "f", Open.RDONLY, 0)) {
            assertFalse(Io.tryLock(other));
        }
    }

    @Test
    void fileSystem_ofProc_isKnownByItsMagic() {
        assertEquals(Io.FileSystem.PROC, Io.fileSystem(Path.of("/proc")).magic());
        assertTrue(Io.fileSystem(temporary).available() > 0);
    }

    @Test
    void fd_closedOrReleased_refusesUse() {
        Fd duplicate = file.duplicate();
        int number = duplicate.release();
        assertFalse(duplicate.isOpen());
        assertThrows(IllegalStateException.class, duplicate::raw);
        duplicate.close();
        try (Fd again = Fd.adopt(number)) {
            assertEquals(0, Io.stat(again).size());
        }
        assertThrows(IllegalArgumentException.class, () -> Fd.adopt(-1));
    }

    @Test
    void leaks_withAnOpenDescriptor_areReported() {
        Fd extra = file.duplicate();
        AssertionError error = assertThrows(AssertionError.class, leaks::assertNone);
        assertEquals(3, error.getSuppressed().length);
        extra.close();
    }
}
