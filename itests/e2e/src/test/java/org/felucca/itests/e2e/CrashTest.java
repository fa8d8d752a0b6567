package org.felucca.itests.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** kill -9 of the daemon's parts with twenty containers running: none is lost, no status is, no line of a log is. */
class CrashTest {
    private static final int CONTAINERS = 20;

    enum Victim {
        JVM,
        SUPERVISE,
        BOTH
    }

    @RegisterExtension
    static final Fixture FIXTURE = new Fixture();

    private final Daemon daemon = FIXTURE.daemon();

    @BeforeEach
    void pull() {
        daemon.felucca("pull", FIXTURE.images().busybox()).ok();
    }

    @ParameterizedTest
    @EnumSource
    void kill_withTwentyRunning_losesNothing(Victim victim) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < CONTAINERS; i++) {
            String name = "c" + victim + i;
            // Talks all the time, also while nobody is there; ends with its own status when it is told to.
            daemon.felucca(
                            "run",
                            "-d",
                            "--name",
                            name,
                            FIXTURE.images().busybox(),
                            "sh",
                            "-c",
                            "n=0; trap 'echo end $n; exit " + (10 + i) + "' TERM; "
                                    + "while :; do n=$((n+1)); echo line $n; sleep 0.05; done")
                    .ok();
            names.add(name);
        }
        crash(victim);
        assertEquals(CONTAINERS, running(victim), daemon.log());

        // Alive: something can be run in one, and attached to another.
        assertEquals(
                "1",
                daemon.felucca("exec", names.get(0), "sh", "-c", "echo $((2-1))")
                        .ok()
                        .word());
        assertTrue(daemon.felucca("logs", names.get(1)).ok().text().startsWith("line 1\nline 2\n"));

        List<String> stop = new ArrayList<>(List.of("stop"));
        stop.addAll(names);
        daemon.felucca(stop.toArray(String[]::new)).ok();
        for (int i = 0; i < CONTAINERS; i++) {
            String name = names.get(i);
            assertEquals(
                    String.valueOf(10 + i), daemon.felucca("wait", name).ok().word(), name);
            assertWholeLog(name);
        }
    }

    @ParameterizedTest
    @EnumSource
    void kill_containersEndMeanwhile_statusIsKnownAfterwards(Victim victim) {
        String name = "ends" + victim;
        daemon.felucca(
                        "run",
                        "-d",
                        "--name",
                        name,
                        FIXTURE.images().busybox(),
                        "sh",
                        "-c",
                        "echo before; while [ ! -e /tmp/go ]; do sleep 0.05; done; echo after; exit 33")
                .ok();
        daemon.felucca("exec", "-d", name, "sh", "-c", "sleep 1; touch /tmp/go").ok();
        crash(victim);
        assertEquals("33", daemon.felucca("wait", name).ok().word());
        assertEquals("before\nafter\n", daemon.felucca("logs", name).ok().text());
    }

    @ParameterizedTest
    @EnumSource
    void kill_whileAClientIsAttached_doesNotTouchIt(Victim victim) {
        String name = "held" + victim;
        String program = "echo one; while [ ! -e /tmp/go ]; do sleep 0.05; done; echo two; echo err >&2; exit 7";
        CompletableFuture<Finished> attached = CompletableFuture.supplyAsync(() ->
                daemon.client().run("run", "--name", name, FIXTURE.images().busybox(), "sh", "-c", program));
        daemon.client()
                .shell("until felucca logs " + name + " 2>/dev/null | grep -q one; do sleep 0.05; done")
                .ok();
        // Its program may be faster than the platform, which takes back what it was killed in the middle of making.
        Commands.await(
                "the container is said to run",
                Duration.ofSeconds(30),
                () -> daemon.felucca("ps").ok().text().contains(name));
        crash(victim);
        daemon.felucca("exec", name, "touch", "/tmp/go").ok();
        Finished ended = attached.orTimeout(60, TimeUnit.SECONDS).join().status(7);
        assertEquals("one\ntwo\n", ended.text());
        assertEquals("err\n", ended.errors());
    }

    private void crash(Victim victim) {
        long supervise = daemon.supervise();
        long jvm = daemon.jvm();
        switch (victim) {
            case JVM -> Daemon.kill(jvm);
            case SUPERVISE -> Daemon.kill(supervise);
            case BOTH -> {
                ProcessHandle.of(supervise).orElseThrow().destroyForcibly();
                ProcessHandle.of(jvm).ifPresent(ProcessHandle::destroyForcibly);
                Daemon.kill(supervise);
            }
        }
        if (victim == Victim.JVM
                && ProcessHandle.of(supervise).map(ProcessHandle::isAlive).orElse(false)) {
            // supervise starts another JVM, or ends; both are fine as long as the next call is answered
            Commands.await(
                    "a JVM is back or supervise has ended",
                    Duration.ofSeconds(60),
                    () -> daemon.felucca("version").status() == 0
                            || !ProcessHandle.of(supervise)
                                    .map(ProcessHandle::isAlive)
                                    .orElse(false));
        }
        if (!ProcessHandle.of(supervise).map(ProcessHandle::isAlive).orElse(false)) {
            daemon.awaitEnd();
            daemon.launch();
        }
    }

    private long running(Victim victim) {
        return daemon.felucca("ps").ok().lines().stream()
                .filter(line -> line.contains("c" + victim))
                .filter(line -> line.contains(" Up "))
                .count();
    }

    private void assertWholeLog(String name) {
        List<String> lines = daemon.felucca("logs", name).ok().lines();
        for (int i = 0; i < lines.size() - 1; i++) {
            assertEquals("line " + (i + 1), lines.get(i), name);
        }
        assertEquals("end " + (lines.size() - 1), lines.get(lines.size() - 1), name);
    }
}
