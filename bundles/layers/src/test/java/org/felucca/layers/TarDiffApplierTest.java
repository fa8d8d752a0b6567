package org.felucca.layers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.felucca.api.diff.AppliedDiff;
import org.felucca.api.diff.DiffLimits;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.snapshot.SnapshotMount;
import org.felucca.oci.digest.Digest;
import org.felucca.posix.fs.Dir;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.Stat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TarDiffApplierTest {

    private static final String TAR = "application/vnd.oci.image.layer.v1.tar";
    private static final String GZIP = TAR + "+gzip";
    private static final String ZSTD = TAR + "+zstd";

    @TempDir
    Path directory;

    private Fd.Leaks leaks;
    private TarDiffApplier applier;
    private Path root;

    @BeforeEach
    void open() throws Exception {
        leaks = Fd.trackLeaks();
        applier = new TarDiffApplier();
        root = Files.createDirectory(directory.resolve("root"));
    }

    @AfterEach
    void everythingIsClosed() {
        applier.close();
        leaks.assertNone();
        leaks.close();
        Trees.clear(directory);
    }

    private AppliedDiff apply(String mediaType, byte[] layer) {
        return apply(mediaType, layer, DiffLimits.DEFAULT);
    }

    private AppliedDiff apply(String mediaType, byte[] layer, DiffLimits limits) {
        List<SnapshotMount> target = List.of(new SnapshotMount.Bind(root, false));
        return applier.apply(mediaType, new ByteArrayInputStream(layer), target, limits);
    }

    private FeluccaException assertRefused(
            ErrorCode code, String reason, org.junit.jupiter.api.function.Executable call) {
        FeluccaException e = assertThrows(FeluccaException.class, call);
        assertEquals(code, e.code(), e::getMessage);
        assertTrue(e.getMessage().contains(reason), e::getMessage);
        return e;
    }

    private static byte[] zstd(byte[] tar) throws Exception {
        Process process = new ProcessBuilder("zstd", "-q", "-c").start();
        process.getOutputStream().write(tar);
        process.getOutputStream().close();
        byte[] compressed = process.getInputStream().readAllBytes();
        assertEquals(0, process.waitFor());
        return compressed;
    }

    @Test
    void apply_everyCompression_tellsBothDigests() throws Exception {
        TarBuilder tar = new TarBuilder().directory("d/").file("d/f", "content");
        byte[] plain = tar.build();
        for (String mediaType : List.of(TAR, GZIP, ZSTD)) {
            byte[] layer = mediaType.equals(GZIP) ? tar.gzip() : mediaType.equals(ZSTD) ? zstd(plain) : plain;
            AppliedDiff diff = apply(mediaType, layer);
            assertEquals(new AppliedDiff(Digest.of(layer), layer.length, Digest.of(plain), plain.length, 2), diff);
            assertEquals("content", Files.readString(root.resolve("d/f")));
        }
    }

    @Test
    void apply_doesNotCloseTheStream_andReadsItToItsEnd() {
        boolean[] closed = {false};
        byte[] layer = Arrays.copyOf(new TarBuilder().file("f", "x").build(), 100_000);
        InputStream stream = new ByteArrayInputStream(layer) {
            @Override
            public void close() {
                closed[0] = true;
            }
        };
        AppliedDiff diff = applier.apply(TAR, stream, List.of(new SnapshotMount.Bind(root, false)), DiffLimits.DEFAULT);
        assertFalse(closed[0]);
        assertEquals(100_000, diff.blobSize());
        assertEquals(Digest.of(layer), diff.diffId());
    }

    @ParameterizedTest
    @ValueSource(strings = {"../escape", "a/../../escape", "..", "/../escape"})
    void apply_pathThatLeavesTheRoot_isRefused(String path) {
        byte[] layer = new TarBuilder().file(path, "x").build();
        assertRefused(ErrorCode.INVALID_ARGUMENT, path + ": its path leaves the root", () -> apply(TAR, layer));
        assertFalse(Files.exists(directory.resolve("escape")));
    }

    @Test
    void apply_pathThroughALinkOutside_staysInside() throws Exception {
        Path outside = Files.createDirectory(directory.resolve("outside"));
        byte[] layer = new TarBuilder()
                .symlink("absolute", outside.toString())
                .symlink("relative", "../outside")
                .file("absolute/f", "x")
                .file("relative/g", "x")
                .build();
        apply(TAR, layer);
        assertEquals(0, outside.toFile().list().length);
        assertTrue(Files.exists(Path.of(root + outside.toString() + "/f")));
        assertTrue(Files.exists(root.resolve("outside/g")));
    }

    @Test
    void apply_directoryReplacedByALink_timesStayInside() throws Exception {
        Path outside = Files.createDirectories(directory.resolve("outside/b"));
        Stat before = Dir.stat(Fd.HOST, outside.toString());
        byte[] layer = new TarBuilder()
                .mtime(5)
                .directory("a/b/")
                .symlink("a", outside.getParent().toString())
                .build();
        apply(TAR, layer);
        assertEquals(before.mtime(), Dir.stat(Fd.HOST, outside.toString()).mtime());
        assertTrue(Files.isSymbolicLink(root.resolve("a")));
    }

    @Test
    void apply_hardLinkOutside_isRefused() throws Exception {
        Files.writeString(directory.resolve("secret"), "x");
        assertRefused(
                ErrorCode.INVALID_ARGUMENT,
                "its path leaves the root",
                () -> apply(TAR, new TarBuilder().hardLink("l", "../secret").build()));
        assertRefused(
                ErrorCode.INVALID_ARGUMENT,
                "which is not there",
                () -> apply(
                        TAR,
                        new TarBuilder()
                                .hardLink("l", directory.resolve("secret").toString())
                                .build()));
        assertRefused(
                ErrorCode.INVALID_ARGUMENT,
                "which is not there",
                () -> apply(
                        TAR,
                        new TarBuilder()
                                .symlink("s", directory.toString())
                                .hardLink("l", "s/secret")
                                .build()));
    }

    @Test
    void apply_linksInACircle_isRefused() {
        byte[] layer = new TarBuilder()
                .symlink("a", "b")
                .symlink("b", "a")
                .file("a/f", "x")
                .build();
        assertRefused(ErrorCode.INVALID_ARGUMENT, "too many links", () -> apply(TAR, layer));
    }

    @Test
    void apply_pathUnderAFile_isRefused() {
        byte[] layer = new TarBuilder().file("f", "x").file("f/g", "x").build();
        assertRefused(ErrorCode.INVALID_ARGUMENT, "f/g", () -> apply(TAR, layer));
    }

    @ParameterizedTest
    @ValueSource(strings = {"trusted.overlay.opaque", "trusted.overlay.redirect", "user.overlay.opaque"})
    void apply_overlaysOwnAttributes_areRefused(String attribute) {
        byte[] layer =
                new TarBuilder().attribute(attribute, "y").directory("d/").build();
        assertRefused(ErrorCode.INVALID_ARGUMENT, attribute, () -> apply(TAR, layer));
        byte[] onRoot =
                new TarBuilder().attribute(attribute, "y").directory("./").build();
        assertRefused(ErrorCode.INVALID_ARGUMENT, attribute, () -> apply(TAR, onRoot));
    }

    @Test
    void apply_deviceZero_isRefused() {
        assertRefused(
                ErrorCode.INVALID_ARGUMENT,
                "device 0:0",
                () -> apply(
                        TAR, new TarBuilder().characterDevice("whiteout", 0, 0).build()));
        assertRefused(
                ErrorCode.INVALID_ARGUMENT,
                "no device number",
                () -> apply(TAR, new TarBuilder().characterDevice("d", 5000, 0).build()));
    }

    @ParameterizedTest
    @CsvSource({".wh.", ".wh..", ".wh...", "d/.wh."})
    void apply_whiteoutOfNothing_isRefused(String path) {
        byte[] layer = new TarBuilder().directory("d/").file(path, "").build();
        assertRefused(ErrorCode.INVALID_ARGUMENT, "whiteout of nothing", () -> apply(TAR, layer));
    }

    @Test
    void apply_rootThatIsNoDirectory_isRefused() {
        assertRefused(
                ErrorCode.INVALID_ARGUMENT,
                "root directory",
                () -> apply(TAR, new TarBuilder().symlink(".", "/etc").build()));
        assertRefused(
                ErrorCode.INVALID_ARGUMENT,
                "root directory",
                () -> apply(TAR, new TarBuilder().hardLink("l", "/").build()));
    }

    @Test
    void apply_hardLinkToItselfOrADirectory_isRefused() {
        assertRefused(
                ErrorCode.INVALID_ARGUMENT,
                "links to itself",
                () -> apply(
                        TAR, new TarBuilder().file("f", "x").hardLink("f", "f").build()));
        assertRefused(
                ErrorCode.INVALID_ARGUMENT,
                "a directory",
                () -> apply(
                        TAR, new TarBuilder().directory("d/").hardLink("l", "d").build()));
    }

    @Test
    void apply_pathTooLong_isRefused() {
        byte[] layer = new TarBuilder().file("x/".repeat(3000) + "f", "x").build();
        assertRefused(ErrorCode.INVALID_ARGUMENT, "too long", () -> apply(TAR, layer));
        byte[] name = new TarBuilder().file("n".repeat(256), "x").build();
        assertRefused(ErrorCode.INVALID_ARGUMENT, "too long", () -> apply(TAR, name));
    }

    @Test
    void apply_limits_areKept() {
        byte[] layer =
                new TarBuilder().file("a", new byte[100_000]).file("b", "").build();
        assertRefused(
                ErrorCode.RESOURCE_EXHAUSTED,
                "more than 1 entries",
                () -> apply(TAR, layer, new DiffLimits(1 << 20, 1)));
        assertRefused(
                ErrorCode.RESOURCE_EXHAUSTED,
                "more than 1000 bytes",
                () -> apply(TAR, layer, new DiffLimits(1000, 10)));
    }

    @Test
    void apply_bomb_isStoppedAtTheLimit() {
        byte[] layer = new TarBuilder().file("zeros", new byte[20_000_000]).gzip();
        assertRefused(
                ErrorCode.RESOURCE_EXHAUSTED,
                "more than 1000000 bytes",
                () -> apply(GZIP, layer, new DiffLimits(1_000_000, 10)));
    }

    @Test
    void apply_otherCompressionThanSaid_isDataLoss() throws Exception {
        TarBuilder tar = new TarBuilder().file("f", "x");
        assertRefused(ErrorCode.DATA_LOSS, "no gzip stream", () -> apply(GZIP, tar.build()));
        assertRefused(ErrorCode.DATA_LOSS, "zstd stream is damaged", () -> apply(ZSTD, tar.build()));
        assertRefused(ErrorCode.DATA_LOSS, "it is compressed", () -> apply(TAR, tar.gzip()));
        assertRefused(ErrorCode.DATA_LOSS, "it is compressed", () -> apply(TAR, zstd(tar.build())));
    }

    @Test
    void apply_truncatedOrDamaged_isDataLossWithItsPlace() {
        byte[] gzip = new TarBuilder().file("f", "content").gzip();
        assertRefused(
                ErrorCode.DATA_LOSS,
                "ends early before byte",
                () -> apply(GZIP, Arrays.copyOf(gzip, gzip.length - 10)));
        byte[] tar = new TarBuilder().file("f", new byte[10_000]).open();
        assertRefused(ErrorCode.DATA_LOSS, "within a file at byte 5000", () -> apply(TAR, Arrays.copyOf(tar, 5000)));
    }

    @Test
    void apply_unreadableStream_isUnavailable() {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("connection reset");
            }
        };
        assertRefused(
                ErrorCode.UNAVAILABLE,
                "connection reset",
                () -> applier.apply(TAR, broken, List.of(new SnapshotMount.Bind(root, false)), DiffLimits.DEFAULT));
    }

    @Test
    void apply_unknownMediaTypeOrMount_isUnsupported() {
        assertRefused(ErrorCode.UNSUPPORTED, "text/plain", () -> apply("text/plain", new byte[0]));
        SnapshotMount other = new SnapshotMount.FileSystem("tmpfs", "none", List.of());
        assertRefused(
                ErrorCode.UNSUPPORTED,
                "tmpfs",
                () -> applier.apply(TAR, InputStream.nullInputStream(), List.of(other), DiffLimits.DEFAULT));
    }

    @Test
    void apply_readOnlySnapshot_isFailedPrecondition() {
        List<SnapshotMount> bind = List.of(new SnapshotMount.Bind(root, true));
        assertRefused(
                ErrorCode.FAILED_PRECONDITION,
                "read-only",
                () -> applier.apply(TAR, InputStream.nullInputStream(), bind, DiffLimits.DEFAULT));
        List<SnapshotMount> view =
                List.of(new SnapshotMount.Overlay(List.of(root, root), Optional.empty(), Optional.empty(), List.of()));
        assertRefused(
                ErrorCode.FAILED_PRECONDITION,
                "read-only",
                () -> applier.apply(TAR, InputStream.nullInputStream(), view, DiffLimits.DEFAULT));
    }

    @Test
    void apply_interrupted_isCancelledWithTheFlagSet() throws Exception {
        CountDownLatch reading = new CountDownLatch(1);
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return 0;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) {
                reading.countDown();
                Arrays.fill(bytes, offset, offset + length, (byte) 0);
                return length;
            }
        };
        FeluccaException[] thrown = new FeluccaException[1];
        boolean[] flag = new boolean[1];
        Thread caller = new Thread(() -> {
            thrown[0] = assertThrows(
                    FeluccaException.class,
                    () -> applier.apply(
                            TAR, endless, List.of(new SnapshotMount.Bind(root, false)), DiffLimits.DEFAULT));
            flag[0] = Thread.currentThread().isInterrupted();
        });
        caller.start();
        reading.await();
        caller.interrupt();
        caller.join();
        assertEquals(ErrorCode.CANCELLED, thrown[0].code());
        assertTrue(flag[0]);
    }

    @Test
    void apply_afterClose_isUnavailable() {
        applier.close();
        assertRefused(
                ErrorCode.UNAVAILABLE,
                "shutting down",
                () -> apply(TAR, new TarBuilder().file("f", "x").build()));
    }

    @Test
    void apply_sparseFile_keepsItsHoles() throws Exception {
        byte[] layer = new TarBuilder()
                .record("GNU.sparse.map", "1048576,4096,4194304,4096")
                .record("GNU.sparse.size", "104857600")
                .file("sparse", new byte[8192])
                .build();
        apply(TAR, layer);
        Stat stat = Dir.stat(Fd.HOST, root.resolve("sparse").toString());
        assertEquals(104_857_600, stat.size());
        assertTrue(stat.blocks() * 512 < 1 << 20, stat::toString);
    }

    @Test
    void apply_fileOfMoreThan8GiB_hasItsSize() throws Exception {
        long size = (9L << 30) + 5;
        byte[] layer = new TarBuilder()
                .record("GNU.sparse.major", "1")
                .record("GNU.sparse.minor", "0")
                .record("GNU.sparse.name", "huge")
                .record("GNU.sparse.realsize", String.valueOf(size))
                .file("GNUSparseFile.1/huge", sparse("2\n" + (size - 3) + "\n3\n" + size + "\n0\n", "end"))
                .build();
        apply(TAR, layer);
        assertEquals(size, Files.size(root.resolve("huge")));
        try (var file = Files.newByteChannel(root.resolve("huge"))) {
            java.nio.ByteBuffer tail = java.nio.ByteBuffer.allocate(3);
            file.position(size - 3).read(tail);
            assertEquals("end", new String(tail.array(), java.nio.charset.StandardCharsets.US_ASCII));
        }
    }

    /** A map in a block of its own, and the data. */
    private static byte[] sparse(String map, String data) {
        byte[] content = Arrays.copyOf(map.getBytes(java.nio.charset.StandardCharsets.US_ASCII), 512 + data.length());
        System.arraycopy(data.getBytes(java.nio.charset.StandardCharsets.US_ASCII), 0, content, 512, data.length());
        return content;
    }

    /** As {@code zstd:chunked} has it: frames for single files, and frames to be skipped that hold its own index. */
    private static byte[] zstdChunked(byte[] tar) throws Exception {
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
        for (int from = 0; from < tar.length; from += 1000) {
            out.writeBytes(zstd(Arrays.copyOfRange(tar, from, Math.min(tar.length, from + 1000))));
            if (from == 2000) {
                out.writeBytes(skippable(new byte[70_000]));
            }
        }
        out.writeBytes(skippable(new byte[64]));
        return out.toByteArray();
    }

    private static byte[] skippable(byte[] content) {
        return java.nio.ByteBuffer.allocate(8 + content.length)
                .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                .putInt(0x184D2A50)
                .putInt(content.length)
                .put(content)
                .array();
    }

    @Test
    void apply_zstdChunked_isRead() throws Exception {
        byte[] tar = new TarBuilder().file("a", new byte[2000]).file("b", "b").build();
        byte[] layer = zstdChunked(tar);
        AppliedDiff diff = apply(ZSTD, layer);
        assertEquals(Digest.of(tar), diff.diffId());
        assertEquals(Digest.of(layer), diff.blobDigest());
        assertEquals("b", Files.readString(root.resolve("b")));
        assertArrayEquals(tar, org.felucca.layers.apply.JavaUnzstdAccess.decode(layer));
        for (int length : new int[] {2, 50, 300, 35_000, layer.length - 1}) {
            assertThrows(
                    org.felucca.posix.inflate.CorruptStreamException.class,
                    () -> org.felucca.layers.apply.JavaUnzstdAccess.decode(Arrays.copyOf(layer, length)),
                    () -> "the first " + length + " bytes");
        }
    }

    @Test
    void apply_selinuxLabels_arePassedOver() {
        apply(
                TAR,
                new TarBuilder()
                        .attribute("security.selinux", "x")
                        .file("f", "x")
                        .build());
        assertEquals(
                List.of(),
                org.felucca.posix.fs.Xattr.list(Fd.HOST, root.resolve("f").toString()));
    }

    @Test
    void apply_zstdInJava_givesTheSame() throws Exception {
        byte[] tar = new TarBuilder().file("f", new byte[300_000]).build();
        byte[] layer = zstd(tar);
        assertArrayEquals(tar, org.felucca.layers.apply.JavaUnzstdAccess.decode(layer));
        assertThrows(
                org.felucca.posix.inflate.CorruptStreamException.class,
                () -> org.felucca.layers.apply.JavaUnzstdAccess.decode(Arrays.copyOf(layer, layer.length - 3)));
    }
}
