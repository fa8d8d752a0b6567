package org.felucca.shell.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;
import org.felucca.api.process.Handle;
import org.felucca.api.process.WindowSize;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.PosixException;
import org.felucca.posix.net.UnixSocket;

/**
 * A container connection whose process side is served here instead of by a monitor ({@code command-protocol.md}, section
 * 4): what the client types arrives as a stream, what is written goes to the client. One thread reads frames; the
 * streams may be used by any. Close it once; the handle stays the caller's.
 */
public final class ServedStreams implements AutoCloseable {
    private final Fd socket;
    private final FrameSender sender;
    private final InputQueue input;
    private final Consumer<WindowSize> resized;
    private final Thread reader;

    /**
     * Serves a connection that {@link org.felucca.api.command.Invocation#containerClient} gave.
     *
     * @param resized told of each size of the client's terminal, on the reading thread
     * @throws IllegalArgumentException if the handle is no descriptor
     */
    public ServedStreams(Handle handle, Consumer<WindowSize> resized) {
        if (!(handle instanceof Fd fd)) {
            throw new IllegalArgumentException("not a descriptor: " + handle);
        }
        this.socket = fd;
        this.sender = new FrameSender(fd);
        this.input = new InputQueue(bytes -> sender.send(FrameType.CREDIT, FrameSender.numbers(bytes)));
        this.resized = resized;
        this.reader = new Thread(this::read, "felucca-served-streams");
        reader.setDaemon(true);
        reader.start();
    }

    /** Returns what the client types; at its end when the client has gone. */
    public InputStream input() {
        return input;
    }

    /** Returns where output for the client goes. */
    public OutputStream output() {
        return new FrameOutput(sender, FrameType.STDOUT);
    }

    /** Tells the client how it ended; the last frame. */
    public void exit(int status) throws IOException {
        sender.send(FrameType.EXIT, FrameSender.numbers(0, status));
    }

    private void read() {
        FrameReader frames = new FrameReader();
        ByteBuffer buffer = ByteBuffer.allocateDirect(FrameType.PAYLOAD);
        try {
            while (UnixSocket.receive(socket, buffer.clear(), 0).bytes() > 0) {
                frames.feed(buffer.flip(), this::frame);
            }
        } catch (PosixException | ProtocolException e) {
            input.abort();
            return;
        }
        input.end();
    }

    private void frame(int type, int flags, byte[] payload) {
        switch (type) {
            case FrameType.STDIN -> input.offer(payload);
            case FrameType.STDIN_EOF -> input.end();
            case FrameType.WINDOW -> {
                ByteBuffer size = ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN);
                resized.accept(new WindowSize(size.getShort() & 0xffff, size.getShort() & 0xffff));
            }
            case FrameType.SIGNAL -> {
                // A terminal in raw mode sends its control characters as input; other signals end the client.
            }
            default -> throw new ProtocolException("frame type " + type + " is not for a process");
        }
    }

    @Override
    public void close() {
        UnixSocket.shutdown(socket, UnixSocket.Direction.BOTH);
        boolean interrupted = false;
        while (reader.isAlive()) {
            try {
                reader.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        sender.close();
    }
}
