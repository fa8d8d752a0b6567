package org.felucca.shell.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.felucca.api.command.StreamMode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.metadata.NamespaceName;
import org.felucca.api.process.ExitStatus;
import org.felucca.api.process.Handle;
import org.felucca.api.process.WindowSize;
import org.felucca.posix.fs.Fd;
import org.felucca.shell.verb.Caller;
import org.jspecify.annotations.Nullable;

/**
 * One client. The reading thread feeds it frames and closes it; one worker runs its command. What both touch is guarded
 * by the monitor of this object; the worker's interrupts come from there alone, so that none hits a thread that has
 * gone on to another client.
 */
final class Session implements Caller {
    private static final int MOST_HELLO = 4 << 20;
    private static final int MOST_DESCRIPTORS = 4;

    private final Fd socket;
    private final FrameSender sender;
    private final FrameReader reader = new FrameReader();
    private final InputQueue stdin;
    private final FileRequests files;
    private final FrameOutput stdout;
    private final FrameOutput stderr;

    // reading thread only
    private final ArrayDeque<Fd> passed = new ArrayDeque<>();
    private @Nullable ByteArrayOutputStream partialHello = new ByteArrayOutputStream(0);

    // set by the reading thread before the worker starts
    private @Nullable Hello hello;
    private @Nullable Fd container;
    private @Nullable NamespaceName namespace;

    private volatile boolean connected;

    // guarded by this
    private @Nullable Thread worker;
    private @Nullable WindowSize window;
    private boolean stopped;
    private int signal;

    /** Takes the connection over, which is non-blocking. */
    Session(Fd socket) {
        this.socket = socket;
        this.sender = new FrameSender(socket);
        this.stdin = new InputQueue(bytes -> sender.send(FrameType.CREDIT, FrameSender.numbers(bytes)));
        this.files = new FileRequests(sender);
        this.stdout = new FrameOutput(sender, FrameType.STDOUT);
        this.stderr = new FrameOutput(sender, FrameType.STDERR);
    }

    Fd socket() {
        return socket;
    }

    // --- the reading thread

    /**
     * Takes what was received.
     *
     * @return whether the HELLO is complete with it, so that the command can run
     * @throws ProtocolException if the client does not keep to the protocol
     */
    boolean received(ByteBuffer bytes, List<Fd> descriptors) {
        boolean before = hello != null;
        passed.addAll(descriptors);
        if (passed.size() > MOST_DESCRIPTORS) {
            throw new ProtocolException("the client sent descriptors that nobody asked for");
        }
        reader.feed(bytes, this::frame);
        return !before && hello != null;
    }

    private void frame(int type, int flags, byte[] payload) {
        if (hello == null && type != FrameType.HELLO) {
            throw new ProtocolException("the first frame is of type " + type + ", not HELLO");
        }
        switch (type) {
            case FrameType.HELLO -> greet(flags, payload);
            case FrameType.STDIN -> stdin.offer(payload);
            case FrameType.STDIN_EOF -> stdin.end();
            case FrameType.WINDOW -> resize(payload);
            case FrameType.SIGNAL -> stop(little(payload, 4).getInt());
            case FrameType.FILE -> answer(little(payload, 8));
            default -> throw new ProtocolException("a frame of type " + type + " is none of a client's");
        }
    }

    private static ByteBuffer little(byte[] payload, int size) {
        if (payload.length != size) {
            throw new ProtocolException("a frame has a payload of " + payload.length + " bytes, not " + size);
        }
        return ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void greet(int flags, byte[] payload) {
        ByteArrayOutputStream partial = partialHello;
        if (partial == null) {
            throw new ProtocolException("the client says HELLO twice");
        }
        boolean more = (flags & FrameType.FLAG_MORE) != 0;
        if (partial.size() == 0 && !more) {
            begin(payload);
            return;
        }
        partial.writeBytes(payload);
        if (partial.size() > MOST_HELLO) {
            throw new ProtocolException("arguments and environment have more than " + MOST_HELLO + " bytes");
        }
        if (!more) {
            begin(partial.toByteArray());
        }
    }

    private void begin(byte[] payload) {
        Fd end = passed.poll();
        if (end == null) {
            throw new ProtocolException("HELLO came without a descriptor");
        }
        container = end;
        partialHello = null;
        hello = Hello.parse(payload);
    }

    private void resize(byte[] payload) {
        ByteBuffer size = little(payload, 4);
        WindowSize changed = new WindowSize(size.getShort() & 0xffff, size.getShort() & 0xffff);
        synchronized (this) {
            window = changed;
        }
    }

    private void answer(ByteBuffer payload) {
        int id = payload.getInt();
        int errno = payload.getInt();
        Fd file = errno == 0 ? passed.poll() : null;
        if (errno == 0 && file == null) {
            throw new ProtocolException("FILE came without a descriptor");
        }
        files.answered(id, file, errno);
    }

    /** The client asks the command to stop, or has gone (signal 0). */
    void stop(int bySignal) {
        synchronized (this) {
            stopped = true;
            if (bySignal > 0 && bySignal <= 64) {
                signal = bySignal;
            }
            if (worker != null) {
                worker.interrupt();
            }
        }
        files.cancel();
        stdin.abort();
    }

    /** Whether the client was told to go on with its container connection: its end is seen there, too. */
    boolean connected() {
        return connected;
    }

    /** Tells the client why its connection ends, without waiting for it. */
    void refuse(String reason) {
        sender.offer(FrameType.ERROR, reason.getBytes(StandardCharsets.UTF_8));
    }

    /** Closes the connection and all that came over it; by the reading thread, when the worker is done. */
    void close() {
        files.close();
        passed.forEach(Fd::close);
        if (container != null) {
            container.close();
        }
        sender.close();
        socket.close();
    }

    // --- the worker

    /** What the worker does for the session. */
    @FunctionalInterface
    interface Command {
        /** Runs the words for the caller. */
        ExitStatus run(List<String> words, Caller caller);
    }

    /** Runs the command on the calling thread and tells the client how it ended. */
    void run(Command command) {
        ExitStatus status;
        synchronized (this) {
            worker = Thread.currentThread();
            if (stopped) {
                worker.interrupt();
            }
        }
        try {
            namespace = new NamespaceName(greeting().namespace());
            status = command.run(greeting().arguments(), this);
        } catch (FeluccaException e) {
            refuse(e.getMessage());
            status = new ExitStatus.Exited(1);
        } finally {
            synchronized (this) {
                worker = null;
            }
            Thread.interrupted(); // the thread's next client must not meet it
        }
        finish(status);
    }

    private void finish(ExitStatus status) {
        // The client learns from the end of this connection that nobody holds the other end any more.
        if (container != null) {
            container.close();
        }
        byte[] reason = status.fold(code -> "", number -> "", why -> why).getBytes(StandardCharsets.UTF_8);
        int kind = status.fold(code -> 0, number -> 1, why -> 2);
        int value = status.fold(code -> code, number -> number, why -> 0);
        ByteBuffer payload = ByteBuffer.allocate(8 + reason.length).order(ByteOrder.LITTLE_ENDIAN);
        payload.putInt(kind).putInt(value).put(reason);
        try {
            sender.send(FrameType.EXIT, payload.array());
        } catch (IOException e) {
            // the client has gone before its command's end
        }
    }

    private Hello greeting() {
        Hello greeting = hello;
        if (greeting == null) {
            throw new IllegalStateException("no HELLO has arrived");
        }
        return greeting;
    }

    @Override
    public NamespaceName namespace() {
        NamespaceName checked = namespace;
        if (checked == null) {
            throw new IllegalStateException("no HELLO has arrived");
        }
        return checked;
    }

    @Override
    public Path workingDirectory() {
        String directory = greeting().directory();
        return Path.of(directory.isEmpty() ? "/" : directory);
    }

    @Override
    public Map<String, String> environment() {
        return greeting().environment();
    }

    @Override
    public Optional<WindowSize> terminal() {
        return terminal(Hello.STDOUT_TERMINAL);
    }

    @Override
    public Optional<WindowSize> stderrTerminal() {
        return terminal(Hello.STDERR_TERMINAL);
    }

    /** The size of the client's terminal as it last said, if the stream with that flag is one. */
    private Optional<WindowSize> terminal(int flag) {
        if ((greeting().flags() & flag) == 0) {
            return Optional.empty();
        }
        synchronized (this) {
            return Optional.of(window == null ? greeting().window() : window);
        }
    }

    @Override
    public boolean stdinTerminal() {
        return (greeting().flags() & Hello.STDIN_TERMINAL) != 0;
    }

    @Override
    public InputStream stdin() {
        return stdin;
    }

    @Override
    public OutputStream stdout() {
        return stdout;
    }

    @Override
    public OutputStream stderr() {
        return stderr;
    }

    @Override
    public InputStream open(String path) {
        return files.open(path);
    }

    @Override
    public OutputStream create(String path) {
        return files.create(path);
    }

    @Override
    public void echo(boolean shown) {
        try {
            sender.send(FrameType.ECHO, FrameSender.numbers(shown ? 1 : 0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Optional<Handle> connectStreams(StreamMode mode, byte[] detachKeys) {
        int flags = (mode.terminal() ? 1 : 0)
                | (mode.input() ? 2 : 0)
                | (mode.signals() ? 4 : 0)
                | (mode.running() ? 8 : 0);
        ByteBuffer payload = ByteBuffer.allocate(4 + detachKeys.length).order(ByteOrder.LITTLE_ENDIAN);
        payload.putInt(flags).put(detachKeys);
        connected = container != null;
        try {
            sender.send(FrameType.STREAMS, payload.array());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Optional.ofNullable(container);
    }

    @Override
    public synchronized OptionalInt interruptedBy() {
        return signal == 0 ? OptionalInt.empty() : OptionalInt.of(signal);
    }
}
