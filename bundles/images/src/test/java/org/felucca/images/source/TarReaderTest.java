package org.felucca.images.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.felucca.images.source.TarReader.Entry;
import org.felucca.images.source.TarReader.Type;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TarReaderTest {
    private static final String LONG = "d".repeat(90) + "/" + "é".repeat(100) + "/" + "f".repeat(200);

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"pax", "gnu", "posix"})
    void next_archivesOfGnuTar_givesNamesLinksAndBytes(String format) throws Exception {
        byte[] content = new byte[3000];
        new Random(1).nextBytes(content);
        Path tree = Files.createDirectory(directory.resolve("tree"));
        Files.createDirectories(tree.resolve(LONG).getParent());
        Files.write(tree.resolve(LONG), content);
        Files.write(tree.resolve("empty"), new byte[0]);
        Files.createSymbolicLink(tree.resolve("sym"), Path.of(LONG));
        Files.createLink(tree.resolve("hard"), tree.resolve("empty"));
        TarReader tar = new TarReader(new ByteArrayInputStream(tar(tree, format)));
        List<String> seen = new ArrayList<>();
        for (Entry entry = tar.next(); entry != null; entry = tar.next()) {
            if (entry.name().equals(LONG)) {
                assertEquals(content.length, entry.size());
                assertArrayEquals(Arrays.copyOf(content, 10), tar.bytes().readNBytes(10));
                assertArrayEquals(
                        Arrays.copyOfRange(content, 10, 3000), tar.bytes().readAllBytes());
            }
            if (entry.type() == Type.SYMBOLIC_LINK) {
                assertEquals(LONG, entry.link());
            }
            seen.add(entry.type() + " " + entry.name());
        }
        assertEquals(
                List.of("FILE " + LONG, "FILE empty", "HARD_LINK hard", "SYMBOLIC_LINK sym"),
                seen.stream().filter(line -> !line.startsWith("OTHER")).toList());
    }

    @Test
    void next_unreadEntries_areSkipped() throws Exception {
        Path tree = Files.createDirectory(directory.resolve("tree"));
        Files.write(tree.resolve("a"), new byte[1234]);
        Files.writeString(tree.resolve("b"), "bytes of b");
        TarReader tar = new TarReader(new ByteArrayInputStream(tar(tree, "ustar")));
        Entry entry = tar.next();
        while (entry != null && !entry.name().equals("b")) {
            entry = tar.next();
        }
        assertNotNull(entry);
        assertEquals("bytes of b", new String(tar.bytes().readAllBytes()));
    }

    @Test
    void next_anyDamage_throwsOrGoesOnButNeverLoops() throws Exception {
        Path tree = Files.createDirectory(directory.resolve("tree"));
        Files.createDirectories(tree.resolve(LONG).getParent());
        Files.write(tree.resolve(LONG), new byte[700]);
        byte[] whole = tar(tree, "pax");
        int refused = 0;
        for (int seed = 0; seed < 3000; seed++) {
            Random random = new Random(seed);
            int length = random.nextInt(10) == 0 ? random.nextInt(whole.length) : whole.length;
            byte[] damaged = Arrays.copyOf(whole, length);
            for (int i = random.nextInt(4); i >= 0 && damaged.length > 0; i--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            try {
                TarReader tar = new TarReader(new ByteArrayInputStream(damaged));
                while (tar.next() != null) {
                    tar.bytes().readNBytes(100);
                }
            } catch (IOException e) {
                refused++;
            }
        }
        assertTrue(refused > 500, refused + " of 3000 were refused");
    }

    @Test
    void next_withoutEndMark_isRefused() {
        TarReader tar = new TarReader(new ByteArrayInputStream(new byte[0]));
        assertThrows(IOException.class, tar::next);
    }

    private byte[] tar(Path tree, String format) throws IOException, InterruptedException {
        Path archive = directory.resolve("archive.tar");
        Process process = new ProcessBuilder(
                        "tar",
                        "-C",
                        tree.toString(),
                        "--sort=name",
                        "--format=" + format,
                        "-cf",
                        archive.toString(),
                        "--transform=s,^\\./,,S",
                        ".")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        assertTrue(process.waitFor(1, TimeUnit.MINUTES));
        assertEquals(0, process.exitValue(), Files.readString(directory.resolve("log")));
        return Files.readAllBytes(archive);
    }
}
