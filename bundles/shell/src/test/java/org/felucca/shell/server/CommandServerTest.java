package org.felucca.shell.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.felucca.api.command.Invocation;
import org.felucca.api.command.OperandSpec;
import org.felucca.api.command.OperandSpec.Completion;
import org.felucca.api.command.Result;
import org.felucca.api.command.StreamMode;
import org.felucca.api.command.VerbSpec;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.plugin.Role;
import org.felucca.api.process.ExitStatus;
import org.felucca.api.process.Handle;
import org.felucca.posix.fs.Dir;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.Io;
import org.felucca.posix.fs.Open;
import org.felucca.posix.net.UnixSocket;
import org.felucca.shell.FakeProviders;
import org.felucca.shell.ScriptedVerb;
import org.felucca.shell.verb.Dispatcher;
import org.felucca.shell.verb.VerbDirectory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CommandServerTest {
    private static final int WINDOW = 65536;
    private static final Duration PATIENCE = Duration.ofMillis(300);

    @TempDir
    Path directory;

    private final FakeProviders providers = new FakeProviders();
    private final CountDownLatch interrupted = new CountDownLatch(1);
    private Path path;
    private CommandServer server;

    @BeforeEach
    void start() throws IOException {
        path = directory.resolve("felucca.sock");
        serve(8);
    }

    private void serve(int mostCommands) throws IOException {
        serve(mostCommands, ListeningSocket.open(null, "unix://" + path));
    }

    private void serve(int mostCommands, ListeningSocket listener) throws IOException {
        VerbDirectory verbs = new VerbDirectory(word -> Optional.empty());
        providers.watch(Role.VERB, verbs);
        Dispatcher dispatcher =
                new Dispatcher(verbs, patience -> "", Duration.ZERO, Duration.ZERO, InstantSource.system());
        server = new CommandServer(listener, PeerPolicy.of(directory), dispatcher::run, mostCommands, PATIENCE);
        server.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void verb(String name, Function<Invocation, Result> script) {
        providers.add(new ScriptedVerb(
                VerbSpec.of(name, "does " + name)
                        .operand(OperandSpec.anyNumber("WORD", Completion.PATH, "words"))
                        .attaches()
                        .build(),
                script));
    }

    /** A verb that runs until it is interrupted. */
    private void patientVerb(CountDownLatch running) {
        verb("wait", invocation -> {
            running.countDown();
            try {
                new CountDownLatch(1).await();
                throw new AssertionError("nobody counts it down");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                interrupted.countDown();
                throw new FeluccaException(ErrorCode.CANCELLED, "cannot wait", "interrupted");
            }
        });
    }

    private static String slurp(java.io.InputStream in) {
        try {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void hello_ofKnownVerb_printsItsLinesAndExits() {
        verb("echo", invocation -> new Result.Lines(invocation.operands()));
        try (TestClient client = TestClient.connect(path).hello("echo", "a", "bé")) {
            List<TestClient.Frame> all = client.rest();
            assertEquals("a\nbé\n", TestClient.text(all, FrameType.STDOUT));
            assertEquals(0, TestClient.status(all));
            assertEquals(-1, client.next().type());
        }
    }

    @Test
    void hello_ofUnknownVerb_namesTheNearestAndExits125() {
        verb("images", invocation -> new Result.Done());
        try (TestClient client = TestClient.connect(path).hello("imagse")) {
            List<TestClient.Frame> all = client.rest();
            assertEquals(
                    "felucca: unknown command 'imagse': did you mean 'images'?; see 'felucca --help'\n",
                    TestClient.text(all, FrameType.STDERR));
            assertEquals(125, TestClient.status(all));
        }
    }

    @Test
    void hello_inTwoFrames_isPutTogether() {
        verb(
                "count",
                invocation -> new Result.Lines(
                        List.of(Integer.toString(invocation.operands().get(0).length()))));
        byte[] payload = TestClient.helloPayload(1, 0, 0, "default", Map.of(), "count", "x".repeat(100_000));
        try (TestClient client = TestClient.connect(path)) {
            client.sendWithStreams(FrameType.HELLO, FrameType.FLAG_MORE, Arrays.copyOf(payload, WINDOW));
            client.send(FrameType.HELLO, Arrays.copyOfRange(payload, WINDOW, payload.length));
            assertEquals("100000\n", TestClient.text(client.rest(), FrameType.STDOUT));
        }
    }

    @Test
    void hello_ofOtherVersion_isRefusedByName() {
        try (TestClient client = TestClient.connect(path)) {
            client.sendWithStreams(
                    FrameType.HELLO, 0, TestClient.helloPayload(2, 0, 0, "default", Map.of(), "version"));
            TestClient.Frame frame = client.next();
            assertEquals(FrameType.ERROR, frame.type());
            assertTrue(frame.text().contains("speaks version 2"), frame.text());
            assertEquals(-1, client.next().type());
        }
    }

    @Test
    void hello_withoutDescriptor_isRefused() {
        try (TestClient client = TestClient.connect(path)) {
            client.send(FrameType.HELLO, TestClient.helloPayload(1, 0, 0, "default", Map.of(), "version"));
            assertEquals("HELLO came without a descriptor", client.next().text());
        }
    }

    @Test
    void hello_withMalformedNamespace_isRefused() {
        try (TestClient client = TestClient.connect(path)) {
            client.sendWithStreams(FrameType.HELLO, 0, TestClient.helloPayload(1, 0, 0, "a/b", Map.of(), "version"));
            TestClient.Frame frame = client.next();
            assertEquals(FrameType.ERROR, frame.type());
            assertTrue(frame.text().startsWith("invalid namespace 'a/b'"), frame.text());
        }
    }

    @Test
    void frame_tooLong_endsTheConnection() {
        try (TestClient client = TestClient.connect(path)) {
            client.send(FrameType.HELLO, new byte[WINDOW + 1]);
            assertEquals(FrameType.ERROR, client.next().type());
        }
    }

    @Test
    void stdin_ofSeveralWindows_arrivesWholeAndWithinCredit() {
        byte[] sent = new byte[1_000_000];
        new Random(7).nextBytes(sent);
        AtomicReference<byte[]> received = new AtomicReference<>();
        verb("read", invocation -> {
            try {
                received.set(invocation.stdin().readAllBytes());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return new Result.Done();
        });
        try (TestClient client = TestClient.connect(path).hello("read")) {
            int at = 0;
            while (at < sent.length) {
                TestClient.Frame frame = client.next();
                assertEquals(FrameType.CREDIT, frame.type());
                int part = Math.min(frame.number(0), sent.length - at);
                assertTrue(part <= WINDOW);
                client.send(FrameType.STDIN, Arrays.copyOfRange(sent, at, at + part));
                at += part;
            }
            client.send(FrameType.STDIN_EOF, new byte[0]);
            assertEquals(0, TestClient.status(client.rest()));
        }
        assertArrayEquals(sent, received.get());
    }

    @Test
    void stdin_beyondCredit_endsTheConnection() {
        CountDownLatch running = new CountDownLatch(1);
        patientVerb(running);
        try (TestClient client = TestClient.connect(path).hello("wait")) {
            client.send(FrameType.STDIN, new byte[1]);
            TestClient.Frame frame = client.next();
            assertEquals("the client sent more input than it was granted", frame.text());
        }
    }

    @Test
    void stdin_ofVerbThatDoesNotRead_isNotAskedFor() {
        verb("quiet", invocation -> new Result.Done());
        try (TestClient client = TestClient.connect(path).hello("quiet")) {
            assertEquals(1, client.rest().size());
        }
    }

    @Test
    void signal_interruptsTheVerbAndExitsWithIt() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        patientVerb(running);
        try (TestClient client = TestClient.connect(path).hello("wait")) {
            assertTrue(running.await(20, TimeUnit.SECONDS));
            client.send(FrameType.SIGNAL, FrameSender.numbers(15));
            List<TestClient.Frame> all = client.rest();
            assertEquals(143, TestClient.status(all));
            assertEquals("", TestClient.text(all, FrameType.STDERR));
        }
    }

    @Test
    void client_thatVanishes_interruptsTheVerb() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        patientVerb(running);
        try (TestClient client = TestClient.connect(path).hello("wait")) {
            assertTrue(running.await(20, TimeUnit.SECONDS));
            client.vanish();
            assertTrue(interrupted.await(20, TimeUnit.SECONDS));
        }
    }

    @Test
    void client_thatVanishesWithItsStreams_leavesTheVerbSomeTime() throws Exception {
        CountDownLatch connected = new CountDownLatch(1);
        AtomicLong vanished = new AtomicLong();
        AtomicLong stopped = new AtomicLong();
        verb("run", invocation -> {
            invocation
                    .containerClient(new StreamMode(false, false, true, false, ""))
                    .orElseThrow();
            connected.countDown();
            try {
                new CountDownLatch(1).await();
                throw new AssertionError("nobody counts it down");
            } catch (InterruptedException e) {
                stopped.set(System.nanoTime());
                Thread.currentThread().interrupt();
                interrupted.countDown();
                throw new FeluccaException(ErrorCode.CANCELLED, "cannot run", "interrupted");
            }
        });
        try (TestClient client = TestClient.connect(path).hello("run")) {
            assertTrue(connected.await(20, TimeUnit.SECONDS));
            vanished.set(System.nanoTime());
            client.vanish();
            assertTrue(interrupted.await(20, TimeUnit.SECONDS));
            assertTrue(stopped.get() - vanished.get() >= PATIENCE.toNanos(), "it was stopped at once");
        }
    }

    @Test
    void interrupt_ofOneClient_doesNotReachTheNext() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        patientVerb(running);
        verb(
                "calm",
                invocation -> new Result.Lines(
                        List.of(Boolean.toString(Thread.currentThread().isInterrupted()))));
        try (TestClient client = TestClient.connect(path).hello("wait")) {
            assertTrue(running.await(20, TimeUnit.SECONDS));
            client.vanish();
        }
        assertTrue(interrupted.await(20, TimeUnit.SECONDS));
        for (int i = 0; i < 8; i++) {
            try (TestClient client = TestClient.connect(path).hello("calm")) {
                assertEquals("false\n", TestClient.text(client.rest(), FrameType.STDOUT));
            }
        }
    }

    @Test
    void output_toSlowClient_losesNothing() {
        byte[] written = new byte[3_000_000];
        new Random(3).nextBytes(written);
        verb("write", invocation -> {
            try {
                invocation.stdout().write(written);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return new Result.Done();
        });
        try (TestClient client = TestClient.connect(path).hello("write")) {
            ByteBuffer all = ByteBuffer.allocate(written.length);
            for (TestClient.Frame frame : client.rest()) {
                if (frame.type() == FrameType.STDOUT) {
                    assertTrue(frame.payload().length <= WINDOW);
                    all.put(frame.payload());
                }
            }
            assertArrayEquals(written, all.array());
        }
    }

    @Test
    void openFile_isAskedOfTheClient_andReadThroughItsDescriptor() throws IOException {
        Path file = Files.writeString(directory.resolve("vars"), "A=1\n");
        verb(
                "cat",
                invocation -> new Result.Lines(List.of(
                        slurp(invocation.file(invocation.operands().get(0))).strip())));
        try (TestClient client = TestClient.connect(path).hello("cat", "vars");
                Fd opened = Dir.open(Fd.HOST, file.toString(), Open.RDONLY, 0)) {
            TestClient.Frame ask = client.next();
            assertEquals(FrameType.OPEN_FILE, ask.type());
            assertEquals("vars", new String(ask.payload(), 4, ask.payload().length - 4, StandardCharsets.UTF_8));
            client.send(FrameType.FILE, FrameSender.numbers(ask.number(0), 0), opened);
            assertEquals("A=1\n", TestClient.text(client.rest(), FrameType.STDOUT));
        }
    }

    @Test
    void newFile_isMadeByTheClient_andWrittenThroughItsDescriptor() throws IOException {
        verb("put", invocation -> {
            try (OutputStream out = invocation.newFile(invocation.operands().get(0))) {
                out.write("written".getBytes(StandardCharsets.UTF_8));
                out.flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return new Result.Done();
        });
        Path file = path.resolveSibling("made");
        try (TestClient client = TestClient.connect(path).hello("put", "made");
                Fd made = Dir.open(Fd.HOST, file.toString(), Open.WRONLY | Open.CREAT, 0600)) {
            TestClient.Frame ask = client.next();
            assertEquals(FrameType.CREATE_FILE, ask.type());
            assertEquals("made", new String(ask.payload(), 4, ask.payload().length - 4, StandardCharsets.UTF_8));
            client.send(FrameType.FILE, FrameSender.numbers(ask.number(0), 0), made);
            assertEquals(0, TestClient.status(client.rest()));
            assertEquals("written", Files.readString(file));
        }
    }

    @Test
    void newFile_refusedByTheClient_failsWithItsReason() {
        verb("put", invocation -> {
            invocation.newFile(invocation.operands().get(0));
            return new Result.Done();
        });
        try (TestClient client = TestClient.connect(path).hello("put", "nowhere/made")) {
            TestClient.Frame ask = client.next();
            client.send(FrameType.FILE, FrameSender.numbers(ask.number(0), 2));
            List<TestClient.Frame> all = client.rest();
            assertEquals(
                    "felucca: cannot write nowhere/made: no such file or directory; "
                            + "give a name in a directory you can write to\n",
                    TestClient.text(all, FrameType.STDERR));
            assertEquals(1, TestClient.status(all));
        }
    }

    @Test
    void ask_hidesWhatIsTyped() {
        verb("login", invocation -> new Result.Lines(List.of(invocation.ask("Password: ", true))));
        try (TestClient client = TestClient.connect(path).helloFromTerminal(24, 80, "login")) {
            TestClient.Frame hidden = client.next();
            assertEquals(FrameType.ECHO, hidden.type());
            assertEquals(0, hidden.number(0));
            assertEquals("Password: ", client.next().text());
            assertEquals(FrameType.CREDIT, client.next().type());
            client.send(FrameType.STDIN, "secret\n".getBytes(StandardCharsets.UTF_8));
            List<TestClient.Frame> all = client.rest();
            assertEquals("secret\n", TestClient.text(all, FrameType.STDOUT));
            assertTrue(
                    all.stream().anyMatch(frame -> frame.type() == FrameType.ECHO && frame.number(0) == 1),
                    "the terminal shows again what is typed");
        }
    }

    @Test
    void openFile_refusedByTheClient_failsWithItsReason() {
        verb(
                "cat",
                invocation -> new Result.Lines(
                        List.of(slurp(invocation.file(invocation.operands().get(0))))));
        try (TestClient client = TestClient.connect(path).hello("cat", "nothing")) {
            TestClient.Frame ask = client.next();
            client.send(FrameType.FILE, FrameSender.numbers(ask.number(0), 2));
            List<TestClient.Frame> all = client.rest();
            assertEquals(
                    "felucca: cannot open nothing: no such file or directory; give a file you can read\n",
                    TestClient.text(all, FrameType.STDERR));
            assertEquals(1, TestClient.status(all));
        }
    }

    @Test
    void openFile_ofPipeThatSaysNothing_isEndedByTheSignal() {
        verb(
                "cat",
                invocation -> new Result.Lines(
                        List.of(slurp(invocation.file(invocation.operands().get(0))))));
        Fd[] pipe = Io.pipe();
        try (TestClient client = TestClient.connect(path).hello("cat", "fifo")) {
            TestClient.Frame ask = client.next();
            client.send(FrameType.FILE, FrameSender.numbers(ask.number(0), 0), pipe[0]);
            client.send(FrameType.SIGNAL, FrameSender.numbers(2));
            assertEquals(1, TestClient.status(client.rest()));
        } finally {
            pipe[0].close();
            pipe[1].close();
        }
    }

    @Test
    void streams_areAnnouncedBeforeTheHandleIsUsed_andClosedAtTheEnd() {
        verb("attach", invocation -> {
            Handle handle = invocation
                    .containerClient(new StreamMode(true, true, false, false, "ctrl-p,ctrl-q"))
                    .orElseThrow();
            UnixSocket.send(
                    (Fd) handle,
                    ByteBuffer.allocateDirect(3)
                            .put("hey".getBytes(StandardCharsets.US_ASCII))
                            .flip());
            return new Result.Exit(new ExitStatus.Signaled(9));
        });
        try (TestClient client = TestClient.connect(path).hello("attach")) {
            TestClient.Frame streams = client.next();
            assertEquals(FrameType.STREAMS, streams.type());
            assertEquals(3, streams.number(0));
            assertArrayEquals(new byte[] {16, 17}, Arrays.copyOfRange(streams.payload(), 4, streams.payload().length));
            assertEquals(137, TestClient.status(client.rest()));
            ByteBuffer greeting = ByteBuffer.allocateDirect(16);
            assertEquals(3, UnixSocket.receive(client.streams(), greeting, 0).bytes());
            assertTrue(client.streamsEnded());
        }
    }

    @Test
    void window_changesTheTerminalTheVerbSees() {
        CountDownLatch running = new CountDownLatch(1);
        verb("size", invocation -> {
            running.countDown();
            slurp(invocation.stdin()); // input comes after WINDOW on the same connection
            return new Result.Lines(List.of(invocation.terminal().orElseThrow().toString()));
        });
        try (TestClient client = TestClient.connect(path).helloFromTerminal(24, 80, "size")) {
            assertEquals(FrameType.CREDIT, client.next().type());
            ByteBuffer size = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
            client.send(
                    FrameType.WINDOW,
                    size.putShort((short) 50).putShort((short) 132).array());
            client.send(FrameType.STDIN_EOF, new byte[0]);
            assertEquals("WindowSize[rows=50, columns=132]\n", TestClient.text(client.rest(), FrameType.STDOUT));
        }
    }

    @Test
    void commands_beyondTheBound_areRefusedByNumber() throws Exception {
        server.close();
        serve(1);
        CountDownLatch running = new CountDownLatch(1);
        patientVerb(running);
        try (TestClient first = TestClient.connect(path).hello("wait");
                TestClient second = TestClient.connect(path)) {
            assertTrue(running.await(20, TimeUnit.SECONDS));
            second.hello("wait");
            TestClient.Frame frame = second.next();
            assertEquals(FrameType.ERROR, frame.type());
            assertTrue(frame.text().startsWith("too many commands run at once: 1 are allowed"), frame.text());
            first.send(FrameType.SIGNAL, FrameSender.numbers(2));
            assertEquals(130, TestClient.status(first.rest()));
        }
    }

    @Test
    void close_endsRunningCommandsAndRemovesTheSocket() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        patientVerb(running);
        try (TestClient client = TestClient.connect(path).hello("wait")) {
            assertTrue(running.await(20, TimeUnit.SECONDS));
            server.close();
            assertEquals(130, TestClient.status(client.rest()));
        }
        assertFalse(Files.exists(path));
    }

    @Test
    void open_whileAnotherListens_isRefused() {
        FeluccaException refused =
                assertThrows(FeluccaException.class, () -> ListeningSocket.open(null, "unix://" + path));
        assertEquals(ErrorCode.ALREADY_EXISTS, refused.code());
    }

    @Test
    void open_overStaleSocket_replacesIt() throws IOException {
        Path stale = directory.resolve("stale.sock");
        UnixSocket.listen(stale, UnixSocket.Type.STREAM, 1).close();
        assertTrue(Files.exists(stale));
        try (ListeningSocket listener = ListeningSocket.open("other:3", "unix://" + stale);
                Fd client = UnixSocket.connect(stale, UnixSocket.Type.STREAM)) {
            assertTrue(listener.fd().isOpen() && client.isOpen());
        }
    }

    @Test
    void open_ofInheritedSocket_servesItAndLeavesItOpen() throws IOException {
        Path inherited = directory.resolve("inherited.sock");
        try (Fd held = UnixSocket.listen(inherited, UnixSocket.Type.STREAM, 8)) {
            verb("echo", invocation -> new Result.Lines(invocation.operands()));
            server.close();
            int number = held.duplicate().release();
            try (TestClient early = TestClient.connect(inherited)) {
                early.hello("echo", "waited");
                serve(4, ListeningSocket.open("cri:99,command:" + number, "unix://" + inherited));
                assertEquals("waited\n", TestClient.text(early.rest(), FrameType.STDOUT));
            }
            server.close();
            assertTrue(Files.exists(inherited));
            try (Fd again = Fd.adopt(number);
                    TestClient late = TestClient.connect(inherited)) {
                assertTrue(UnixSocket.accept(again).map(Fd::isOpen).orElse(false), late.toString());
            }
        }
    }

    @Test
    void open_ofMalformedVariable_isRefused() {
        assertThrows(FeluccaException.class, () -> ListeningSocket.open("command", "unix://" + path));
        assertThrows(FeluccaException.class, () -> ListeningSocket.open(null, "tcp://localhost:1"));
    }

    @Test
    void peer_outsideTheGroup_isNotAdmitted() {
        PeerPolicy policy = new PeerPolicy(1000, 50);
        assertTrue(policy.admits(new UnixSocket.Peer(1, 0, 0)));
        assertTrue(policy.admits(new UnixSocket.Peer(1, 1000, 7)));
        assertTrue(policy.admits(new UnixSocket.Peer(1, 1001, 50)));
        assertFalse(
                policy.admits(new UnixSocket.Peer((int) ProcessHandle.current().pid(), 1001, 51)));
    }

    @Test
    void descriptors_areAllClosedAgain() {
        verb("echo", invocation -> new Result.Lines(invocation.operands()));
        server.close();
        try (Fd.Leaks leaks = Fd.trackLeaks()) {
            try {
                serve(4);
                for (int i = 0; i < 20; i++) {
                    try (TestClient client = TestClient.connect(path).hello("echo", "x")) {
                        client.rest();
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            server.close();
            leaks.assertNone();
        }
    }
}
