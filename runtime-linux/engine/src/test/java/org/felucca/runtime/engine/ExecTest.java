package org.felucca.runtime.engine;

import static org.felucca.runtime.engine.EngineFixture.get;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.process.ExitStatus;
import org.felucca.api.process.Signal;
import org.felucca.api.process.WindowSize;
import org.felucca.api.runtime.ExecProcess;
import org.felucca.api.runtime.ExecRequest;
import org.felucca.api.runtime.Task;
import org.felucca.api.runtime.TaskIo;
import org.felucca.runtime.testkit.ClientFrames;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** More processes in a running container. */
class ExecTest {
    @TempDir
    Path directory;

    private EngineFixture engine;
    private Task task;

    @BeforeEach
    void start() throws IOException {
        engine = new EngineFixture(directory);
        task = engine.start("host", "sleep", "600");
    }

    @AfterEach
    void stop() throws IOException {
        task.kill(Signal.KILL, true);
        EngineFixture.exit(task);
        task.delete();
        assertEquals(List.of(), engine.leftovers());
        engine.close();
    }

    private String run(ExecRequest.Builder request) {
        try (ClientFrames client = new ClientFrames()) {
            ExecProcess process = task.exec(
                    request.io(TaskIo.NONE.client(client.monitorEnd())).build());
            client.handedOver();
            int[] end = client.readToExit();
            assertArrayEquals(new int[] {0, 0}, end, client.stderr().toString());
            assertEquals(new ExitStatus.Exited(0), get(process.exited()).status());
            return client.stdout().toString();
        }
    }

    private static ExecRequest.Builder request(String... args) {
        return ExecRequest.of("x", List.of(args));
    }

    @Test
    void exec_seesTheContainersNamesAndProcesses() {
        assertEquals("felucca\n", run(request("hostname")));
        assertTrue(run(request("ps")).contains("sleep 600"));
    }

    @Test
    void exec_takesEnvironmentDirectoryAndUser() {
        String text = run(request("sh", "-c", "id -u; id -g; id -G; echo $HOME; pwd; echo $K")
                .environment(List.of("K=v"))
                .workingDirectory("/tmp")
                .user("ada"));
        assertEquals("1000\n1001\n1001 10 77\n/home/ada\n/tmp\nv\n", text);
    }

    @Test
    void exec_exitStatusAndSignal_areReported() {
        ExecProcess failing = task.exec(request("sh", "-c", "exit 3").build());
        assertEquals(new ExitStatus.Exited(3), get(failing.exited()).status());
        ExecProcess sleeping = task.exec(request("sleep", "600").build());
        assertEquals(List.of(sleeping), task.execs());
        assertEquals(
                ErrorCode.ALREADY_EXISTS,
                assertThrows(
                                FeluccaException.class,
                                () -> task.exec(request("true").build()))
                        .code());
        sleeping.kill(Signal.TERM);
        assertEquals(new ExitStatus.Signaled(15), get(sleeping.exited()).status());
        assertEquals(List.of(), task.execs());
        assertEquals(
                ErrorCode.FAILED_PRECONDITION,
                assertThrows(FeluccaException.class, () -> sleeping.kill(Signal.TERM))
                        .code());
    }

    @Test
    void exec_missingProgramOrUser_isNotFound() {
        assertEquals(
                ErrorCode.NOT_FOUND,
                assertThrows(
                                FeluccaException.class,
                                () -> task.exec(request("nothing").build()))
                        .code());
        FeluccaException user = assertThrows(
                FeluccaException.class,
                () -> task.exec(request("true").user("bob").build()));
        assertEquals(ErrorCode.NOT_FOUND, user.code());
        assertEquals("cannot find user 'bob' in the container", user.subject());
        assertEquals(List.of(), task.execs());
    }

    @Test
    void exec_privileged_hasAllCapabilities() {
        String limited = run(request("grep", "CapEff", "/proc/self/status"));
        String all = run(request("grep", "CapEff", "/proc/self/status").privileged(true));
        assertTrue(Long.bitCount(capabilities(all)) > 30, all);
        assertEquals(9, Long.bitCount(capabilities(limited)), limited);
    }

    private static long capabilities(String line) {
        return Long.parseUnsignedLong(line.strip().split("\\s+")[1], 16);
    }

    @Test
    void exec_terminal_hasSizeAndTakesInput() {
        try (ClientFrames client = new ClientFrames()) {
            ExecProcess process = task.exec(request("sh", "-c", "tty; stty size; read line; echo got $line; stty size")
                    .io(TaskIo.NONE
                            .terminal(new WindowSize(24, 80))
                            .openStdin(true)
                            .client(client.monitorEnd()))
                    .build());
            client.handedOver();
            client.readUntil("24 80");
            process.resize(new WindowSize(50, 132));
            client.send("hello\n");
            assertArrayEquals(new int[] {0, 0}, client.readToExit());
            String text = client.stdout().toString();
            assertTrue(text.startsWith("/dev/pts/"), text);
            assertTrue(text.contains("got hello"), text);
            assertTrue(text.contains("50 132"), text);
            get(process.exited());
        }
    }

    @Test
    void exec_stdinEof_reachesTheProcess() {
        try (ClientFrames client = new ClientFrames()) {
            task.exec(request("wc", "-c")
                    .io(TaskIo.NONE.openStdin(true).client(client.monitorEnd()))
                    .build());
            client.handedOver();
            client.send("12345");
            client.send(ClientFrames.STDIN_EOF, new byte[0]);
            assertArrayEquals(new int[] {0, 0}, client.readToExit());
            assertEquals("5\n", client.stdout().toString());
        }
    }
}
