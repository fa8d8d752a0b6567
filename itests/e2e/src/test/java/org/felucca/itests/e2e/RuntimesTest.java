package org.felucca.itests.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code --runtime}: what users see does not depend on whose program makes the container. */
class RuntimesTest {
    @RegisterExtension
    static final Fixture FIXTURE = new Fixture();

    private final Daemon daemon = FIXTURE.daemon();

    @BeforeEach
    void pull() {
        daemon.felucca("pull", FIXTURE.images().busybox()).ok();
    }

    /** The first container of a runtime makes directories that stay. */
    private void expectNothingNew(String runtime) {
        run(runtime, "true").ok();
        FIXTURE.expectNoNewFiles(FIXTURE.images().busybox());
    }

    private Finished run(String runtime, String... command) {
        String[] arguments = new String[5 + command.length];
        System.arraycopy(
                new String[] {
                    "run", "--rm", "--runtime", runtime, FIXTURE.images().busybox()
                },
                0,
                arguments,
                0,
                5);
        System.arraycopy(command, 0, arguments, 5, command.length);
        return daemon.felucca(arguments);
    }

    @ParameterizedTest
    @ValueSource(strings = {"linux", "runc", "crun"})
    void run_streamsAndStatus_areTheContainers(String runtime) {
        expectNothingNew(runtime);
        Finished run =
                run(runtime, "sh", "-c", "echo out; echo err >&2; exit 42").status(42);
        assertEquals("out\n", run.text());
        assertEquals("err\n", run.errors());
        run(runtime, "no-such-program").status(127);
        run(runtime, "/etc").status(126);
    }

    @ParameterizedTest
    @ValueSource(strings = {"runc", "crun"})
    void detachedContainer_whoseDaemonIsKilled_answersEveryVerb(String runtime) {
        daemon.felucca(
                        "run",
                        "-d",
                        "--name",
                        "web",
                        "--runtime",
                        runtime,
                        FIXTURE.images().busybox(),
                        "sh",
                        "-c",
                        "trap 'echo bye; exit 7' TERM; echo up; while :; do sleep 0.1; done")
                .ok();
        Commands.await(
                "the log says that it is up",
                Duration.ofSeconds(10),
                () -> daemon.felucca("logs", "web").ok().text().equals("up\n"));
        assertEquals(
                "in", daemon.felucca("exec", "web", "sh", "-c", "echo in").ok().word());
        daemon.felucca("exec", "web", "sh", "-c", "exit 9").status(9);

        Daemon.kill(daemon.jvm());
        Commands.await(
                "the daemon is back",
                Duration.ofSeconds(60),
                () -> daemon.felucca("ps", "-q").status() == 0);
        assertTrue(daemon.felucca("ps").ok().text().contains("web"), daemon.log());
        assertEquals(
                "again",
                daemon.felucca("exec", "web", "sh", "-c", "echo again").ok().word());

        daemon.felucca("stop", "web").ok();
        assertEquals("7", daemon.felucca("wait", "web").ok().word());
        assertEquals("up\nbye\n", daemon.felucca("logs", "web").ok().text());
        daemon.felucca("start", "web").ok();
        daemon.felucca("kill", "--signal", "KILL", "web").ok();
        assertEquals("137", daemon.felucca("wait", "web").ok().word());
        daemon.felucca("rm", "web").ok();
    }

    @ParameterizedTest
    @ValueSource(strings = {"runc", "crun"})
    void run_withTerminal_hasOneOfTheWindowsSizeThatFollowsIt(String runtime) {
        expectNothingNew(runtime);
        try (Terminal terminal = new Terminal(
                daemon,
                33,
                101,
                "run",
                "--rm",
                "-it",
                "--runtime",
                runtime,
                FIXTURE.images().busybox(),
                "sh")) {
            terminal.see("#").type("stty size\n").see("33 101").see("#");
            terminal.resize(44, 122)
                    .type("sleep 0.3; stty size\n")
                    .see("44 122")
                    .see("#");
            terminal.type("exit 12\n");
            assertEquals(12, terminal.end());
        }
    }
}
