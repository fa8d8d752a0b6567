package org.felucca.layers.tar;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.felucca.layers.TarBuilder;
import org.felucca.layers.tar.TarEntry.Extent;
import org.felucca.layers.tar.TarEntry.Type;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TarReaderTest {

    @TempDir
    Path directory;

    /** Gives the archive in windows of {@code step} bytes. */
    private static TarReader reader(byte[] archive, int step) {
        ByteBuffer all = ByteBuffer.allocateDirect(archive.length).put(archive).flip();
        ByteBuffer[] current = {all.slice(0, 0)};
        return new TarReader(() -> {
            if (!current[0].hasRemaining()) {
                if (!all.hasRemaining()) {
                    return null;
                }
                int count = Math.min(step, all.remaining());
                current[0] = all.slice(all.position(), count);
                all.position(all.position() + count);
            }
            return current[0];
        });
    }

    private static byte[] content(TarReader reader) throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        while (reader.remaining() > 0) {
            ByteBuffer data = reader.data(Long.MAX_VALUE);
            byte[] bytes = new byte[data.remaining()];
            data.get(bytes);
            content.writeBytes(bytes);
        }
        return content.toByteArray();
    }

    private static List<TarEntry> all(byte[] archive) throws IOException {
        TarReader reader = reader(archive, 1 << 20);
        List<TarEntry> entries = new ArrayList<>();
        for (TarEntry entry = reader.next(); entry != null; entry = reader.next()) {
            entries.add(entry);
        }
        return entries;
    }

    private byte[] tar(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("tar", "-C", directory.toString(), "-cf", "-"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        byte[] archive = process.getInputStream().readAllBytes();
        assertEquals(0, process.waitFor());
        return archive;
    }

    private static void assertDamaged(String reason, byte[] archive) {
        TarFormatException e = assertThrows(TarFormatException.class, () -> all(archive));
        assertTrue(e.getMessage().contains(reason), e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"v7", "oldgnu", "gnu", "ustar", "posix"})
    void next_everyDialectOfGnuTar_readsTheSame(String format) throws Exception {
        Files.createDirectories(directory.resolve("d/e"));
        Files.write(directory.resolve("d/e/file"), new byte[1000]);
        Files.setAttribute(directory.resolve("d/e/file"), "unix:uid", 1234);
        Files.createSymbolicLink(directory.resolve("d/link"), Path.of("e/file"));
        Files.createLink(directory.resolve("d/name"), directory.resolve("d/e/file"));
        List<TarEntry> entries = all(tar("--format=" + format, "--sort=name", "d"));
        assertEquals(
                List.of("d/", "d/e/", "d/e/file", "d/link", "d/name"),
                entries.stream().map(TarEntry::path).toList());
        assertEquals(
                List.of(Type.DIRECTORY, Type.DIRECTORY, Type.REGULAR, Type.SYMLINK, Type.HARD_LINK),
                entries.stream().map(TarEntry::type).toList());
        assertEquals(1000, entries.get(2).size());
        assertEquals(1234, entries.get(2).uid());
        assertEquals("e/file", entries.get(3).link());
        assertEquals("d/e/file", entries.get(4).link());
        assertEquals(0, entries.get(4).size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"gnu", "posix"})
    void next_longNames_areWhole(String format) throws Exception {
        String deep = ("n".repeat(120) + "/").repeat(3);
        Files.createDirectories(directory.resolve(deep));
        Files.writeString(directory.resolve(deep + "file"), "x");
        Files.createSymbolicLink(directory.resolve("link"), Path.of("t".repeat(300)));
        List<TarEntry> entries = all(tar("--format=" + format, deep + "file", "link"));
        assertEquals(deep + "file", entries.get(0).path());
        assertEquals("t".repeat(300), entries.get(1).link());
    }

    @Test
    void next_ustarPrefix_isJoined() throws Exception {
        String deep = "p".repeat(90) + "/" + "q".repeat(50) + "/";
        Files.createDirectories(directory.resolve(deep));
        Files.writeString(directory.resolve(deep + "file"), "x");
        assertEquals(
                deep + "file", all(tar("--format=ustar", deep + "file")).get(0).path());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--format=oldgnu",
                "--format=gnu",
                "--sparse-version=0.0",
                "--sparse-version=0.1",
                "--sparse-version=1.0"
            })
    void next_sparseFile_tellsWhereItsDataLie(String form) throws Exception {
        List<Extent> expected = new ArrayList<>();
        Path file = directory.resolve("sparse");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            for (int i = 0; i < 40; i++) {
                sparse.seek((long) i << 20);
                byte[] data = new byte[4096];
                Arrays.fill(data, (byte) (i + 1));
                sparse.write(data);
                expected.add(new Extent((long) i << 20, 4096));
            }
            sparse.setLength(41L << 20);
        }
        Files.writeString(directory.resolve("after"), "next");
        byte[] archive = tar(form.startsWith("--format") ? form : "--format=posix", form, "-S", "sparse", "after");
        for (int step : new int[] {1 << 20, 700}) {
            TarReader reader = reader(archive, step);
            TarEntry entry = reader.next();
            assertNotNull(entry);
            assertEquals("sparse", entry.path());
            assertEquals(41L << 20, entry.size());
            assertEquals(
                    expected,
                    entry.sparse().stream()
                            .filter(extent -> extent.length() > 0)
                            .toList());
            byte[] data = content(reader);
            assertEquals(40 * 4096, data.length);
            assertEquals(40, data[data.length - 1]);
            TarEntry after = reader.next();
            assertNotNull(after);
            assertArrayEquals("next".getBytes(StandardCharsets.US_ASCII), content(reader));
            assertNull(reader.next());
        }
    }

    @Test
    void next_base256Numbers_areRead() throws Exception {
        Path file = directory.resolve("large");
        try (RandomAccessFile large = new RandomAccessFile(file.toFile(), "rw")) {
            large.setLength(9L << 30);
        }
        Files.setAttribute(file, "unix:uid", 3_000_000);
        Files.setLastModifiedTime(file, java.nio.file.attribute.FileTime.fromMillis(-1000));
        byte[] header = Arrays.copyOf(tarHead(file), 512);
        TarReader reader = reader(header, 512);
        TarEntry entry = reader.next();
        assertNotNull(entry);
        assertEquals(9L << 30, entry.size());
        assertEquals(3_000_000, entry.uid());
        assertEquals(Instant.ofEpochSecond(-1), entry.mtime());
        assertEquals(9L << 30, reader.remaining());
        assertThrows(TarFormatException.class, reader::next);
    }

    private byte[] tarHead(Path file) throws Exception {
        Process process = new ProcessBuilder(
                        "tar",
                        "-C",
                        directory.toString(),
                        "--format=gnu",
                        "-cf",
                        "-",
                        file.getFileName().toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        byte[] head = process.getInputStream().readNBytes(512);
        process.getInputStream().close();
        process.destroyForcibly();
        process.waitFor();
        return head;
    }

    @Test
    void next_paxRecords_overrideTheHeader() throws IOException {
        byte[] archive = new TarBuilder()
                .record("path", "päth")
                .record("uid", "3000000")
                .record("gid", "4000000")
                .record("mtime", "12.000000345999")
                .record("atime", "-1.25")
                .attribute("user.x", "a=b\nc")
                .file("short", "x")
                .build();
        TarEntry entry = all(archive).get(0);
        assertEquals("päth", entry.path());
        assertEquals(3_000_000, entry.uid());
        assertEquals(4_000_000, entry.gid());
        assertEquals(Instant.ofEpochSecond(12, 345), entry.mtime());
        assertEquals(Instant.ofEpochSecond(-2, 750_000_000), entry.atime());
        assertArrayEquals(
                "a=b\nc".getBytes(StandardCharsets.US_ASCII), entry.attributes().get("user.x"));
    }

    @Test
    void next_globalRecords_holdUntilOverridden() throws IOException {
        byte[] record = "15 uid=1000000\n".getBytes(StandardCharsets.US_ASCII);
        byte[] archive = new TarBuilder()
                .member('g', "global", "", 0644, 0, 0, record)
                .file("a", "")
                .record("uid", "5")
                .file("b", "")
                .file("c", "")
                .build();
        assertEquals(
                List.of(1_000_000, 5, 1_000_000),
                all(archive).stream().map(TarEntry::uid).toList());
    }

    @Test
    void next_withoutEndBlocks_endsWithTheInput() throws IOException {
        assertEquals(1, all(new TarBuilder().file("a", "x").open()).size());
        assertEquals(0, all(new byte[0]).size());
    }

    @Test
    void next_afterTheEnd_readsTheRestOfTheInput() throws IOException {
        byte[] archive = Arrays.copyOf(new TarBuilder().file("a", "x").build(), 10240);
        TarReader reader = reader(archive, 1000);
        assertNotNull(reader.next());
        assertNull(reader.next());
        assertEquals(10240, reader.position());
    }

    @Test
    void next_truncated_saysWhere() {
        byte[] archive = new TarBuilder().file("a", "content").open();
        assertDamaged("the archive ends within a file at byte 1000", Arrays.copyOf(archive, 1000));
        assertDamaged("the archive ends within a header", Arrays.copyOf(archive, 100));
        byte[] pax = new TarBuilder().record("uid", "1").file("a", "").open();
        assertDamaged("after an extended header", Arrays.copyOf(pax, 1024));
        assertDamaged("within an extended header", Arrays.copyOf(pax, 515));
    }

    @Test
    void next_damagedHeader_isFoundByItsChecksum() {
        byte[] archive = new TarBuilder().file("a", "content").build();
        archive[0] = 'b';
        assertDamaged("checksum is wrong at byte 0", archive);
    }

    @Test
    void next_emptyHeaderInTheMiddle_isRefused() {
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        archive.writeBytes(new byte[512]);
        archive.writeBytes(new TarBuilder().file("a", "x").build());
        assertDamaged("a header is empty", archive.toByteArray());
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "99 a=b\n", "5 a=b\n", "7 a=b\nX", "-1 a=b\n", " a=b\n", "6 a-b\n"})
    void next_malformedPaxRecords_areRefused(String records) {
        byte[] archive = new TarBuilder()
                .member('x', "pax", "", 0644, 0, 0, records.getBytes(StandardCharsets.US_ASCII))
                .file("a", "")
                .build();
        assertDamaged("an extended header is malformed", archive);
    }

    @Test
    void next_unknownType_isRefused() {
        assertDamaged(
                "unknown type 'M'",
                new TarBuilder().member('M', "a", "", 0644, 0, 0, new byte[0]).build());
    }

    @ParameterizedTest
    @ValueSource(strings = {"size=-1", "uid=-1", "gid=4294967295", "uid=x", "mtime=soon", "size=9999999999999999999"})
    void next_numbersOutOfRange_areRefused(String record) {
        int equals = record.indexOf('=');
        byte[] archive = new TarBuilder()
                .record(record.substring(0, equals), record.substring(equals + 1))
                .file("a", "")
                .build();
        assertThrows(TarFormatException.class, () -> all(archive));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0,10,5,10", "0,100", "10,-5", "0", "0,x", "100,1"})
    void next_malformedSparseMaps_areRefused(String map) {
        byte[] archive = new TarBuilder()
                .record("GNU.sparse.map", map)
                .record("GNU.sparse.size", "50")
                .file("a", new byte[20])
                .build();
        assertDamaged("a sparse file's map is malformed", archive);
    }

    @Test
    void next_anyDamage_isAnExceptionOfItsOwn() {
        byte[] archive = new TarBuilder()
                .attribute("user.x", "y")
                .directory("d/")
                .record("GNU.sparse.map", "0,5,10,5")
                .record("GNU.sparse.size", "50")
                .file("d/f", new byte[10])
                .symlink("l", "d/f")
                .build();
        java.util.Random random = new java.util.Random(42);
        for (int i = 0; i < 20_000; i++) {
            byte[] damaged = archive.clone();
            for (int j = random.nextInt(4); j >= 0; j--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            repairChecksums(damaged);
            try {
                all(damaged);
            } catch (TarFormatException expected) {
                assertNotNull(expected.getMessage());
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    private static void repairChecksums(byte[] archive) {
        for (int at = 0; at + 512 <= archive.length; at += 512) {
            if (archive[at + 257] == 'u' && archive[at + 258] == 's') {
                Arrays.fill(archive, at + 148, at + 156, (byte) ' ');
                int sum = 0;
                for (int i = 0; i < 512; i++) {
                    sum += archive[at + i] & 0xFF;
                }
                byte[] digits = String.format("%06o", sum).getBytes(StandardCharsets.US_ASCII);
                System.arraycopy(digits, 0, archive, at + 148, 6);
                archive[at + 154] = 0;
            }
        }
    }
}
