package org.felucca.itests.e2e;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Bytes through standard input and output: all of them, in order, and with the right end. */
class StreamTest {
    @RegisterExtension
    static final Fixture FIXTURE = new Fixture();

    private final Daemon daemon = FIXTURE.daemon();

    @BeforeEach
    void pull() {
        daemon.felucca("pull", FIXTURE.images().busybox()).ok();
    }

    @Test
    void tarOfTheWholeRoot_throughGzip_losesNoByte() {
        daemon.felucca("pull", FIXTURE.images().debianGzip()).ok();
        Path archive = daemon.base().resolve("root.tar.gz");
        String run = "felucca run --rm " + FIXTURE.images().debianGzip()
                + " tar -C / --exclude=./proc --exclude=./sys --exclude=./dev --sort=name -c .";
        daemon.client().shell(run + " | gzip -1 > " + archive).ok();
        daemon.client().shell("gzip -dc " + archive + " | tar -t | grep -c . ").ok();
        String first = daemon.client()
                .shell("gzip -dc " + archive + " | sha256sum")
                .ok()
                .word();
        String second = daemon.client().shell(run + " | sha256sum").ok().word();
        // Two containers of one image differ in what a runtime writes into them, if in anything: sizes and names do
        // not.
        assertEquals(
                daemon.client()
                        .shell("gzip -dc " + archive + " | tar -tv | grep -v -e etc/host -e etc/resolv "
                                + "| awk '{print $1, $2, $3, $6}' | sha256sum")
                        .ok()
                        .word(),
                daemon.client()
                        .shell(run + " | tar -tv | grep -v -e etc/host -e etc/resolv "
                                + "| awk '{print $1, $2, $3, $6}' | sha256sum")
                        .ok()
                        .word(),
                first + " and " + second);
    }

    @Test
    void output_ofManyMegabytesToASlowReader_isWhole() {
        String line =
                "felucca run --rm " + FIXTURE.images().busybox() + " sh -c 'seq 1 2000000' | (sleep 1; sha256sum)";
        assertEquals(
                Commands.run("sh", "-c", "seq 1 2000000 | sha256sum").ok().word(),
                daemon.client().shell(line).ok().word());
    }

    @Test
    void input_ofManyMegabytes_comesBackEqual() throws Exception {
        byte[] bytes = new byte[20 << 20];
        new Random(7).nextBytes(bytes);
        Path file = Files.write(daemon.base().resolve("random"), bytes);
        Finished cat = daemon.client()
                .input(file)
                .run("run", "--rm", "-i", FIXTURE.images().busybox(), "cat");
        assertArrayEquals(bytes, cat.ok().output());
    }

    @Test
    void output_readerGoesAway_endsTheClientOnly_andRmHoldsOnceTheContainerEnds() {
        String image = FIXTURE.images().busybox();
        assertEquals(
                "y\n141\n",
                daemon.client()
                        .shell("(felucca run --rm --name unread " + image + " yes; echo $? >&3) 3>status | head -n 1; "
                                + "cat status; rm status")
                        .ok()
                        .text());
        assertTrue(daemon.felucca("ps").ok().text().contains("unread"));
        daemon.felucca("kill", "unread").ok();
        Commands.await(
                "it is removed",
                Duration.ofSeconds(30),
                () -> daemon.felucca("ps", "-a", "-q").ok().word().isEmpty());
    }

    @Test
    void input_withoutInteractive_isNotRead() {
        String line = "(echo first; echo second) | (felucca run --rm "
                + FIXTURE.images().busybox() + " cat; cat)";
        assertEquals("first\nsecond\n", daemon.client().shell(line).ok().text());
    }

    @Test
    void outputAndErrors_staySeparate() {
        Finished run = daemon.felucca(
                "run", "--rm", FIXTURE.images().busybox(), "sh", "-c", "echo out; echo err >&2; printf last");
        assertEquals("out\nlast", run.ok().text());
        assertEquals("err\n", run.errors());
    }

    @Test
    void exec_inputAndOutput_areTheClients() {
        daemon.felucca("run", "-d", "--name", "target", FIXTURE.images().busybox(), "sleep", "1000")
                .ok();
        assertEquals(
                "abc",
                daemon.client()
                        .input("abc")
                        .run("exec", "-i", "target", "cat")
                        .ok()
                        .text());
    }

    @Test
    void readerOfOutputGoesAway_clientEndsAndContainerIsNotStuck() throws Exception {
        daemon.client()
                .shell("felucca run --name chatty " + FIXTURE.images().busybox() + " sh -c 'seq 1 10000000' | head -1");
        Process wait = daemon.client().start("wait", "chatty");
        assertTrue(wait.waitFor(60, TimeUnit.SECONDS), "the container is stuck at its output");
    }

    @Test
    void interrupt_ofForegroundRun_reachesTheProcess() throws Exception {
        Process client = daemon.client()
                .start(
                        "run",
                        "--rm",
                        "--name",
                        "signalled",
                        FIXTURE.images().busybox(),
                        "sh",
                        "-c",
                        "trap 'exit 44' INT; echo ready; while :; do sleep 0.1; done");
        Commands.await(
                "it is ready",
                Commands.DEADLINE,
                () -> daemon.felucca("logs", "signalled").text().contains("ready"));
        Commands.run("kill", "-INT", String.valueOf(client.pid())).ok();
        assertTrue(client.waitFor(20, TimeUnit.SECONDS));
        assertEquals(44, client.exitValue());
    }
}
