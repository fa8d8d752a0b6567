package org.felucca.itests.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.felucca.oci.json.JsonObject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Images that leave as files and come back, and those that go. */
class SaveTest {
    @RegisterExtension
    static final Fixture FIXTURE = new Fixture();

    private final Daemon daemon = FIXTURE.daemon();
    private final String busybox = FIXTURE.images().busybox();
    private Path work;

    @BeforeEach
    void pull() throws IOException {
        work = Files.createTempDirectory(FIXTURE.images().work(), "save");
        daemon.felucca("pull", busybox).ok();
    }

    private String manifest(String reference) {
        return "sha256:"
                + digest(Commands.run("skopeo", "inspect", "--raw", reference).ok());
    }

    private String config(String reference) {
        return "sha256:"
                + digest(Commands.run("skopeo", "inspect", "--config", "--raw", reference)
                        .ok());
    }

    private String digest(Finished run) {
        try {
            return OciLayout.digest(Files.write(work.resolve("printed"), run.output()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String id(String name) {
        return OciLayout.text((JsonObject) daemon.json("images", name).value(), "id");
    }

    @ParameterizedTest
    @ValueSource(strings = {"archive", "oci-archive", "docker-archive"})
    void save_ofTwo_isReproducibleAndComesBack(String form) throws Exception {
        String one = "example.org/saved/one:" + form;
        String two = "example.org/saved/two:other-" + form; // a layout is read by tags
        daemon.felucca("pull", FIXTURE.images().crafted()).ok();
        daemon.felucca("tag", busybox, one).ok();
        daemon.felucca("tag", FIXTURE.images().crafted(), two).ok();
        Path archive = work.resolve("both.tar");
        daemon.felucca("save", "--as", form, "--output", archive.toString(), one, two)
                .ok();
        daemon.client()
                .shell("felucca save --as " + form + " " + two + " " + one + " | cmp - " + archive)
                .ok();
        String read = form.equals("oci-archive")
                ? "oci-archive:" + archive + ":" + form
                : "docker-archive:" + archive + ":" + one;
        assertEquals(id(one), config(read));
        if (!form.equals("docker-archive")) {
            assertEquals(
                    OciLayout.text(FIXTURE.images().busyboxManifest(), "digest"),
                    manifest("oci-archive:" + archive + ":" + form));
        }
        daemon.felucca("rmi", one, two).ok();
        assertEquals(
                2,
                daemon.client()
                        .input(archive)
                        .run("import", "-q", "-")
                        .ok()
                        .lines()
                        .size());
        assertEquals(
                "back", daemon.felucca("run", "--rm", one, "echo", "back").ok().word());
        daemon.felucca("rmi", one, two).ok();
    }

    @Test
    void save_asDirectory_isALayoutOfEqualDigest() throws Exception {
        Path layout = work.resolve("layout");
        daemon.felucca("save", "--as", "oci", "-o", layout.toString(), busybox).ok();
        assertEquals(OciLayout.text(FIXTURE.images().busyboxManifest(), "digest"), manifest("oci:" + layout + ":1"));
        daemon.felucca("import", "-q", layout.toString(), "example.org/from/layout:1")
                .ok();
        assertEquals(id(busybox), id("example.org/from/layout:1"));
        daemon.felucca("save", "--as", "oci", "-o", layout.toString(), busybox)
                .status(1)
                .complains("is there already");
        daemon.felucca("rmi", "example.org/from/layout:1").ok();
    }

    @Test
    void save_isReadByPodman() {
        Path archive = work.resolve("image.tar");
        daemon.felucca("save", "-o", archive.toString(), busybox).ok();
        try (Podman podman = new Podman()) {
            podman.run("load", "-q", "-i", archive.toString());
            assertEquals(
                    id(busybox).substring("sha256:".length()),
                    podman.run("image", "inspect", "--format", "{{.Id}}", busybox)
                            .word());
        }
    }

    @Test
    void save_thatFails_leavesNoFile() throws Exception {
        Path archive = work.resolve("kept.tar");
        Files.writeString(archive, "what was there");
        daemon.felucca("save", "-o", archive.toString(), "example.org/missing:1")
                .status(1)
                .complains("example.org/missing:1");
        daemon.felucca("save", "--platform", "linux/s390x", "-o", archive.toString(), busybox)
                .status(1);
        assertEquals("what was there", Files.readString(archive));
        try (var files = Files.list(work)) {
            assertEquals(List.of(archive), files.toList());
        }
        daemon.felucca("save", "-o", work.resolve("no/where.tar").toString(), busybox)
                .status(1)
                .complains("no such file or directory");
    }

    @Test
    void rmi_ofSeveral_reportsThoseThatFail() {
        daemon.felucca("tag", busybox, "example.org/a:1").ok();
        daemon.felucca("tag", busybox, "example.org/b:1").ok();
        Finished removed = daemon.felucca("rmi", "example.org/a:1", "example.org/none:1", "example.org/b:1")
                .status(1)
                .complains("example.org/none:1");
        assertEquals(List.of("Untagged: example.org/a:1", "Untagged: example.org/b:1"), removed.lines());
    }

    @Test
    void prune_saysWhatItWouldFree_andFreesThat() {
        String crafted = FIXTURE.images().crafted();
        daemon.felucca("pull", crafted).ok();
        daemon.felucca("run", "--name", "user", busybox, "true").ok();
        List<String> would =
                daemon.felucca("image", "prune", "--all", "--dry-run").ok().lines();
        assertTrue(would.contains("Would untag: " + crafted), would::toString);
        assertFalse(would.contains("Would untag: " + busybox), would::toString);
        String sum = would.get(would.size() - 1).replace("Would free", "Freed");
        assertTrue(sum.matches("Freed [1-9]\\d* bytes: [1-9]\\d* blobs, [1-9]\\d* snapshots"), sum);
        assertTrue(daemon.felucca("images").ok().text().contains("e2e/crafted"), "a dry run removes nothing");
        List<String> done = daemon.felucca("image", "prune", "--all").ok().lines();
        assertEquals(sum, done.get(done.size() - 1));
        String left = daemon.felucca("images").ok().text();
        assertFalse(left.contains("e2e/crafted"), left);
        assertTrue(left.contains("e2e/busybox"), left);
        daemon.felucca("run", "--rm", busybox, "true").ok();
    }

    @Test
    void history_tellsTheSteps_lastFirst() {
        String history = daemon.felucca("history", busybox).ok().text();
        assertTrue(history.startsWith("IMAGE "), history);
        assertEquals(2, history.lines().count(), "one layer, of which the image says nothing");
        daemon.felucca("history", "example.org/missing:1").status(1).complains("example.org/missing:1");
    }
}
