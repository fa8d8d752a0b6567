package org.felucca.runtime.testkit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.Io;
import org.felucca.posix.net.UnixSocket;
import org.jspecify.annotations.Nullable;

/** The client's end of a client socket: reads and writes frames, one at a time, blocking. */
public final class ClientFrames implements AutoCloseable {
    /** Bytes for the process. */
    public static final int STDIN = 2;
    /** Bytes it wrote. */
    public static final int STDOUT = 3;
    /** Bytes it wrote to its standard error. */
    public static final int STDERR = 4;
    /** Rows and columns. */
    public static final int WINDOW = 5;
    /** So many more bytes may be sent. */
    public static final int CREDIT = 7;
    /** Kind and value of the end. */
    public static final int EXIT = 8;
    /** The client leaves. */
    public static final int DETACH = 10;
    /** No more bytes come. */
    public static final int STDIN_EOF = 11;

    private final Fd monitorEnd;
    private final Fd own;
    private final StringBuilder stdout = new StringBuilder();
    private final StringBuilder stderr = new StringBuilder();

    /** Makes a pair of connected sockets. */
    public ClientFrames() {
        Fd[] pair = UnixSocket.pair(UnixSocket.Type.STREAM);
        own = pair[0];
        monitorEnd = pair[1];
    }

    /** Sends one frame. */
    public void send(int type, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocateDirect(8 + payload.length).order(ByteOrder.LITTLE_ENDIAN);
        frame.putInt(payload.length)
                .put((byte) type)
                .put((byte) 0)
                .putShort((short) 0)
                .put(payload)
                .flip();
        Io.writeFully(own, frame);
    }

    /** Sends text for the process. */
    public void send(String stdin) {
        send(STDIN, stdin.getBytes(StandardCharsets.UTF_8));
    }

    /** Reads frames up to EXIT, or up to the end if the monitor closes without one. @return kind and value, or null */
    public int @Nullable [] readToExit() {
        while (true) {
            ByteBuffer header = read(8);
            if (header == null) {
                return null;
            }
            int length = header.getInt();
            int type = header.get();
            ByteBuffer payload = read(length);
            if (payload == null) {
                return null;
            }
            if (type == STDOUT) {
                stdout.append(StandardCharsets.UTF_8.decode(payload));
            } else if (type == STDERR) {
                stderr.append(StandardCharsets.UTF_8.decode(payload));
            } else if (type == EXIT) {
                return new int[] {payload.getInt(), payload.getInt()};
            }
        }
    }

    /** Reads frames until the output holds the text. */
    public void readUntil(String text) {
        while (stdout.indexOf(text) < 0) {
            ByteBuffer header = read(8);
            if (header == null) {
                throw new AssertionError("the end came before '" + text + "': " + stdout);
            }
            int length = header.getInt();
            int type = header.get();
            ByteBuffer payload = read(length);
            if (type == STDOUT && payload != null) {
                stdout.append(StandardCharsets.UTF_8.decode(payload));
            }
        }
    }

    private @Nullable ByteBuffer read(int length) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(length).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (Io.read(own, buffer) == 0) {
                return null;
            }
        }
        return buffer.flip();
    }

    /** The end that is given to the monitor. */
    public Fd monitorEnd() {
        return monitorEnd;
    }

    /** What was read of the process's output. */
    public StringBuilder stdout() {
        return stdout;
    }

    /** What was read of its standard error. */
    public StringBuilder stderr() {
        return stderr;
    }

    /** Lets go of the end that the monitor has a copy of. */
    public void handedOver() {
        monitorEnd.close();
    }

    @Override
    public void close() {
        monitorEnd.close();
        own.close();
    }
}
