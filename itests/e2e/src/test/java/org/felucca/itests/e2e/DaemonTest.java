package org.felucca.itests.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The daemon's own life. */
class DaemonTest {
    @RegisterExtension
    static final Fixture FIXTURE = new Fixture();

    private final Daemon daemon = FIXTURE.daemon();

    @Test
    void stopAndStart_keepContainersImagesAndLogs() {
        daemon.felucca("pull", FIXTURE.images().busybox()).ok();
        daemon.felucca(
                        "run",
                        "-d",
                        "--name",
                        "stays",
                        FIXTURE.images().busybox(),
                        "sh",
                        "-c",
                        "trap 'exit 4' TERM; echo first; while :; do sleep 0.1; done")
                .ok();
        daemon.stop();
        assertTrue(Files.notExists(daemon.base().resolve("felucca.sock")), "the socket stays behind");
        daemon.launch();
        assertTrue(daemon.felucca("ps").ok().text().contains("stays"));
        assertTrue(daemon.felucca("images").ok().text().contains("busybox"));
        assertEquals("first\n", daemon.felucca("logs", "stays").ok().text());
        daemon.felucca("stop", "stays").ok();
        assertEquals("4", daemon.felucca("wait", "stays").ok().word());
    }

    @Test
    void stopAndStart_whileAClientIsAttached_doNotTouchIt() {
        daemon.felucca("pull", FIXTURE.images().busybox()).ok();
        String program = "echo one; while [ ! -e /tmp/go ]; do sleep 0.05; done; echo two; echo err >&2; exit 7";
        CompletableFuture<Finished> attached = CompletableFuture.supplyAsync(() ->
                daemon.client().run("run", "--name", "held", FIXTURE.images().busybox(), "sh", "-c", program));
        daemon.client()
                .shell("until felucca logs held 2>/dev/null | grep -q one; do sleep 0.05; done")
                .ok();
        Commands.await(
                "the container is said to run",
                Duration.ofSeconds(30),
                () -> daemon.felucca("ps").ok().text().contains("held"));
        daemon.stop();
        daemon.launch();
        daemon.felucca("exec", "held", "touch", "/tmp/go").ok();
        Finished ended = attached.orTimeout(60, TimeUnit.SECONDS).join().status(7);
        assertEquals("one\ntwo\n", ended.text());
        assertEquals("err\n", ended.errors());
    }

    @Test
    void version_verbose_tellsReadyTimeAndMemory() {
        String text = daemon.felucca("version", "--verbose").ok().text().toLowerCase(Locale.ROOT);
        assertTrue(text.contains("ready"), text);
        assertTrue(text.contains("memory"), text);
    }

    @Test
    void help_isThereForEveryCommand() {
        String overview = daemon.felucca("--help").ok().text();
        for (String verb : new String[] {
            "run", "create", "ps", "start", "stop", "kill", "rm", "exec", "logs", "attach", "wait", "inspect", "pull",
            "images", "rmi", "import", "plugins", "explain", "events", "version"
        }) {
            assertTrue(overview.contains(verb), verb + " is not in the overview");
            String help = daemon.felucca(verb, "--help").ok().text();
            assertTrue(help.contains("felucca " + verb), help);
        }
    }

    @Test
    void plugins_listsTheProvidersOfEveryRole() {
        String text = daemon.felucca("plugins").ok().text();
        for (String part : new String[] {"overlay", "native", "linux"}) {
            assertTrue(text.contains(part), text);
        }
    }

    @Test
    void events_tellsOfAContainersLife() throws Exception {
        daemon.felucca("pull", FIXTURE.images().busybox()).ok();
        Finished events = daemon.client()
                .shell("(timeout 5 felucca events --format json; true) & sleep 1; "
                        + "felucca run --rm --name eventful " + FIXTURE.images().busybox() + " true; wait");
        for (String part : new String[] {"create", "start", "exit", "eventful"}) {
            assertTrue(events.ok().text().contains(part), part + " is not in\n" + events.text());
        }
    }
}
