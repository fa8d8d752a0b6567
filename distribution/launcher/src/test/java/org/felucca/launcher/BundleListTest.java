package org.felucca.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleListTest {
    @TempDir
    Path home;

    private Path bundles;

    @BeforeEach
    void writeDistribution() throws IOException {
        bundles = Files.createDirectory(home.resolve("bundles"));
        Files.createDirectory(home.resolve("lib"));
        Files.writeString(home.resolve("lib/build-id"), "1");
        Files.writeString(bundles.resolve("a.jar"), "a");
        Files.writeString(bundles.resolve("b.jar"), "b");
    }

    @Test
    void read_withMark_startsAllOthers() throws Exception {
        list("# comment\n\na.jar\nb.jar resolve\n");
        assertEquals(
                List.of(
                        new BundleList.Entry(bundles.resolve("a.jar"), false, true),
                        new BundleList.Entry(bundles.resolve("b.jar"), false, false)),
                BundleList.read(home).entries());
    }

    @Test
    void read_withBothMarks_tellsWhereClassesComeFrom() throws Exception {
        list("a.jar\nb.jar platform resolve\n");
        List<BundleList.Entry> entries = BundleList.read(home).entries();
        assertEquals(new BundleList.Entry(bundles.resolve("b.jar"), true, false), entries.get(1));
        assertEquals(
                "reference:" + bundles.resolve("a.jar").toUri(), entries.get(0).location());
        assertEquals("classpath:" + bundles.resolve("b.jar"), entries.get(1).location());
    }

    @Test
    void fingerprint_changesWithBuildContentAndMarkOnly() throws Exception {
        list("a.jar\nb.jar\n");
        String before = BundleList.read(home).fingerprint();
        assertEquals(before, BundleList.read(home).fingerprint());
        list("a.jar\nb.jar resolve\n");
        assertNotEquals(before, BundleList.read(home).fingerprint());
        list("a.jar\nb.jar\n");
        Files.writeString(home.resolve("lib/build-id"), "2");
        assertNotEquals(before, BundleList.read(home).fingerprint());
        Files.writeString(home.resolve("lib/build-id"), "1");
        assertEquals(before, BundleList.read(home).fingerprint());
        Files.writeString(bundles.resolve("b.jar"), "other");
        assertNotEquals(before, BundleList.read(home).fingerprint());
    }

    @Test
    void read_withUnusableList_namesWhatIsWrong() throws IOException {
        assertRefused("NoSuchFile");
        list("a.jar\nc.jar\n");
        assertRefused("c.jar");
        list("a.jar maybe\n");
        assertRefused("a.jar maybe");
        list("\n");
        assertRefused("empty");
    }

    private void list(String text) throws IOException {
        Files.writeString(bundles.resolve("bundles.list"), text);
    }

    private void assertRefused(String part) {
        String message =
                assertThrows(LaunchException.class, () -> BundleList.read(home)).getMessage();
        assertTrue(message.contains(part), message);
    }
}
