package org.felucca.itests.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.felucca.itests.e2e.OciLayout.Layer;
import org.felucca.itests.e2e.OciLayout.Packing;
import org.felucca.oci.json.JsonArray;
import org.felucca.oci.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Logging in, pushing and copying, with a registry that wants a password and one that does not. */
class RegistryVerbsTest {
    @RegisterExtension
    static final Fixture FIXTURE = new Fixture();

    private static Registry secured;

    private final Daemon daemon = FIXTURE.daemon();
    private final String busybox = FIXTURE.images().busybox();

    @BeforeAll
    static void start() throws IOException {
        secured = new Registry(Files.createTempDirectory(FIXTURE.images().work(), "secured"), true);
    }

    @AfterAll
    static void stop() {
        secured.close();
    }

    @BeforeEach
    void pull() {
        daemon.felucca("pull", busybox).ok();
    }

    @AfterEach
    void logout() {
        daemon.felucca("logout", secured.address());
    }

    private void login() {
        daemon.client()
                .input(Registry.PASSWORD + "\n")
                .run("login", "-u", Registry.USER, "--password-stdin", secured.address())
                .ok();
    }

    /** The digest of what a name points to, as skopeo reads it. */
    private static String digest(String reference, String... options) {
        List<String> command = new ArrayList<>(List.of("skopeo", "inspect", "--raw", "--tls-verify=false"));
        command.addAll(List.of(options));
        command.add("docker://" + reference);
        try {
            Path printed = Files.createTempFile(FIXTURE.images().work(), "manifest", "");
            Files.write(
                    printed, Commands.run(command.toArray(String[]::new)).ok().output());
            return "sha256:" + OciLayout.digest(printed);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String securedDigest(String reference) {
        return digest(reference, "--creds", Registry.USER + ":" + Registry.PASSWORD);
    }

    private static String busyboxDigest() {
        return OciLayout.text(FIXTURE.images().busyboxManifest(), "digest");
    }

    @Test
    void push_needsALogin_andHasEqualDigest() {
        String target = secured.address() + "/team/busybox:1";
        daemon.felucca("push", busybox, target).status(1).complains(secured.address());
        daemon.client()
                .input("wrong\n")
                .run("login", "-u", Registry.USER, "--password-stdin", secured.address())
                .status(1)
                .complains(secured.address());
        daemon.felucca("push", busybox, target).status(1);
        login();
        assertEquals(
                secured.address() + "/team/busybox@" + busyboxDigest(),
                daemon.felucca("push", "-q", busybox, target).ok().word());
        assertEquals(busyboxDigest(), securedDigest(target));
        daemon.felucca("rmi", "--force", busybox).ok();
        daemon.felucca("pull", target).ok();
        assertEquals(
                "p", daemon.felucca("run", "--rm", target, "echo", "p").ok().word());
        daemon.felucca("rmi", target).ok();
        daemon.felucca("logout", secured.address()).ok();
        daemon.felucca("pull", target).status(1).complains(secured.address());
    }

    @Test
    void login_atATerminal_asksAndHidesThePassword() {
        try (Terminal terminal = new Terminal(daemon, 24, 80, "login", secured.address())) {
            terminal.see("Username: ").type(Registry.USER + "\n").see(Registry.USER);
            terminal.see("Password: ").type(Registry.PASSWORD + "\n").see("logged in to " + secured.address());
            assertEquals(0, terminal.end());
            assertFalse(terminal.shown().contains(Registry.PASSWORD), terminal.shown());
        }
        daemon.felucca("push", "-q", busybox, secured.address() + "/typed:1").ok();
    }

    @Test
    void login_withoutTerminalOrPassword_saysHow() {
        daemon.felucca("login", "-u", "ann", secured.address()).status(1).complains("--password-stdin");
    }

    @Test
    void copy_betweenRegistries_keepsTheDigestAndLeavesNothing() {
        login();
        daemon.felucca("rmi", "--force", busybox).ok();
        daemon.felucca("image", "prune", "--all").ok();
        String target = secured.address() + "/mirror/busybox:1";
        assertEquals(
                secured.address() + "/mirror/busybox@" + busyboxDigest(),
                daemon.felucca("copy", "-q", busybox, target).ok().word());
        assertEquals(busyboxDigest(), securedDigest(target));
        assertEquals(List.of(), daemon.felucca("images", "-q").ok().lines());
        String second = secured.address() + "/mirror/again:1";
        Finished copied = daemon.felucca("copy", target, second).ok();
        assertFalse(copied.errors().contains("done"), "within a registry nothing is sent:\n" + copied.errors());
        assertEquals(busyboxDigest(), securedDigest(second));
        daemon.felucca("copy", "-q", busybox + "-missing", target).status(1).complains("missing");
    }

    @Test
    void everyPlatform_isPulledSavedAndPushedOn() throws Exception {
        OciLayout layout =
                new OciLayout(Files.createTempDirectory(FIXTURE.images().work(), "platforms"));
        JsonObject mine = one(layout, TestImages.ARCHITECTURE);
        JsonObject theirs = one(layout, "s390x");
        JsonObject index = layout.index(List.of(theirs, mine));
        layout.tag("multi", index);
        String whole = OciLayout.text(index, "digest");
        String reference = FIXTURE.registry().push(layout, "multi", "e2e/platforms:1", "--all", "--preserve-digests");
        String target = FIXTURE.registry().address() + "/e2e/platforms-on:1";
        daemon.felucca("pull", reference).ok();
        daemon.felucca("push", "--all-platforms", reference, target).status(1).complains("is not here");
        daemon.felucca("pull", "--all-platforms", reference).ok();
        daemon.felucca("push", "-q", "--all-platforms", reference, target).ok();
        assertEquals(whole, digest(target));
        Path archive = layout.directory().resolveSibling("platforms.tar");
        daemon.felucca("save", "--all-platforms", "-o", archive.toString(), reference)
                .ok();
        Commands.run(
                        "skopeo",
                        "copy",
                        "-q",
                        "--all",
                        "oci-archive:" + archive + ":1",
                        "dir:" + layout.directory().resolveSibling("platforms-read"))
                .ok();
        assertEquals(
                TestImages.ARCHITECTURE,
                daemon.felucca("run", "--rm", reference, "cat", "/architecture")
                        .ok()
                        .word());
        String pinned = FIXTURE.registry().address() + "/e2e/platforms@" + whole;
        daemon.felucca("pull", pinned).ok();
        String wrong = FIXTURE.registry().address() + "/e2e/platforms@sha256:" + "0".repeat(64);
        assertTrue(daemon.felucca("pull", wrong).status(1).errors().contains("0000"));
        daemon.felucca("rmi", reference, pinned).ok();
    }

    private static JsonObject one(OciLayout layout, String architecture) {
        Path extra = layout.directory().resolve(architecture + ".tar");
        try (TarWriter out = new TarWriter(extra)) {
            out.file("architecture", 0644, architecture + "\n");
        }
        return layout.image(
                JsonObject.builder()
                        .put("Cmd", JsonArray.ofStrings(List.of("/bin/sh")))
                        .build(),
                List.of(
                        new Layer(FIXTURE.images().work().resolve("busybox.tar"), Packing.GZIP),
                        new Layer(extra, Packing.GZIP)),
                architecture);
    }
}
