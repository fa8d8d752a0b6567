package org.felucca.itests.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.felucca.itests.e2e.OciLayout.Layer;
import org.felucca.itests.e2e.OciLayout.Packing;
import org.felucca.oci.json.Json;
import org.felucca.oci.json.JsonArray;
import org.felucca.oci.json.JsonObject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bad input: one clear message that names the thing, the reason and what to do; a status other than 0; nothing left. */
class RefusalTest {
    @RegisterExtension
    static final Fixture FIXTURE = new Fixture();

    private final Daemon daemon = FIXTURE.daemon();

    @BeforeEach
    void pull() {
        daemon.felucca("pull", FIXTURE.images().busybox()).ok();
        FIXTURE.expectNoNewFiles(FIXTURE.images().busybox());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "125 | frobnicate                                     | frobnicate",
                "125 | run --no-such-flag BUSYBOX                     | --no-such-flag",
                "125 | run                                            | IMAGE",
                "125 | run --memory lots BUSYBOX true                 | lots",
                "125 | run --cpus -1 BUSYBOX true                     | -1",
                "125 | run --cap-add NO_SUCH_CAP BUSYBOX true         | NO_SUCH_CAP",
                "125 | run --ulimit nofile BUSYBOX true               | nofile",
                "125 | run --network bridge-of-dreams BUSYBOX true    | bridge-of-dreams",
                "125 | run --snapshotter none-such BUSYBOX true       | none-such",
                "125 | run --runtime none-such BUSYBOX true           | none-such",
                "125 | run --rm -u nobody-there BUSYBOX true          | nobody-there",
                "125 | run --rm --mount type=bind,source=/no/such/dir,target=/x BUSYBOX true | /no/such/dir",
                "125 | run --rm -v relative BUSYBOX true              | relative",
                "125 | run --name .bad. BUSYBOX true                  | .bad.",
                "125 | run UPPER/Case true                            | UPPER/Case",
                "125 | run REGISTRY/e2e/none:1 true                   | e2e/none",
                "125 | run REGISTRY/e2e/busybox:none true             | none",
                "125 | run --pull never REGISTRY/e2e/crafted:never true | crafted",
                "1   | pull REGISTRY/e2e/none:1                       | e2e/none",
                "1   | pull 127.0.0.1:1/nobody/listens:1              | 127.0.0.1:1",
                "1   | stop nobody                                    | nobody",
                "1   | rm nobody                                      | nobody",
                "1   | logs nobody                                    | nobody",
                "1   | inspect nobody                                 | nobody",
                "125 | exec nobody true                               | nobody",
                "1   | rmi nothing:here                               | nothing",
                "1   | kill --signal NOPE nobody                      | NOPE",
                "1   | import /no/such/archive.tar                    | /no/such/archive.tar"
            })
    void command_badInput_saysSoInOneLine(int status, String line, String named) {
        String[] arguments = line.strip()
                .replace("BUSYBOX", FIXTURE.images().busybox())
                .replace("REGISTRY", FIXTURE.registry().address())
                .split(" ");
        Finished run = daemon.felucca(arguments);
        assertNotEquals(0, run.status(), line);
        run.complains(named.replace("REGISTRY", FIXTURE.registry().address()));
        assertTrue(run.errors().contains(":"), "no reason: " + run.errors());
        // "125 or 1" is the protocol's rule: usage is always 125.
        assertTrue(run.status() == status || run.status() == 125, line + " gave " + run.status());
        // 'inspect' prints its list all the same, as docker does.
        assertEquals("", run.text().replaceAll("[\\[\\]\\s]", ""));
        assertEquals("", daemon.felucca("ps", "-a", "-q").ok().word());
    }

    @Test
    void run_emptyProgram_isNotFound_andLeavesNothing() {
        daemon.felucca("run", FIXTURE.images().busybox(), "").status(127).complains("cannot execute ''");
        assertEquals("", daemon.felucca("ps", "-a", "-q").ok().word());
    }

    @Test
    void exec_inPausedStoppedOrOfNothing_saysWhatToDo() {
        daemon.felucca("run", "-d", "--name", "refuses", FIXTURE.images().busybox(), "sleep", "1000")
                .ok();
        daemon.felucca("exec", "refuses", "").status(127).complains("cannot execute ''");
        daemon.felucca("pause", "refuses").ok();
        daemon.felucca("exec", "refuses", "true").status(125).complains("refuses: it is paused; unpause it first");
        daemon.felucca("unpause", "refuses").ok();
        daemon.felucca("run", "--name", "refuses", FIXTURE.images().busybox(), "true")
                .status(125)
                .complains("refuses");
        daemon.felucca("kill", "refuses").ok();
        daemon.felucca("wait", "refuses").ok();
        daemon.felucca("exec", "refuses", "true").status(125).complains("refuses: it is exited; start it first");
        daemon.felucca("rm", "refuses").ok();
    }

    @Test
    void pull_wrongDigest_isRefusedNamingIt() {
        String wrong = "sha256:" + "0123456789abcdef".repeat(4);
        daemon.felucca("pull", FIXTURE.registry().address() + "/e2e/busybox@" + wrong)
                .status(1)
                .complains(wrong);
    }

    @Test
    void pull_layerOfOtherBytes_isRefusedNamingItsDigest() throws IOException {
        damaged("flipped", data -> {
            data.seek(data.length() / 2);
            int was = data.read();
            data.seek(data.length() / 2);
            data.write(was ^ 0x55);
        });
    }

    @Test
    void pull_truncatedLayer_isRefusedNamingItsDigest() throws IOException {
        damaged("truncated", data -> data.setLength(data.length() / 2));
    }

    private interface Damage {
        void to(RandomAccessFile data) throws IOException;
    }

    /** Pushes an image with a layer of its own, damages the layer in the registry, and pulls. */
    private void damaged(String name, Damage damage) throws IOException {
        Path work = Files.createDirectories(FIXTURE.images().work().resolve(name));
        Path tar = work.resolve("layer.tar");
        try (TarWriter out = new TarWriter(tar)) {
            byte[] noise = new byte[1 << 20];
            new Random(name.hashCode()).nextBytes(noise);
            out.file("noise", 0644, noise);
        }
        OciLayout layout = new OciLayout(work.resolve("layout"));
        JsonObject image =
                layout.image(JsonObject.EMPTY, List.of(new Layer(tar, Packing.GZIP)), TestImages.ARCHITECTURE);
        layout.tag("1", image);
        String reference = FIXTURE.registry().push(layout, "1", "e2e/" + name + ":1");
        JsonObject manifest = (JsonObject) Json.parse("manifest", Files.readAllBytes(layout.blobOf(image)));
        JsonObject layer = (JsonObject)
                ((JsonArray) manifest.get("layers").orElseThrow()).values().get(0);
        String hex = OciLayout.text(layer, "digest").substring("sha256:".length());
        try (RandomAccessFile data =
                new RandomAccessFile(FIXTURE.registry().blob(hex).toFile(), "rw")) {
            damage.to(data);
        }
        daemon.felucca("pull", reference).status(1).complains(hex.substring(0, 12));
        assertTrue(!daemon.felucca("images").ok().text().contains(name), "a damaged image is listed");
        daemon.felucca("run", "--rm", reference, "true").status(125).complains(hex.substring(0, 12));
    }

    @Test
    void import_archiveCutOff_isRefusedNamingIt() throws IOException {
        Path whole = FIXTURE.images().work().resolve("whole.tar");
        Commands.run(
                        "skopeo",
                        "copy",
                        "-q",
                        "oci:" + FIXTURE.images().layout().directory() + ":busybox",
                        "oci-archive:" + whole)
                .ok();
        byte[] bytes = Files.readAllBytes(whole);
        Path cut = Files.write(FIXTURE.images().work().resolve("cut.tar"), Arrays.copyOf(bytes, bytes.length / 2));
        daemon.felucca("import", cut.toString()).status(1).complains("cut.tar");
        Path text = Files.writeString(FIXTURE.images().work().resolve("text.tar"), "no archive at all\n".repeat(100));
        daemon.felucca("import", text.toString()).status(1).complains("text.tar");
    }

    @Test
    void socket_withoutPermission_isRefusedNamingIt() {
        Finished run = Commands.run(
                Map.of("FELUCCA_ADDRESS", daemon.address()),
                Path.of("/dev/null"),
                Commands.DEADLINE,
                List.of(
                        "setpriv",
                        "--reuid",
                        "65534",
                        "--regid",
                        "65534",
                        "--clear-groups",
                        "sh",
                        "-c",
                        "exec \"$0\" ps",
                        copyForNobody().toString()));
        run.status(125).complains("felucca.sock", "ermission");
    }

    /** The distribution may lie where nobody but root gets. */
    private Path copyForNobody() {
        try {
            Path directory = Files.createTempDirectory(Path.of("/var/tmp"), "felucca-e2e-client.");
            Commands.run("chmod", "755", directory.toString(), daemon.base().toString())
                    .ok();
            Path copy = directory.resolve("felucca");
            Commands.run("cp", daemon.home().resolve("bin/felucca").toString(), copy.toString())
                    .ok();
            directory.toFile().deleteOnExit(); // the last registered goes first
            copy.toFile().deleteOnExit();
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void client_withoutDaemon_saysWhereItLooked() {
        Finished run = Commands.run(
                Map.of("FELUCCA_ADDRESS", "unix:///no/such/felucca.sock"),
                Path.of("/dev/null"),
                Commands.DEADLINE,
                daemon.clientCommand("ps"));
        run.status(125).complains("/no/such/felucca.sock");
    }

    @Test
    void daemon_secondOnTheSameState_isRefusedByName() {
        Finished second = Commands.run(Map.of(), Path.of("/dev/null"), Commands.DEADLINE, daemon.command());
        assertNotEquals(0, second.status());
        String said = second.errors() + second.text();
        assertTrue(said.contains(daemon.state().toString()), said);
        daemon.felucca("version").ok();
    }
}
