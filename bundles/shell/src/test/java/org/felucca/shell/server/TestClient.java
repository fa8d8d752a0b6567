package org.felucca.shell.server;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.Io;
import org.felucca.posix.net.UnixSocket;
import org.felucca.posix.poll.Epoll;

/** A client in Java that speaks the protocol frame by frame over a real socket. Every wait has an end. */
final class TestClient implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Fd socket;
    private final Fd streams;
    private final Fd streamsForDaemon;
    private final Epoll epoll = Epoll.create();
    private final Deque<Frame> frames = new ArrayDeque<>();
    private final FrameCutter reader = new FrameCutter();

    /** What arrived; type -1 stands for the end of the connection. */
    record Frame(int type, byte[] payload) {
        String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }

        int number(int index) {
            return ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN).getInt(index * 4);
        }
    }

    /** Cuts frames on its own, so that the server's reader is not tested against itself. */
    private static final class FrameCutter {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        void feed(ByteBuffer in, Deque<Frame> out) {
            while (in.hasRemaining()) {
                bytes.write(in.get());
            }
            ByteBuffer all = ByteBuffer.wrap(bytes.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
            while (all.remaining() >= 8 && all.remaining() >= 8 + all.getInt(all.position())) {
                byte[] payload = new byte[all.getInt()];
                int type = all.get() & 0xff;
                all.get();
                all.getShort();
                all.get(payload);
                out.add(new Frame(type, payload));
            }
            bytes.reset();
            while (all.hasRemaining()) {
                bytes.write(all.get());
            }
        }
    }

    private TestClient(Fd socket) {
        this.socket = socket;
        Fd[] pair = UnixSocket.pair(UnixSocket.Type.STREAM);
        streams = pair[0];
        streamsForDaemon = pair[1];
        epoll.add(socket, Epoll.IN, 0);
    }

    static TestClient connect(Path path) {
        return new TestClient(UnixSocket.connect(path, UnixSocket.Type.STREAM));
    }

    /** The client's end of the container's streams. */
    Fd streams() {
        return streams;
    }

    TestClient hello(String... arguments) {
        return hello(Map.of(), arguments);
    }

    TestClient hello(Map<String, String> environment, String... arguments) {
        send(FrameType.HELLO, 0, helloPayload(1, 0, 0, "default", environment, arguments), List.of(streamsForDaemon));
        streamsForDaemon.close();
        return this;
    }

    /** As hello, from a terminal of that size. */
    TestClient helloFromTerminal(int rows, int columns, String... arguments) {
        byte[] payload = helloPayload(1, 7, columns << 16 | rows, "default", Map.of(), arguments);
        send(FrameType.HELLO, 0, payload, List.of(streamsForDaemon));
        streamsForDaemon.close();
        return this;
    }

    /** Sends raw bytes with the descriptor that HELLO carries. */
    void sendWithStreams(int type, int flags, byte[] payload) {
        send(type, flags, payload, List.of(streamsForDaemon));
        streamsForDaemon.close();
    }

    static byte[] helloPayload(
            int version,
            int flags,
            int window,
            String namespace,
            Map<String, String> environment,
            String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(FrameSender.numbers(version, flags, window));
        string(out, namespace);
        string(out, "/work");
        out.writeBytes(FrameSender.numbers(arguments.length));
        for (String argument : arguments) {
            string(out, argument);
        }
        out.writeBytes(FrameSender.numbers(environment.size()));
        environment.forEach((key, value) -> string(out, key + "=" + value));
        return out.toByteArray();
    }

    private static void string(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeBytes(FrameSender.numbers(bytes.length));
        out.writeBytes(bytes);
        out.writeBytes(new byte[4 - bytes.length % 4]);
    }

    void send(int type, byte[] payload) {
        send(type, 0, payload, List.of());
    }

    void send(int type, byte[] payload, Fd descriptor) {
        send(type, 0, payload, List.of(descriptor));
    }

    void send(int type, int flags, byte[] payload, List<Fd> descriptors) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(8 + payload.length).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putShort((short) 0)
                .put(payload)
                .flip();
        UnixSocket.send(socket, buffer, descriptors);
        while (buffer.hasRemaining()) {
            UnixSocket.send(socket, buffer);
        }
    }

    /** The next frame. @throws AssertionError if none comes */
    Frame next() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(128 * 1024);
        while (frames.isEmpty()) {
            if (epoll.await(PATIENCE) == 0) {
                throw new AssertionError("the server says nothing");
            }
            buffer.clear();
            if (UnixSocket.receive(socket, buffer, 0).bytes() == 0) {
                return new Frame(-1, new byte[0]);
            }
            reader.feed(buffer.flip(), frames);
        }
        return frames.remove();
    }

    /** Reads until EXIT or the end, and returns everything, EXIT included. */
    List<Frame> rest() {
        List<Frame> all = new ArrayList<>();
        Frame frame;
        do {
            frame = next();
            all.add(frame);
        } while (frame.type() != FrameType.EXIT && frame.type() != -1);
        return all;
    }

    /** The text of all frames of a type. */
    static String text(List<Frame> frames, int type) {
        StringBuilder text = new StringBuilder();
        frames.stream().filter(frame -> frame.type() == type).forEach(frame -> text.append(frame.text()));
        return text.toString();
    }

    /** The value of the last frame, which must be EXIT of a process that exited. */
    static int status(List<Frame> frames) {
        Frame last = frames.get(frames.size() - 1);
        if (last.type() != FrameType.EXIT) {
            throw new AssertionError("no EXIT but " + last.type() + " " + last.text());
        }
        return last.number(0) == 1 ? 128 + last.number(1) : last.number(1);
    }

    /** Closes the connection as a client that dies does. */
    void vanish() {
        epoll.remove(socket);
        socket.close();
    }

    /** Whether the far end of the container's streams is closed. */
    boolean streamsEnded() {
        Io.setNonBlocking(streams, true);
        return UnixSocket.receive(streams, ByteBuffer.allocateDirect(16), 0).bytes() == 0;
    }

    @Override
    public void close() {
        epoll.close();
        socket.close();
        streams.close();
        streamsForDaemon.close();
    }
}
