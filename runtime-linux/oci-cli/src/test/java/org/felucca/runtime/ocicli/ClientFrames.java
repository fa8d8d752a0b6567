package org.felucca.runtime.ocicli;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.Io;
import org.felucca.posix.net.UnixSocket;

/** The client's end of a client socket: reads and writes frames, one at a time, blocking. */
final class ClientFrames implements AutoCloseable {
    static final int STDIN = 2;
    static final int STDOUT = 3;
    static final int STDERR = 4;
    static final int WINDOW = 5;
    static final int CREDIT = 7;
    static final int EXIT = 8;
    static final int DETACH = 10;
    static final int STDIN_EOF = 11;

    final Fd monitorEnd;
    private final Fd own;
    final StringBuilder stdout = new StringBuilder();
    final StringBuilder stderr = new StringBuilder();

    ClientFrames() {
        Fd[] pair = UnixSocket.pair(UnixSocket.Type.STREAM);
        own = pair[0];
        monitorEnd = pair[1];
    }

    void send(int type, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocateDirect(8 + payload.length).order(ByteOrder.LITTLE_ENDIAN);
        frame.putInt(payload.length)
                .put((byte) type)
                .put((byte) 0)
                .putShort((short) 0)
                .put(payload)
                .flip();
        Io.writeFully(own, frame);
    }

    void send(String stdin) {
        send(STDIN, stdin.getBytes(StandardCharsets.UTF_8));
    }

    /** Reads frames up to EXIT, or up to the end if the monitor closes without one. @return kind and value, or null */
    int[] readToExit() {
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
    void readUntil(String text) {
        while (stdout.indexOf(text) < 0) {
            ByteBuffer header = read(8);
            if (header == null) {
                throw new AssertionError("the end came before '" + text + "': " + stdout);
            }
            int length = header.getInt();
            int type = header.get();
            ByteBuffer payload = read(length);
            if (type == STDOUT) {
                stdout.append(StandardCharsets.UTF_8.decode(payload));
            }
        }
    }

    private ByteBuffer read(int length) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(length).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (Io.read(own, buffer) == 0) {
                return null;
            }
        }
        return buffer.flip();
    }

    /** Lets go of the end that the monitor has a copy of. */
    void handedOver() {
        monitorEnd.close();
    }

    @Override
    public void close() {
        monitorEnd.close();
        own.close();
    }
}
