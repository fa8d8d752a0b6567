package org.felucca.plugins;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs as root, which owns what the trust asks for. */
class TrustTest {
    private static final String DIGEST = "a".repeat(64);

    @TempDir
    Path directory;

    private Path jar;
    private Path pins;

    @BeforeEach
    void writeFiles() throws IOException {
        jar = Files.writeString(directory.resolve("a.jar"), "content");
        pins = Files.writeString(directory.resolve("pins"), "b".repeat(64) + "  other.jar\n");
        mode(jar, "rw-r--r--");
        mode(pins, "rw-r--r--");
    }

    @Test
    void requireOwned_ofFileOfRoot_passes() throws RefusedException {
        Trust.of("any", "").requireOwned(jar);
    }

    @Test
    void requireOwned_ofFileOfAnotherUser_isRefused() throws IOException {
        Files.setAttribute(jar, "unix:uid", 1000);
        assertRefused(() -> Trust.of("any", "").requireOwned(jar), "belongs to user 1000");
    }

    @Test
    void requireOwned_ofWritableFile_isRefused() throws IOException {
        for (String mode : new String[] {"rw-rw-r--", "rw-r--rw-"}) {
            mode(jar, mode);
            assertRefused(() -> Trust.of("any", "").requireOwned(jar), "writable by others");
        }
    }

    @Test
    void requireOwned_ofSymbolicLink_isRefused() throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("link.jar"), jar);
        assertRefused(() -> Trust.of("any", "").requireOwned(link), "neither a regular file nor a directory");
    }

    @Test
    void requireOwned_ofMissingFile_isRefused() {
        assertRefused(() -> Trust.of("any", "").requireOwned(directory.resolve("none")), "cannot look at");
    }

    @Test
    void requireTrusted_withAny_passesEverything() throws RefusedException {
        Trust.of("any", "").requireTrusted(DIGEST);
    }

    @Test
    void requireTrusted_withPinned_passesPinsOnly() throws Exception {
        Trust trust = Trust.of("pinned", pins.toString());
        assertRefused(() -> trust.requireTrusted(DIGEST), "not pinned in " + pins);
        Files.writeString(pins, DIGEST + "  a.jar\n");
        trust.requireTrusted(DIGEST);
    }

    @Test
    void requireTrusted_withPinsWritableByOthers_isRefused() throws IOException {
        Files.writeString(pins, DIGEST + "  a.jar\n");
        mode(pins, "rw-rw-rw-");
        assertRefused(() -> Trust.of("pinned", pins.toString()).requireTrusted(DIGEST), "writable by others");
    }

    @Test
    void requireTrusted_withSigned_refusesByName() {
        assertRefused(() -> Trust.of("signed", "").requireTrusted(DIGEST), "trust=signed is not supported");
    }

    @Test
    void of_withUnusableSetting_names() {
        String unknown = assertThrows(IllegalArgumentException.class, () -> Trust.of("some", ""))
                .getMessage();
        assertEquals("cannot use trust=some: no such level; use any or pinned", unknown);
        assertThrows(IllegalArgumentException.class, () -> Trust.of("pinned", " "));
    }

    private static void mode(Path file, String mode) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    private interface Check {
        void run() throws RefusedException;
    }

    private static void assertRefused(Check check, String part) {
        String reason = assertThrows(RefusedException.class, check::run).reason();
        assertTrue(reason.contains(part), reason);
    }
}
