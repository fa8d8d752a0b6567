package org.felucca.itests.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.felucca.itests.e2e.OciLayout.Layer;
import org.felucca.itests.e2e.OciLayout.Packing;
import org.felucca.oci.json.JsonArray;
import org.felucca.oci.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where images come from, and in which forms. */
class ImageTest {
    @RegisterExtension
    static final Fixture FIXTURE = new Fixture();

    private final Daemon daemon = FIXTURE.daemon();

    @ParameterizedTest
    @ValueSource(strings = {"oci", "oci-archive", "docker-archive"})
    void import_everyForm_givesAnImageThatRuns(String form) throws Exception {
        Path work = Files.createTempDirectory(FIXTURE.images().work(), form);
        String name = "example.org/imported/" + form + ":1";
        Path target = work.resolve(form);
        Commands.run(
                        "skopeo",
                        "copy",
                        "-q",
                        "oci:" + FIXTURE.images().layout().directory() + ":busybox",
                        form + ":" + target + ":" + (form.startsWith("docker") ? name : "tag"))
                .ok();
        daemon.felucca("import", target.toString(), name).ok();
        assertTrue(daemon.felucca("images").ok().text().contains("imported/" + form));
        assertEquals(
                "yes",
                daemon.felucca("run", "--rm", name, "sh", "-c", "echo $FROM_IMAGE")
                        .ok()
                        .word());
        daemon.felucca("rmi", name).ok();
        assertFalse(daemon.felucca("images").ok().text().contains("imported/" + form));
    }

    @Test
    void import_fromStandardInput_givesAnImageThatRuns() throws Exception {
        Path archive = FIXTURE.images().work().resolve("stdin.tar");
        Commands.run(
                        "skopeo",
                        "copy",
                        "-q",
                        "oci:" + FIXTURE.images().layout().directory() + ":busybox",
                        "oci-archive:" + archive + ":tag")
                .ok();
        daemon.client().input(archive).run("import", "-", "example.org/stdin:1").ok();
        assertEquals(
                "in",
                daemon.felucca("run", "--rm", "example.org/stdin:1", "echo", "in")
                        .ok()
                        .word());
    }

    @Test
    void pull_dockerSchema2_runs() {
        String reference =
                FIXTURE.registry().push(FIXTURE.images().layout(), "busybox", "e2e/schema2:1", "--format", "v2s2");
        daemon.felucca("pull", reference).ok();
        assertEquals(
                "2", daemon.felucca("run", "--rm", reference, "echo", "2").ok().word());
    }

    @Test
    void pull_index_picksThisPlatform_andAnotherIfAsked() throws Exception {
        OciLayout layout =
                new OciLayout(Files.createDirectory(FIXTURE.images().work().resolve("index")));
        String other = TestImages.ARCHITECTURE.equals("amd64") ? "arm64" : "amd64";
        JsonObject mine = one(layout, TestImages.ARCHITECTURE);
        JsonObject theirs = one(layout, other);
        layout.tag("multi", layout.index(List.of(theirs, mine)));
        String reference = FIXTURE.registry().push(layout, "multi", "e2e/multi:1", "--all");
        daemon.felucca("pull", reference).ok();
        assertEquals(
                TestImages.ARCHITECTURE,
                daemon.felucca("run", "--rm", reference, "cat", "/architecture")
                        .ok()
                        .word());
        daemon.felucca("pull", "--platform", "linux/" + other, reference).ok();
        daemon.felucca("pull", "--platform", "linux/s390x", reference).status(1).complains("s390x");
    }

    private static JsonObject one(OciLayout layout, String architecture) {
        Path extra = FIXTURE.images().work().resolve(architecture + ".tar");
        try (TarWriter out = new TarWriter(extra)) {
            out.file("architecture", 0644, architecture + "\n");
        }
        return layout.image(
                JsonObject.builder()
                        .put("Cmd", JsonArray.ofStrings(List.of("/bin/sh")))
                        .build(),
                List.of(
                        new Layer(FIXTURE.images().work().resolve("busybox.tar"), Packing.ZSTD),
                        new Layer(extra, Packing.PLAIN)),
                architecture);
    }

    @Test
    void pull_byDigest_isThatManifest() {
        String digest = OciLayout.text(FIXTURE.images().busyboxManifest(), "digest");
        String reference = FIXTURE.registry().address() + "/e2e/busybox@" + digest;
        daemon.felucca("pull", reference).ok();
        assertEquals(
                "d", daemon.felucca("run", "--rm", reference, "echo", "d").ok().word());
    }

    @Test
    void run_missingImage_isPulledFirst() {
        assertEquals(
                "p",
                daemon.felucca("run", "--rm", FIXTURE.images().debianZstd(), "echo", "p")
                        .ok()
                        .word());
        assertEquals(
                "p",
                daemon.felucca(
                                "run",
                                "--rm",
                                "--pull",
                                "never",
                                FIXTURE.images().debianZstd(),
                                "echo",
                                "p")
                        .ok()
                        .word());
    }

    @Test
    void pull_notATerminal_printsPlainLines() {
        Finished pull = daemon.felucca("pull", FIXTURE.images().debianGzip()).ok();
        assertFalse((pull.text() + pull.errors()).contains("\033"), pull.text() + pull.errors());
    }

    @Test
    void shippedImage_greets() {
        String name = daemon.felucca(
                        "import",
                        "--quiet",
                        daemon.home().resolve("images/hello.tar").toString())
                .ok()
                .word();
        String text =
                daemon.felucca("run", "--rm", "--memory", "32m", name).ok().text();
        assertTrue(text.contains("pid"), text);
    }
}
