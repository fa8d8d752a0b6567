package org.felucca.itests.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A person at a terminal. */
class TerminalTest {
    @RegisterExtension
    static final Fixture FIXTURE = new Fixture();

    private final Daemon daemon = FIXTURE.daemon();

    @BeforeEach
    void pull() {
        daemon.felucca("pull", FIXTURE.images().busybox()).ok();
    }

    @Test
    void run_withTerminal_hasOneOfTheWindowsSizeThatFollowsIt() {
        try (Terminal terminal = new Terminal(
                daemon, 33, 101, "run", "--rm", "-i", "-t", FIXTURE.images().busybox(), "sh")) {
            terminal.see("#")
                    .type("tty; stty size\n")
                    .see("/dev/pts/0")
                    .see("33 101")
                    .see("#");
            terminal.resize(44, 122)
                    .type("sleep 0.3; stty size\n")
                    .see("44 122")
                    .see("#");
            terminal.type("exit 12\n");
            assertEquals(12, terminal.end());
        }
    }

    @Test
    void ctrlC_inContainer_interruptsTheForegroundJobOnly() {
        try (Terminal terminal = new Terminal(
                daemon,
                24,
                80,
                "run",
                "--rm",
                "-it",
                "--name",
                "jobs",
                FIXTURE.images().busybox(),
                "sh")) {
            terminal.see("#").type("sleep 1000\n").see("sleep 1000");
            // Before it has become the foreground job, the key would reach the shell alone.
            daemon.client()
                    .shell("until felucca exec jobs ps | grep -q 'sleep 1000$'; do sleep 0.05; done")
                    .ok();
            terminal.type("\003").see("#");
            terminal.type("echo still $((40+2))\n").see("still 42").type("exit\n");
            terminal.end();
        }
    }

    @Test
    void ctrlD_atThePrompt_endsTheShell() {
        try (Terminal terminal = new Terminal(
                daemon, 24, 80, "run", "--rm", "-it", FIXTURE.images().busybox(), "sh")) {
            terminal.see("#").type("\004");
            assertEquals(0, terminal.end());
        }
    }

    @Test
    void detachKeys_leaveTheContainerRunning_andAttachComesBack() {
        try (Terminal terminal = new Terminal(
                daemon, 24, 80, "run", "-it", "--name", "kept", FIXTURE.images().busybox(), "sh")) {
            terminal.see("#")
                    .type("echo before; mark=here\n")
                    .see("before")
                    .see("#")
                    .type("\020\021");
            assertEquals(0, terminal.end());
        }
        assertTrue(daemon.felucca("ps").ok().text().contains("kept"));
        try (Terminal terminal = new Terminal(daemon, 30, 90, "attach", "kept")) {
            terminal.type("echo mark is $mark; stty size\n")
                    .see("mark is here")
                    .see("30 90")
                    .type("exit 3\n");
            assertEquals(3, terminal.end());
        }
    }

    @Test
    void exec_withTerminal_getsOneOfItsOwn() {
        daemon.felucca("run", "-d", "--name", "host", FIXTURE.images().busybox(), "sleep", "1000")
                .ok();
        try (Terminal terminal = new Terminal(daemon, 20, 70, "exec", "-it", "host", "sh")) {
            terminal.see("#")
                    .type("stty size; test -t 0 && echo yes\n")
                    .see("20 70")
                    .see("yes")
                    .type("exit 6\n");
            assertEquals(6, terminal.end());
        }
    }

    @Test
    void terminalOfTheClient_isAsBeforeWhenItEnds() {
        try (Terminal terminal = new Terminal(
                daemon, 24, 80, "run", "--rm", "-it", FIXTURE.images().busybox(), "true")) {
            terminal.end();
            assertFalse(terminal.shown().contains("panic"), terminal.shown());
        }
    }

    @Test
    void run_terminalAskedForButNoneThere_isRefused() {
        daemon.felucca("run", "--rm", "-it", FIXTURE.images().busybox(), "true")
                .status(125)
                .complains("terminal");
    }
}
