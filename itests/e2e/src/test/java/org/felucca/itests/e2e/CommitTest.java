package org.felucca.itests.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.felucca.oci.json.Json;
import org.felucca.oci.json.JsonCursor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a container made of its files: shown, exported, and committed to an image that others read. */
class CommitTest {
    @RegisterExtension
    static final Fixture FIXTURE = new Fixture();

    private static final String WORK = """
            set -e
            echo made > /made
            ln /made /linked
            rm -r /home/worker
            echo x:x:7:7::/:/bin/sh >> /etc/passwd
            rm -r /var && mkdir -m 0701 /var && echo v > /var/v
            mkdir -p /n/e/w && chown 12:34 /n/e
            ln -s /nowhere /dangling
            mkfifo /pipe
            mknod /null c 1 3
            chmod 4755 /bin/busybox
            touch -d '2001-02-03 04:05:06' /dated
            """;

    private static final List<String> CHANGES = List.of(
            "A /dangling",
            "A /dated",
            "C /etc",
            "C /etc/passwd",
            "C /home",
            "D /home/worker",
            "A /linked",
            "A /made",
            "A /n",
            "A /n/e",
            "A /n/e/w",
            "A /null",
            "A /pipe",
            "C /var",
            "A /var/v");

    /** What a runtime puts into every container. */
    private static final List<String> RUNTIME =
            List.of("dev", "proc", "sys", "etc/hosts", "etc/hostname", "etc/resolv.conf", "e2e-listing");

    private final Daemon daemon = FIXTURE.daemon();
    private final String busybox = FIXTURE.images().busybox();

    @BeforeEach
    void pull() {
        daemon.felucca("pull", busybox).ok();
    }

    private List<String> listing(Path root) {
        List<String> command = new ArrayList<>(List.of(Programs.LISTING.toString(), root.toString()));
        command.addAll(RUNTIME);
        return withoutTimeOfEtc(
                Commands.run(command.toArray(String[]::new)).ok().lines());
    }

    /** A runtime puts files into /etc; umoci gives directories with a whiteout beside them the time of unpacking. */
    private static List<String> withoutTimeOfEtc(List<String> lines) {
        return lines.stream()
                .map(line -> line.replaceFirst("^(d \\S+ \\S+) \\d+ (etc|home|var|)$", "$1 - $2"))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"overlay", "native"})
    void commit_isTheSameTreeForEverybody(String snapshotter) throws Exception {
        String image = "example.org/committed/" + snapshotter + ":1";
        daemon.felucca("run", "--name", "work", "--snapshotter", snapshotter, busybox, "sh", "-c", WORK)
                .ok();
        List<String> changes = daemon.felucca("diff", "work").ok().lines();
        assertTrue(changes.containsAll(CHANGES), () -> "changes: " + changes);

        String id = daemon.felucca(
                        "commit",
                        "-a",
                        "Ann",
                        "-m",
                        "with things",
                        "-c",
                        "CMD [\"cat\", \"/made\"]",
                        "-c",
                        "ENV COLOUR=blue",
                        "work",
                        image)
                .ok()
                .word();
        assertEquals(
                "made",
                daemon.felucca("run", "--rm", "--snapshotter", snapshotter, image)
                        .ok()
                        .word());
        assertEquals(
                "blue yes",
                daemon.felucca("run", "--rm", image, "sh", "-c", "echo $COLOUR $FROM_IMAGE")
                        .ok()
                        .word());

        List<String> command = new ArrayList<>(List.of(
                "run",
                "--rm",
                "--read-only",
                "--snapshotter",
                snapshotter,
                "-v",
                Programs.LISTING + ":/e2e-listing:ro",
                "--entrypoint",
                "/e2e-listing",
                image,
                "/"));
        command.addAll(RUNTIME);
        List<String> ours = withoutTimeOfEtc(
                daemon.felucca(command.toArray(String[]::new)).ok().lines());
        assertTrue(ours.size() > 200, () -> ours.size() + " files");

        Path work = Files.createTempDirectory(FIXTURE.images().work(), "commit");
        Path layout = work.resolve("layout");
        daemon.felucca("save", "--as", "oci", "-o", layout.toString(), image).ok();
        Commands.run(
                        "umoci",
                        "unpack",
                        "--image",
                        layout + ":1",
                        work.resolve("bundle").toString())
                .ok();
        assertEquals(ours, listing(work.resolve("bundle/rootfs")));

        Path archive = work.resolve("image.tar");
        daemon.felucca("save", "--as", "docker-archive", "-o", archive.toString(), image)
                .ok();
        try (Podman podman = new Podman()) {
            podman.run("load", "-q", "-i", archive.toString());
            assertEquals(
                    id.substring("sha256:".length()),
                    podman.run("image", "inspect", "--format", "{{.Id}}", image).word());
            Path mounted = Path.of(podman.run("image", "mount", image).word());
            assertEquals(ours, listing(mounted));
            podman.run("image", "unmount", image);
        }
        JsonCursor config = json(Commands.run("skopeo", "inspect", "--config", "--raw", "oci:" + layout + ":1")
                .ok());
        assertEquals("Ann", config.object().string("author"));
        daemon.felucca("rmi", image).ok();
    }

    private static JsonCursor json(Finished run) {
        return JsonCursor.of(run.toString(), Json.parse(run.toString(), run.output()));
    }

    @Test
    void diff_ofAnOverlay_namesWhatWasDoneAndNothingElse() {
        daemon.felucca("run", "--name", "work", busybox, "sh", "-c", WORK).ok();
        List<String> expected = new ArrayList<>(CHANGES);
        expected.addAll(0, List.of("C /bin", "C /bin/busybox"));
        List<String> changes = daemon.felucca("diff", "work").ok().lines();
        // The kernel brings up one name of busybox, which has hundreds; the directory is changed by that.
        assertEquals(
                expected.stream().filter(line -> !line.startsWith("C /bin")).toList(),
                changes.stream().filter(line -> !line.startsWith("C /bin")).toList());
        assertTrue(changes.contains("C /bin/busybox"), changes::toString);
        daemon.felucca("run", "--name", "idle", busybox, "true").ok();
        assertEquals(List.of(), daemon.felucca("diff", "idle").ok().lines());
        daemon.felucca("diff", "nobody").status(1).complains("nobody");
    }

    @Test
    void commit_ofARunningContainer_leavesItRunning() {
        daemon.felucca("run", "-d", "--name", "web", busybox, "sh", "-c", "echo up > /up; exec sleep 1000")
                .ok();
        daemon.client()
                .shell("until felucca exec web test -s /up; do sleep 0.05; done")
                .ok();
        String id = daemon.felucca("commit", "web").ok().word();
        assertEquals("up", daemon.felucca("run", "--rm", id, "cat", "/up").ok().word());
        assertEquals(
                "still", daemon.felucca("exec", "web", "echo", "still").ok().word());
        assertTrue(daemon.felucca("images").ok().text().contains("<none>"));
        String history = daemon.felucca("history", "--no-trunc", id).ok().text();
        assertTrue(history.contains("sh -c echo up > /up; exec sleep 1000"), history);
        daemon.felucca("rmi", id).ok();
    }

    @Test
    void commit_withoutTheImageBelow_saysSo() {
        String image = "example.org/below:1";
        daemon.felucca("tag", busybox, image).ok();
        daemon.felucca("run", "--name", "work", image, "true").ok();
        daemon.felucca("rmi", "--force", busybox).ok();
        daemon.felucca("rmi", "--force", image).ok();
        daemon.felucca("commit", "work", "example.org/above:1").status(1).complains("is not here any more");
        daemon.felucca("pull", busybox).ok();
        daemon.felucca("commit", "work", "example.org/above:1").ok();
        daemon.felucca("rmi", "example.org/above:1").ok();
    }

    @Test
    void export_isATarOfTheWholeTree() throws Exception {
        daemon.felucca("run", "--name", "work", busybox, "sh", "-c", WORK).ok();
        Path work = Files.createTempDirectory(FIXTURE.images().work(), "export");
        Path tar = work.resolve("tree.tar");
        daemon.felucca("export", "--output", tar.toString(), "work").ok();
        daemon.client().shell("felucca export work | cmp - " + tar).ok();
        Path tree = Files.createDirectory(work.resolve("tree"));
        Commands.run("tar", "-xpf", tar.toString(), "-C", tree.toString()).ok();
        assertEquals("made\n", Files.readString(tree.resolve("linked")));
        assertFalse(Files.exists(tree.resolve("home/worker")));
        daemon.felucca("export", "-o", work.resolve("none").toString(), "nobody")
                .status(1)
                .complains("nobody");
        assertFalse(Files.exists(work.resolve("none")));
    }
}
