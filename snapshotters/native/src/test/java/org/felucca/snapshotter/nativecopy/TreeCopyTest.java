package org.felucca.snapshotter.nativecopy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.felucca.posix.fs.Dir;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.FileType;
import org.felucca.posix.fs.Io;
import org.felucca.posix.fs.Names;
import org.felucca.posix.fs.Open;
import org.felucca.posix.fs.Stat;
import org.felucca.posix.fs.Xattr;
import org.felucca.tck.tree.TreeListing;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeCopyTest {

    private static final Instant TIME = Instant.ofEpochSecond(1_234_567_890, 987_654_321);
    /** {@code cap_net_raw=ep} in the kernel's form. */
    private static final byte[] CAPABILITY = {1, 0, 0, 2, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};

    @TempDir
    Path temporary;

    private Fd.Leaks leaks;
    private Fd source;
    private Fd target;

    @BeforeEach
    void open() throws Exception {
        leaks = Fd.trackLeaks();
        source = Dir.open(Files.createDirectory(temporary.resolve("source")));
        target = Dir.open(Files.createDirectory(temporary.resolve("target")));
    }

    @AfterEach
    void everythingIsClosed() {
        source.close();
        target.close();
        leaks.assertNone();
        leaks.close();
    }

    private Fd file(Fd dir, String name, String content) {
        Fd file = Dir.open(dir, name, Open.RDWR | Open.CREAT | Open.EXCL, 0600);
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        Io.writeFully(file, ByteBuffer.allocateDirect(bytes.length).put(bytes).flip());
        return file;
    }

    @Test
    void run_onEveryKindOfFile_givesAnEqualTree() {
        Dir.mkdir(source, "d", 0700);
        try (Fd dir = Dir.openDirectory(source, "d")) {
            try (Fd file = file(dir, "capable", "x")) {
                Io.chown(file, 3, 4);
                Io.chmod(file, 06755);
                Xattr.set(file, "security.capability", CAPABILITY);
                Xattr.set(file, "user.note", new byte[] {0, 1});
                Io.setTimes(file, TIME, TIME);
            }
            Dir.link(dir, "capable", source, "second-name");
            Dir.link(dir, "capable", dir, "third-name");
            Dir.symlink("/no/such/target", dir, "link");
            Dir.chown(dir, "link", 5, 6);
            Dir.setTimes(dir, "link", TIME, TIME);
            Dir.mknod(dir, "null", FileType.CHARACTER_DEVICE.modeBits() | 0666, Stat.device(1, 3));
            Dir.mknod(dir, "block", FileType.BLOCK_DEVICE.modeBits() | 0640, Stat.device(259, 1000));
            Dir.mknod(dir, "fifo", FileType.FIFO.modeBits() | 0622, 0);
            Dir.mknod(dir, "socket", FileType.SOCKET.modeBits() | 0777, 0);
            Dir.mkdir(dir, Names.decode(new byte[] {'n', (byte) 0xFF}), 0700);
            Io.chmod(dir, 03770);
            Io.chown(dir, 7, 8);
            Io.setTimes(dir, TIME, TIME);
        }
        Io.setTimes(source, TIME, TIME);
        new TreeCopy(source, target).run();
        assertEquals(TreeListing.of(source), TreeListing.of(target));
        assertEquals(3, Dir.stat(target, "second-name").links());
    }

    @Test
    void run_onASparseFile_keepsItsHoles() {
        try (Fd file = Dir.open(source, "sparse", Open.RDWR | Open.CREAT, 0600)) {
            Io.truncate(file, 1 << 25);
            Io.write(file, ByteBuffer.allocateDirect(4096), 1 << 20);
            Io.write(file, ByteBuffer.allocateDirect(4096), 1 << 24);
        }
        new TreeCopy(source, target).run();
        Stat copy = Dir.stat(target, "sparse");
        assertEquals(1 << 25, copy.size());
        assertTrue(copy.blocks() <= Dir.stat(source, "sparse").blocks(), copy::toString);
        assertEquals(TreeListing.of(source), TreeListing.of(target));
    }
}
