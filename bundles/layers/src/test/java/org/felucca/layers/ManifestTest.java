package org.felucca.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.felucca.api.diff.DiffLimits;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.snapshot.SnapshotMount;
import org.felucca.posix.fs.Dir;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.Tree;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A layer is what its manifest says; whatever happens to any of its files is found. */
class ManifestTest {
    private static final String TAR = "application/vnd.oci.image.layer.v1.tar";

    @TempDir
    Path directory;

    private Fd.Leaks leaks;
    private TarDiffApplier applier;
    private Path tree;
    private Path manifest;

    @BeforeEach
    void apply() throws Exception {
        leaks = Fd.trackLeaks();
        applier = new TarDiffApplier();
        tree = Files.createDirectory(directory.resolve("fs"));
        manifest = directory.resolve("manifest");
        byte[] layer = new TarBuilder()
                .directory("etc/")
                .file("etc/passwd", "root:x:0:0\n")
                .file("etc/group", "first")
                .file("etc/group", "second")
                .hardLink("etc/passwd-", "etc/passwd")
                .symlink("etc/link", "passwd")
                .mode(04755)
                .owner(3, 4)
                .file("bin/su", "x".repeat(100_000))
                .file("bin/empty", "")
                .file("bin/odd % \u00fc\n name", "odd")
                .characterDevice("dev/null", 1, 3)
                .build();
        write(layer, List.of(new SnapshotMount.Bind(tree, false)), manifest);
    }

    private void write(byte[] layer, List<SnapshotMount> target, Path to) {
        applier.apply(TAR, new ByteArrayInputStream(layer), target, DiffLimits.DEFAULT, to);
    }

    @AfterEach
    void everythingIsClosed() {
        applier.close();
        leaks.assertNone();
        leaks.close();
        Trees.clear(directory);
    }

    private List<String> damage() {
        return applier.check(tree, manifest, true);
    }

    private void assertDamage(String expected) {
        assertEquals(List.of(expected), damage());
    }

    @Test
    void check_asApplied_findsNothing() throws Exception {
        assertEquals(List.of(), damage());
        List<String> lines = Files.readAllLines(manifest);
        assertEquals("#felucca-layer-manifest 1", lines.get(0));
        assertTrue(lines.contains("f 04755 3 4 100000 crc32c:" + crc("x".repeat(100_000)) + " su"), lines.toString());
        assertTrue(lines.get(lines.size() - 1).startsWith("#end 11 crc32c:"), lines.toString());
    }

    private static String crc(String text) {
        java.util.zip.CRC32C checksum = new java.util.zip.CRC32C();
        checksum.update(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        return String.format("%08x", checksum.getValue());
    }

    @Test
    void check_fileOfNoBytes_isFoundWithoutReading() throws Exception {
        Files.write(tree.resolve("bin/su"), new byte[0]);
        Files.setPosixFilePermissions(tree.resolve("bin/su"), PosixFilePermissions.fromString("rwxr-xr-x"));
        Dir.chmod(Fd.HOST, tree.resolve("bin/su").toString(), 04755);
        assertEquals(List.of("/bin/su has 0 bytes instead of 100000"), applier.check(tree, manifest, false));
    }

    @Test
    void check_oneByteChanged_isFoundByReadingOnly() throws Exception {
        Path file = tree.resolve("etc/passwd");
        FileTime time = Files.getLastModifiedTime(file);
        Files.writeString(file, "root:x:0:1\n");
        Files.setLastModifiedTime(file, time);
        assertEquals(List.of(), applier.check(tree, manifest, false));
        assertEquals(
                java.util.Set.of("/etc/passwd has other contents", "/etc/passwd- has other contents"),
                java.util.Set.copyOf(damage()));
    }

    @Test
    void check_missing_isFound() throws Exception {
        Files.delete(tree.resolve("bin/empty"));
        assertDamage("/bin/empty is missing");
    }

    @Test
    void check_directoryMissing_isFoundOnce() {
        Tree.remove(Fd.HOST, tree.resolve("etc").toString());
        assertDamage("/etc is missing");
    }

    @Test
    void check_treeMissing_isFound() {
        Tree.remove(Fd.HOST, tree.toString());
        assertTrue(damage().get(0).startsWith("its directory cannot be opened"), damage().toString());
    }

    @Test
    void check_otherModeOwnerTypeTargetOrDevice_isFound() throws Exception {
        Dir.chmod(Fd.HOST, tree.resolve("bin/su").toString(), 0755);
        assertDamage("/bin/su has another mode");
        Dir.chmod(Fd.HOST, tree.resolve("bin/su").toString(), 04755);
        Dir.chown(Fd.HOST, tree.resolve("bin/empty").toString(), 0, 4);
        assertDamage("/bin/empty has another owner");
        Dir.chown(Fd.HOST, tree.resolve("bin/empty").toString(), 0, 0);
        Files.delete(tree.resolve("etc/link"));
        Files.createSymbolicLink(tree.resolve("etc/link"), Path.of("group"));
        assertDamage("/etc/link points elsewhere");
        Files.delete(tree.resolve("etc/link"));
        Files.createDirectory(tree.resolve("etc/link"));
        assertDamage("/etc/link is of another type");
    }

    @Test
    void check_manifestDamagedAnywhere_isFound() throws Exception {
        byte[] good = Files.readAllBytes(manifest);
        for (int at = 0; at < good.length; at++) {
            byte[] bad = good.clone();
            bad[at] ^= 1;
            Files.write(manifest, bad);
            try {
                assertFalse(damage().isEmpty(), "byte " + at);
            } catch (FeluccaException e) {
                // The number of its form is another one.
                assertEquals(ErrorCode.UNSUPPORTED, e.code());
                assertEquals(24, at);
            }
        }
        Files.write(manifest, java.util.Arrays.copyOf(good, good.length / 2));
        assertFalse(damage().isEmpty());
        Files.write(manifest, new byte[0]);
        assertEquals(List.of("its manifest is damaged"), damage());
        Files.delete(manifest);
        assertEquals(
                ErrorCode.NOT_FOUND,
                assertThrows(FeluccaException.class, this::damage).code());
    }

    @Test
    void check_layerAboveAnother_coversWhiteoutsAndWhatWasBroughtUp() throws Exception {
        Path upper = Files.createDirectories(directory.resolve("1/fs"));
        Path work = Files.createDirectories(directory.resolve("1/work"));
        Path second = directory.resolve("1/manifest");
        byte[] layer = new TarBuilder()
                .file("etc/.wh.group", "")
                .hardLink("etc/shadow", "etc/passwd")
                .build();
        write(
                layer,
                List.of(new SnapshotMount.Overlay(List.of(tree), Optional.of(upper), Optional.of(work), List.of())),
                second);
        assertEquals(List.of(), applier.check(upper, second, true));
        Files.delete(upper.resolve("etc/group"));
        assertEquals(List.of("/etc/group is missing"), applier.check(upper, second, true));
    }
}
