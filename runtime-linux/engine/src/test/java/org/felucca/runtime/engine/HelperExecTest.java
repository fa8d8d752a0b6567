package org.felucca.runtime.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.process.ExitStatus;
import org.felucca.api.process.HostExec;
import org.felucca.api.process.HostExec.HostExecRequest;
import org.felucca.api.process.HostExec.HostExecResult;
import org.felucca.posix.fs.Fd;
import org.felucca.runtime.monitor.HelperExec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Helper programs, against the real spawn. */
class HelperExecTest {
    @TempDir
    static Path directory;

    private static EngineFixture engine;
    private static HostExec helpers;

    @BeforeAll
    static void start() throws IOException {
        engine = new EngineFixture(directory);
        helpers = new HelperExec(engine.spawn());
    }

    @AfterAll
    static void stop() {
        engine.close();
    }

    private static HostExecRequest shell(String script, String stdin, Duration deadline, int limit) {
        return new HostExecRequest(
                List.of("/bin/sh", "-c", script),
                List.of("K=v"),
                "/tmp",
                stdin.getBytes(StandardCharsets.UTF_8),
                deadline,
                limit);
    }

    private static HostExecResult run(String script, String stdin) {
        return helpers.run(shell(script, stdin, Duration.ofSeconds(20), 1 << 20));
    }

    private static ErrorCode refusal(HostExecRequest request) {
        return assertThrows(FeluccaException.class, () -> helpers.run(request)).code();
    }

    @Test
    void run_takesInputAndGivesOutputsAndStatus() {
        HostExecResult result = run("cat; pwd; echo $K$HOME; echo oops >&2; exit 3", "input\n");
        assertEquals("input\n/tmp\nv\n", new String(result.stdout(), StandardCharsets.UTF_8));
        assertEquals("oops\n", result.stderr());
        assertEquals(new ExitStatus.Exited(3), result.status());
    }

    @Test
    void run_outputBeyondAPacket_comesWhole() {
        HostExecResult result = run("head -c 300000 /dev/zero", "");
        assertEquals(300000, result.stdout().length);
        assertEquals("", result.stderr());
    }

    @Test
    void run_killedBySignal_isReported() {
        assertEquals(new ExitStatus.Signaled(9), run("kill -9 $$", "").status());
    }

    @Test
    void run_missingProgram_isNotFound() {
        assertEquals(
                ErrorCode.NOT_FOUND,
                refusal(new HostExecRequest(
                        List.of("/no/such"), List.of(), "/", new byte[0], Duration.ofSeconds(9), 10)));
        assertEquals(
                ErrorCode.PERMISSION_DENIED,
                refusal(new HostExecRequest(
                        List.of("/etc/passwd"), List.of(), "/", new byte[0], Duration.ofSeconds(9), 10)));
    }

    @Test
    void run_deadline_killsTheWholeGroup() {
        long before = System.nanoTime();
        assertEquals(
                ErrorCode.DEADLINE_EXCEEDED, refusal(shell("sleep 600 & sleep 600", "", Duration.ofMillis(200), 10)));
        assertTrue(System.nanoTime() - before < Duration.ofSeconds(15).toNanos());
    }

    @Test
    void run_tooMuchOutput_isExhausted() {
        assertEquals(
                ErrorCode.RESOURCE_EXHAUSTED, refusal(shell("head -c 100 /dev/zero", "", Duration.ofSeconds(20), 10)));
    }

    @Test
    void newNetworkNamespace_isAnother() {
        try (Fd namespace = engine.spawn().newNetworkNamespace(false)) {
            assertTrue(namespace.isOpen());
        }
    }
}
