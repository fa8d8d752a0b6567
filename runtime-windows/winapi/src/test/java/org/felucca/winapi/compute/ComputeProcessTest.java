package org.felucca.winapi.compute;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.felucca.winapi.abi.WindowsDouble.When;
import org.felucca.winapi.handle.Pipe;
import org.felucca.winapi.result.ComputeResult;
import org.felucca.winapi.result.SystemResult;
import org.felucca.winapi.result.WinapiException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ComputeProcessTest extends ComputeFixture {

    private ComputeSystem system;

    @BeforeEach
    void start() {
        system = running("host");
    }

    @AfterEach
    void stop() {
        end(system);
    }

    @Test
    void createProcess_runsIt_withItsStreamsAndItsExitCode() throws Exception {
        String line = "read go; echo out; echo err >&2; exit 3";
        try (ComputeSystem.Started started = system.createProcess(
                command(line, "CreateStdInPipe", "CreateStdOutPipe", "CreateStdErrPipe"), null, LONG)) {
            started.process().subscribe(events::add);
            started.information().input().orElseThrow().output().write('\n');

            assertEquals("out\n", read(started.information().output().orElseThrow()));
            assertEquals("err\n", read(started.information().error().orElseThrow()));
            ComputeEvent event = nextEvent();
            assertEquals(ComputeEvent.Type.PROCESS_EXITED, event.type());
            assertTrue(event.data().contains("\"ExitCode\":3"), event.data());
            assertTrue(started.process().properties(null, LONG).contains("\"Exited\":true,\"ExitCode\":3"));
        }
    }

    @Test
    void createProcess_withoutPipes_hasNone() throws Exception {
        try (ComputeSystem.Started started = system.createProcess(command("exec sleep 1000"), null, LONG)) {
            ProcessInformation information = started.information();

            assertTrue(information.id() > 0);
            assertTrue(information.input().isEmpty());
            assertTrue(information.output().isEmpty());
            assertTrue(information.error().isEmpty());
        }
    }

    @Test
    void createProcess_passesTheEnvironment() throws Exception {
        String parameters = "{\"CommandLine\":\"echo $GREETING\",\"CreateStdOutPipe\":true,"
                + "\"Environment\":{\"GREETING\":\"zażółć\"}}";
        try (ComputeSystem.Started started = system.createProcess(parameters, null, LONG)) {
            assertEquals("zażółć\n", read(started.information().output().orElseThrow()));
        }
    }

    @Test
    void createProcess_inASystemThatIsNotStarted_isAFailedPreconditionAndLeavesNothing() {
        ComputeSystem fresh = core.create("fresh", CONFIGURATION, null, LONG);

        WinapiException e = assertThrows(WinapiException.class, () -> fresh.createProcess(command("true"), null, LONG));

        assertTrue(e.is(ComputeResult.HCS_E_INVALID_STATE));
        end(fresh);
    }

    @Test
    void createProcess_thatWindowsDoesNotFind_saysSo() {
        WINDOWS.fail("HcsCreateProcess", When.AT_COMPLETION, SystemResult.ERROR_FILE_NOT_FOUND, "nosuch.exe");

        WinapiException e =
                assertThrows(WinapiException.class, () -> system.createProcess(command("nosuch.exe"), null, LONG));

        assertEquals("the file was not found (ERROR_FILE_NOT_FOUND): nosuch.exe", e.reason());
    }

    @Test
    void pipes_carryMoreThanTheyHold_unharmed() throws Exception {
        byte[] sent = new byte[1 << 20];
        new Random(7).nextBytes(sent);
        try (ComputeSystem.Started started =
                system.createProcess(command("exec cat", "CreateStdInPipe", "CreateStdOutPipe"), null, LONG)) {
            CompletableFuture<byte[]> received = CompletableFuture.supplyAsync(() -> {
                try {
                    return started.information().output().orElseThrow().input().readAllBytes();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });

            started.information().input().orElseThrow().write(sent, 0, sent.length);
            started.information().input().orElseThrow().close();

            assertArrayEquals(sent, received.get(1, TimeUnit.MINUTES));
        }
    }

    @Test
    void read_whileThePipeIsClosed_endsWithAnException() throws Exception {
        try (ComputeSystem.Started started =
                system.createProcess(command("exec sleep 1000", "CreateStdOutPipe"), null, LONG)) {
            Pipe output = started.information().output().orElseThrow();
            CountDownLatch reading = new CountDownLatch(1);
            CompletableFuture<Throwable> ended = CompletableFuture.supplyAsync(() -> {
                reading.countDown();
                return assertThrows(IOException.class, () -> output.read(new byte[10], 0, 10));
            });
            assertTrue(reading.await(1, TimeUnit.MINUTES));

            output.close();

            assertTrue(ended.get(1, TimeUnit.MINUTES).getMessage().contains("is closed"));
            assertThrows(IOException.class, () -> output.read(new byte[10], 0, 10));
        }
    }

    @Test
    void write_whileThePipeIsFullAndClosed_endsWithAnException() throws Exception {
        try (ComputeSystem.Started started =
                system.createProcess(command("exec sleep 1000", "CreateStdInPipe"), null, LONG)) {
            Pipe input = started.information().input().orElseThrow();
            CountDownLatch writing = new CountDownLatch(1);
            CompletableFuture<Throwable> ended = CompletableFuture.supplyAsync(() -> {
                writing.countDown();
                return assertThrows(IOException.class, () -> input.write(new byte[1 << 20], 0, 1 << 20));
            });
            assertTrue(writing.await(1, TimeUnit.MINUTES));

            input.close();

            assertTrue(ended.get(1, TimeUnit.MINUTES).getMessage().contains("is closed"));
        }
    }

    @Test
    void write_toAProcessThatIsGone_saysThatTheOtherEndIsClosed() throws Exception {
        try (ComputeSystem.Started started =
                system.createProcess(command("exec sleep 1000", "CreateStdInPipe"), null, LONG)) {
            started.process().subscribe(events::add);
            started.process().terminate(LONG);
            nextEvent();

            IOException e = assertThrows(
                    IOException.class,
                    () -> started.information().input().orElseThrow().output().write('x'));

            assertTrue(e.getMessage().contains("the other end of the pipe is closed"), e.getMessage());
        }
    }

    @Test
    void read_thatWindowsFails_namesTheFunction() throws Exception {
        try (ComputeSystem.Started started =
                system.createProcess(command("exec sleep 1000", "CreateStdOutPipe"), null, LONG)) {
            WINDOWS.fail("ReadFile", When.AT_CALL, SystemResult.ERROR_NOT_ENOUGH_MEMORY, null);

            WinapiException e = assertThrows(
                    WinapiException.class,
                    () -> started.information().output().orElseThrow().input().read());

            assertEquals("ReadFile", e.operation());
            assertTrue(e.is(SystemResult.ERROR_NOT_ENOUGH_MEMORY));
        }
    }

    @Test
    void emulatedConsole_hasTheAskedSize_andTakesAnother() throws Exception {
        String parameters = "{\"CommandLine\":\"stty size; read go; stty size\",\"EmulateConsole\":true,"
                + "\"CreateStdInPipe\":true,\"CreateStdOutPipe\":true,\"ConsoleSize\":[30,100]}";
        try (ComputeSystem.Started started = system.createProcess(parameters, null, LONG)) {
            InputStream output = started.information().output().orElseThrow().input();
            assertEquals("30 100", line(output));

            started.process()
                    .modify("{\"Operation\":\"ConsoleSize\",\"ConsoleSize\":{\"Height\":40,\"Width\":120}}", LONG);
            started.information().input().orElseThrow().output().write('\n');

            assertEquals("", line(output), "the console echoes");
            assertEquals("40 120", line(output));
        }
    }

    @Test
    void signal_reachesTheProcess() throws Exception {
        String line = "trap 'echo caught; exit 7' INT; echo ready; while :; do sleep 0.02; done";
        try (ComputeSystem.Started started = system.createProcess(command(line, "CreateStdOutPipe"), null, LONG)) {
            started.process().subscribe(events::add);
            InputStream output = started.information().output().orElseThrow().input();
            assertEquals("ready", line(output));

            started.process().signal("{\"Signal\":\"CtrlC\"}", LONG);

            assertEquals("caught", line(output));
            assertTrue(nextEvent().data().contains("\"ExitCode\":7"));
        }
    }

    @Test
    void terminate_ofAProcessThatIsGone_isAFailedPrecondition() throws Exception {
        try (ComputeSystem.Started started = system.createProcess(command("exec sleep 1000"), null, LONG)) {
            started.process().subscribe(events::add);
            started.process().terminate(LONG);
            nextEvent();

            WinapiException e =
                    assertThrows(WinapiException.class, () -> started.process().terminate(LONG));

            assertTrue(e.is(ComputeResult.HCS_E_PROCESS_ALREADY_STOPPED));
            WinapiException gone = assertThrows(
                    WinapiException.class,
                    () -> system.openProcess(started.information().id()));
            assertTrue(gone.is(SystemResult.ERROR_NOT_FOUND));
        }
    }

    @Test
    void close_whileAnEventIsDelivered_waitsForIt() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        ComputeSystem.Started started = system.createProcess(command("exec sleep 1000"), null, LONG);
        started.process().subscribe(event -> {
            entered.countDown();
            try {
                leave.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            events.add(event);
        });
        started.process().terminate(LONG);
        assertTrue(entered.await(1, TimeUnit.MINUTES));

        CompletableFuture<Boolean> closed = CompletableFuture.supplyAsync(() -> {
            started.close();
            return events.isEmpty();
        });
        leave.countDown();

        assertFalse(closed.get(1, TimeUnit.MINUTES), "the event was delivered before close returned");
    }

    private static String read(Pipe pipe) throws IOException {
        return new String(pipe.input().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }
}
