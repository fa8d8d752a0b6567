package org.felucca.itests.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.felucca.oci.json.Json;
import org.felucca.oci.json.JsonCursor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From pull to rm, with a Debian image and with busybox, and nothing left. */
class LifecycleTest {
    @RegisterExtension
    static final Fixture FIXTURE = new Fixture();

    private final Daemon daemon = FIXTURE.daemon();

    @BeforeEach
    void pull() {
        daemon.felucca("pull", FIXTURE.images().busybox()).ok();
        daemon.felucca("pull", FIXTURE.images().debianGzip()).ok();
        FIXTURE.expectNoNewFiles(FIXTURE.images().busybox());
    }

    @Test
    void detachedContainer_throughItsWholeLife_answersEveryVerb() {
        String id = daemon.felucca(
                        "run",
                        "-d",
                        "--name",
                        "web",
                        FIXTURE.images().debianGzip(),
                        "bash",
                        "-c",
                        "trap 'echo bye; exit 7' TERM; echo to stdout; echo to stderr >&2; "
                                + "while :; do sleep 0.1; done")
                .ok()
                .word();
        assertTrue(id.matches("[0-9a-f]{12,64}"), id);
        Finished ps = daemon.felucca("ps").ok();
        assertTrue(ps.text().contains("web"), ps.text());
        assertTrue(ps.text().contains(" Up "), ps.text());

        assertEquals(
                "bookworm",
                daemon.felucca("exec", "web", "bash", "-c", ". /etc/os-release; echo $VERSION_CODENAME")
                        .ok()
                        .word());
        daemon.felucca("exec", "web", "bash", "-c", "exit 9").status(9);

        Commands.await("the log has both lines", Duration.ofSeconds(10), () -> {
            Finished logs = daemon.felucca("logs", "web").ok();
            return logs.text().equals("to stdout\n") && logs.errors().equals("to stderr\n");
        });

        daemon.felucca("stop", "web").ok();
        assertEquals("7", daemon.felucca("wait", "web").ok().word());
        assertTrue(daemon.felucca("logs", "web").ok().text().endsWith("bye\n"));
        assertFalse(daemon.felucca("ps").ok().text().contains("web"));
        assertTrue(daemon.felucca("ps", "-a").ok().text().contains("web"));

        daemon.felucca("start", "web").ok();
        daemon.felucca("kill", "--signal", "KILL", "web").ok();
        assertEquals("137", daemon.felucca("wait", "web").ok().word());
        daemon.felucca("rm", "web").ok();
        assertEquals("", daemon.felucca("ps", "-a", "-q").ok().word());
    }

    @Test
    void create_thenStart_runsWhatWasCreated() {
        String id = daemon.felucca("create", "--name", "later", FIXTURE.images().busybox(), "echo", "now")
                .ok()
                .word();
        assertEquals("", daemon.felucca("logs", "later").ok().word());
        assertEquals("now", daemon.felucca("start", "-a", id).ok().word());
        assertEquals("now", daemon.felucca("logs", "later").ok().word());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 42, 125, 255})
    void run_exitStatus_isTheContainers(int status) {
        daemon.felucca("run", "--rm", FIXTURE.images().busybox(), "sh", "-c", "exit " + status)
                .status(status);
    }

    @Test
    void run_processKilledBySignal_is128AndTheSignal() {
        daemon.felucca("run", "--rm", "--init", FIXTURE.images().busybox(), "sh", "-c", "kill -9 $$")
                .status(137);
        daemon.felucca("run", "--rm", "--init", FIXTURE.images().busybox(), "sh", "-c", "kill -SEGV $$")
                .status(139);
    }

    @Test
    void run_programMissingOrNotExecutable_is127And126() {
        daemon.felucca("run", "--rm", FIXTURE.images().busybox(), "no-such-program")
                .status(127)
                .complains("no-such-program");
        daemon.felucca("run", "--rm", FIXTURE.images().busybox(), "/etc/passwd")
                .status(126)
                .complains("/etc/passwd");
    }

    @Test
    void run_rm_leavesNoContainer() {
        assertEquals(
                "hello",
                daemon.felucca("run", "--rm", FIXTURE.images().busybox(), "echo", "hello")
                        .ok()
                        .word());
        assertEquals("", daemon.felucca("ps", "-a", "-q").ok().word());
    }

    @Test
    void run_nameInUse_isRefusedByName() {
        daemon.felucca("create", "--name", "taken", FIXTURE.images().busybox()).ok();
        daemon.felucca("run", "--rm", "--name", "taken", FIXTURE.images().busybox(), "true")
                .status(125)
                .complains("taken");
    }

    @Test
    void rm_running_isRefusedUnlessForced() {
        daemon.felucca("run", "-d", "--name", "busy", FIXTURE.images().busybox(), "sleep", "1000")
                .ok();
        daemon.felucca("rm", "busy").status(1).complains("busy", "running");
        daemon.felucca("rm", "--force", "busy").ok();
    }

    @Test
    void logs_follow_endsWithTheContainer() throws Exception {
        daemon.felucca(
                        "run",
                        "-d",
                        "--name",
                        "talker",
                        FIXTURE.images().busybox(),
                        "sh",
                        "-c",
                        "for i in 1 2 3; do echo line $i; sleep 0.2; done")
                .ok();
        assertEquals(
                List.of("line 1", "line 2", "line 3"),
                daemon.felucca("logs", "-f", "talker").ok().lines());
    }

    @Test
    void wait_running_blocksUntilItsEnd() throws Exception {
        daemon.felucca("run", "-d", "--name", "short", FIXTURE.images().busybox(), "sh", "-c", "sleep 0.5; exit 3")
                .ok();
        Process waiting = daemon.client().start("wait", "short");
        assertTrue(waiting.waitFor(20, TimeUnit.SECONDS));
        assertEquals("3", daemon.felucca("wait", "short").ok().word());
    }

    @Test
    void inspect_json_hasWhatWasAsked() {
        daemon.felucca(
                        "run",
                        "-d",
                        "--name",
                        "seen",
                        "--label",
                        "tier=web",
                        FIXTURE.images().busybox(),
                        "sleep",
                        "1000")
                .ok();
        Finished inspect = daemon.felucca("inspect", "seen").ok();
        String document = Json.text(JsonCursor.of("inspect", inspect.output()).value());
        for (String part :
                List.of("seen", "tier", "web", "sleep", "1000", FIXTURE.images().busybox())) {
            assertTrue(document.contains(part), part + " is not in " + document);
        }
    }

    @Test
    void ps_json_isOneObjectALine() {
        daemon.felucca("create", "--name", "one", FIXTURE.images().busybox()).ok();
        daemon.felucca("create", "--name", "two", FIXTURE.images().busybox()).ok();
        List<String> lines = daemon.felucca("ps", "-a", "--format", "json").ok().lines();
        assertEquals(2, lines.size());
        for (String line : lines) {
            assertNotEquals(0, Json.parse("ps", line).toString().length());
        }
    }

    @Test
    void attach_running_getsItsOutputAndStatus() throws Exception {
        daemon.felucca(
                        "run",
                        "-d",
                        "-i",
                        "--name",
                        "listener",
                        FIXTURE.images().busybox(),
                        "sh",
                        "-c",
                        "read line; echo got $line; exit 5")
                .ok();
        Finished attached = daemon.client().input("something\n").run("attach", "listener");
        assertEquals("got something", attached.status(5).word());
    }

    @Test
    void explain_saysWhoWasPickedAndWhy() {
        daemon.felucca("create", "--name", "parts", FIXTURE.images().busybox()).ok();
        String text = daemon.felucca("explain", "parts").ok().text();
        assertTrue(text.contains("overlay"), text);
        assertTrue(text.contains("linux"), text);
        daemon.felucca("explain", "nosuch").status(1).complains("cannot explain nosuch");
        daemon.felucca("explain", "--container", "nosuch").status(1).complains("nosuch");
    }

    @Test
    void images_rmiInUse_isRefused() {
        daemon.felucca("create", "--name", "user", FIXTURE.images().busybox()).ok();
        daemon.felucca("rmi", FIXTURE.images().busybox()).status(1).complains("busybox");
        assertTrue(daemon.felucca("images").ok().text().contains("busybox"));
    }
}
