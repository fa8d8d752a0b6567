package org.felucca.snapshotter.nativecopy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import org.felucca.posix.fs.Dir;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.Io;
import org.felucca.posix.fs.Open;
import org.felucca.posix.mount.FsContext;
import org.felucca.tck.tree.TreeListing;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Copies on file systems made for it, mounted from an image without a place in the tree. */
class ReflinkTest {

    private static final int FILE = 32 << 20;
    private static final int NOTICEABLE = 8 << 20;

    @TempDir
    Path temporary;

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        return output.strip();
    }

    private Path image(String type) throws Exception {
        Path image = temporary.resolve(type + ".img");
        try (FileChannel file = FileChannel.open(image, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.allocate(1), (512L << 20) - 1);
        }
        run("mkfs." + type, "-q", image.toString());
        return image;
    }

    /** The device is let go when the file system is. */
    private static Fd mount(String type, Path image) throws Exception {
        String device = run("losetup", "--find", "--show", image.toString());
        try (FsContext context = FsContext.open(type)) {
            return context.string("source", device).create().mount(0);
        } finally {
            run("losetup", "--detach", device);
        }
    }

    private static long taken(Fd root) {
        Io.syncFileSystem(root);
        Io.FileSystem now = Io.fileSystem(root);
        return now.size() - now.available();
    }

    @ParameterizedTest
    @CsvSource({"btrfs, true", "xfs, true", "ext4, false"})
    void run_sharesTheData_whereTheFileSystemCan(String type, boolean shares) throws Exception {
        try (Fd place = mount(type, image(type));
                Fd root = Dir.openDirectory(place, ".")) {
            Dir.mkdir(root, "source", 0700);
            Dir.mkdir(root, "target", 0700);
            try (Fd source = Dir.openDirectory(root, "source");
                    Fd target = Dir.openDirectory(root, "target")) {
                try (Fd file = Dir.open(source, "f", Open.WRONLY | Open.CREAT | Open.EXCL, 0600)) {
                    byte[] random = new byte[FILE];
                    new Random(1).nextBytes(random);
                    Io.writeFully(
                            file, ByteBuffer.allocateDirect(FILE).put(random).flip());
                }
                long before = taken(root);
                new TreeCopy(source, target).run();
                long copy = taken(root) - before;
                assertEquals(TreeListing.of(source), TreeListing.of(target));
                assertEquals(shares, copy < NOTICEABLE, () -> copy + " bytes more");
                assertTrue(shares || copy >= FILE, () -> copy + " bytes more");
            }
        }
    }
}
