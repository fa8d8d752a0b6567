package org.felucca.shell.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.felucca.posix.fs.Errno;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.Io;
import org.felucca.posix.fs.PosixException;
import org.felucca.posix.net.UnixSocket;
import org.felucca.posix.poll.Epoll;
import org.jspecify.annotations.Nullable;

/**
 * Writes whole frames to one client over a non-blocking socket, waiting while it is slow. Thread-safe: frames of several threads do not mix; the
 * lock is held over the write because that is its purpose.
 */
final class FrameSender {
    private static final ConcurrentLinkedQueue<ByteBuffer> POOL = new ConcurrentLinkedQueue<>();
    private static final int SMALL = 512;

    private final Fd socket;
    private final ReentrantLock lock = new ReentrantLock();
    private boolean broken; // guarded by lock
    private @Nullable Epoll room; // guarded by lock

    FrameSender(Fd socket) {
        this.socket = socket;
    }

    /**
     * Sends bytes as one frame or more.
     *
     * @throws IOException if the client has gone
     */
    void send(int type, byte[] bytes, int offset, int length) throws IOException {
        ByteBuffer buffer = borrow();
        try {
            int at = offset;
            int left = length;
            do {
                int part = Math.min(left, FrameType.PAYLOAD);
                buffer.clear();
                buffer.putInt(part).put((byte) type).put((byte) 0).putShort((short) 0);
                buffer.put(bytes, at, part);
                write(buffer.flip());
                at += part;
                left -= part;
            } while (left > 0);
        } finally {
            POOL.offer(buffer);
        }
    }

    /** Sends a small payload. */
    void send(int type, byte[] payload) throws IOException {
        send(type, payload, 0, payload.length);
    }

    private static ByteBuffer borrow() {
        @Nullable ByteBuffer pooled = POOL.poll();
        return pooled != null
                ? pooled
                : ByteBuffer.allocateDirect(FrameType.HEADER + FrameType.PAYLOAD)
                        .order(ByteOrder.LITTLE_ENDIAN);
    }

    private void write(ByteBuffer frame) throws IOException {
        lock.lock();
        try {
            if (broken) {
                throw new IOException("the client has gone");
            }
            while (frame.hasRemaining()) {
                if (UnixSocket.send(socket, frame) == Io.WOULD_BLOCK) {
                    awaitRoom();
                }
            }
        } catch (PosixException e) {
            broken = true;
            throw new IOException(
                    e.is(Errno.EPIPE) || e.is(Errno.ECONNRESET) ? "the client has gone" : e.getMessage(), e);
        } finally {
            lock.unlock();
        }
    }

    private void awaitRoom() {
        Epoll epoll = room;
        if (epoll == null) {
            epoll = Epoll.create();
            epoll.add(socket, Epoll.OUT, 0);
            room = epoll;
        }
        epoll.await(Epoll.FOREVER);
    }

    /** Sends a small frame if that is possible without waiting, and nothing otherwise. */
    void offer(int type, byte[] payload) {
        if (!lock.tryLock()) {
            return;
        }
        ByteBuffer buffer = borrow();
        try {
            buffer.clear();
            buffer.putInt(payload.length)
                    .put((byte) type)
                    .put((byte) 0)
                    .putShort((short) 0)
                    .put(payload);
            UnixSocket.send(socket, buffer.flip());
        } catch (PosixException e) {
            broken = true; // the client has gone; nobody misses the frame
        } finally {
            lock.unlock();
            POOL.offer(buffer);
        }
    }

    /** Releases what waiting needed; not during a send. */
    void close() {
        if (room != null) {
            room.close();
        }
    }

    /** A payload of little-endian numbers. */
    static byte[] numbers(int... values) {
        ByteBuffer payload =
                ByteBuffer.allocate(Math.min(SMALL, 4 * values.length)).order(ByteOrder.LITTLE_ENDIAN);
        for (int value : values) {
            payload.putInt(value);
        }
        return payload.array();
    }
}
