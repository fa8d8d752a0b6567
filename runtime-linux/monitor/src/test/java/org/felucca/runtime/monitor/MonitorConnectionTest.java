package org.felucca.runtime.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.process.ExitStatus;
import org.felucca.posix.fs.Errno;
import org.felucca.posix.fs.Fd;
import org.felucca.runtime.plan.wire.WireWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The control connection against a monitor that a test plays. */
class MonitorConnectionTest {
    private Fd.Leaks leaks;
    private MessageLoop loop;
    private Peer monitor;
    private MonitorConnection connection;
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

    private final class Recorder implements MonitorListener {
        @Override
        public void exited(ProcessEnd end) {
            events.add("exited " + end.status() + " at " + end.at() + " oom " + end.outOfMemory());
        }

        @Override
        public void drained() {
            events.add("drained");
        }

        @Override
        public void execExited(String execId, ProcessEnd end) {
            events.add("exec " + execId + " " + end.status());
        }

        @Override
        public void outOfMemory(int count) {
            events.add("oom " + count);
        }

        @Override
        public void warning(AppletException warning) {
            events.add("warning " + warning.text());
        }

        @Override
        public void disconnected(String reason) {
            events.add("disconnected");
        }
    }

    @BeforeEach
    void connect() {
        leaks = Fd.trackLeaks();
        loop = MessageLoop.start("test");
        monitor = new Peer();
        connection = new MonitorConnection("web", loop, new MessageSocket(monitor.theirs), new Recorder());
    }

    @AfterEach
    void disconnect() {
        connection.close();
        monitor.close();
        loop.close();
        leaks.assertNone();
        leaks.close();
    }

    private static <T> CompletableFuture<T> async(Callable<T> call) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                result.complete(call.call());
            } catch (Exception e) {
                result.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return result;
    }

    private static Throwable failure(CompletableFuture<?> future) {
        return assertThrows(ExecutionException.class, () -> future.get(20, TimeUnit.SECONDS))
                .getCause();
    }

    private String event() throws InterruptedException {
        return String.valueOf(events.poll(20, TimeUnit.SECONDS));
    }

    @Test
    void start_answered_returnsTheProcess() throws Exception {
        CompletableFuture<ProcessRef> started = async(connection::start);
        Peer.Got request = monitor.receive();
        assertEquals(Protocol.START, request.type());
        monitor.send(
                MessageSocket.message(Protocol.STARTED, request.id()).u32(42).u64(4711));
        assertEquals(new ProcessRef(42, 4711), started.get(20, TimeUnit.SECONDS));
    }

    @Test
    void requests_answeredInAnotherOrder_getTheirOwnAnswers() throws Exception {
        CompletableFuture<ProcessRef> start = async(connection::start);
        Peer.Got first = monitor.receive();
        CompletableFuture<Object> kill = async(() -> {
            connection.kill("", 9, false);
            return "done";
        });
        Peer.Got second = monitor.receive();
        assertEquals("", second.arguments().string());
        assertEquals(9, second.arguments().u32());
        monitor.send(Protocol.OK, second.id());
        assertEquals("done", kill.get(20, TimeUnit.SECONDS));
        monitor.send(MessageSocket.message(Protocol.STARTED, first.id()).u32(1).u64(2));
        assertEquals(new ProcessRef(1, 2), start.get(20, TimeUnit.SECONDS));
    }

    @Test
    void error_becomesAnAppletException() {
        CompletableFuture<ProcessRef> start = async(connection::start);
        Peer.Got request = monitor.receive();
        monitor.send(MessageSocket.message(Protocol.ERROR, request.id())
                .u32(17)
                .u32(77)
                .u32(2)
                .string("cannot execute x"));
        AppletException failure = (AppletException) failure(start);
        assertEquals(17, failure.operation());
        assertEquals(77, failure.opcode());
        assertEquals(Errno.ENOENT, failure.errno());
        assertEquals("cannot execute x", failure.text());
    }

    @Test
    void endOfConnection_failsWhatIsAwaitedAndIsTold() throws Exception {
        CompletableFuture<ProcessRef> start = async(connection::start);
        monitor.receive();
        monitor.close();
        FeluccaException failure = (FeluccaException) failure(start);
        assertEquals(ErrorCode.UNAVAILABLE, failure.code());
        assertEquals("cannot reach the monitor of web", failure.subject());
        assertEquals("disconnected", event());
        FeluccaException later = assertThrows(FeluccaException.class, connection::start);
        assertEquals(ErrorCode.UNAVAILABLE, later.code());
    }

    @Test
    void malformedMessage_endsTheConnection() throws Exception {
        monitor.send(new WireWriter(4).u32(1));
        assertEquals("disconnected", event());
    }

    @Test
    void interrupt_cancelsTheWaitAndKeepsTheFlag() throws Exception {
        Thread.currentThread().interrupt();
        FeluccaException failure = assertThrows(FeluccaException.class, connection::start);
        assertEquals(ErrorCode.CANCELLED, failure.code());
        assertTrue(Thread.interrupted());
        Peer.Got request = monitor.receive();
        monitor.send(
                MessageSocket.message(Protocol.STARTED, request.id()).u32(1).u64(1));
    }

    @Test
    void events_areToldInOrder() throws Exception {
        monitor.send(
                MessageSocket.message(Protocol.WARNING, 0).u32(-1).u32(0).u32(1).string("rlimit stays"));
        monitor.send(MessageSocket.message(Protocol.OOM, 0).u32(3));
        monitor.send(MessageSocket.message(Protocol.EXEC_EXIT, 0)
                .string("e")
                .u32(1)
                .u32(15)
                .u64(0)
                .string(""));
        monitor.send(MessageSocket.message(Protocol.EXIT, 0)
                .u32(0)
                .u32(7)
                .u64(1_500_000_000L)
                .u32(1)
                .string(""));
        monitor.send(Protocol.DRAINED, 0);
        assertEquals("warning rlimit stays", event());
        assertEquals("oom 3", event());
        assertEquals("exec e " + new ExitStatus.Signaled(15), event());
        assertEquals("exited " + new ExitStatus.Exited(7) + " at 1970-01-01T00:00:01.500Z oom true", event());
        assertEquals("drained", event());
    }

    @Test
    void requests_toAMonitorThatDoesNotRead_areKeptAndSentLater() throws Exception {
        int count = 2000;
        for (int i = 0; i < count; i++) {
            String execId = "e" + i + "x".repeat(1000);
            async(() -> {
                connection.resize(execId, 1, 1);
                return null;
            });
        }
        int received = 0;
        while (received < count) {
            Peer.Got request = monitor.receive();
            monitor.send(Protocol.OK, request.id());
            received++;
        }
        assertEquals(count, received);
    }

    @Test
    void root_borrowed_isOwnedByTheCaller() throws Exception {
        CompletableFuture<Fd> root = async(connection::root);
        Peer.Got request = monitor.receive();
        try (Fd directory = org.felucca.posix.fs.Dir.open(java.nio.file.Path.of("/"))) {
            monitor.send(MessageSocket.message(Protocol.ROOT_FD, request.id()), directory);
        }
        root.get(20, TimeUnit.SECONDS).close();
    }
}
