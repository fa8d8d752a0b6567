package org.felucca.shell.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.felucca.posix.fs.Errno;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.Io;
import org.felucca.posix.fs.PosixException;
import org.felucca.posix.poll.Epoll;
import org.felucca.posix.poll.EventFd;
import org.jspecify.annotations.Nullable;

/**
 * A file that a client opened and passed. Reading a pipe waits in a way that {@link #cancel} ends. One thread reads and
 * closes; any may cancel.
 */
final class PassedFile extends InputStream {
    private static final int BUFFER = 256 * 1024;
    private static final long DATA = 0;
    private static final long CANCEL = 1;

    private final Fd fd;
    private final ByteBuffer buffer;
    private final @Nullable Epoll epoll;
    private final EventFd cancelled = EventFd.create();
    private volatile boolean stopped;

    /** Takes the descriptor over. */
    PassedFile(Fd fd) {
        this.fd = fd;
        this.buffer = ByteBuffer.allocateDirect(BUFFER).limit(0);
        this.epoll = watch();
    }

    /** Regular files and some devices are always ready, which epoll says by EPERM. */
    private @Nullable Epoll watch() {
        if (Io.stat(fd).isRegular()) {
            return null;
        }
        Epoll watching = Epoll.create();
        try {
            watching.add(fd, Epoll.IN, DATA);
            watching.add(cancelled.fd(), Epoll.IN, CANCEL);
            return watching;
        } catch (PosixException e) {
            watching.close();
            if (e.is(Errno.EPERM)) {
                return null;
            }
            throw e;
        }
    }

    /** Ends a read that waits, and all later ones. Not after close. */
    synchronized void cancel() {
        if (!stopped) {
            stopped = true;
            cancelled.signal();
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (length == 0) {
            return 0;
        }
        if (!buffer.hasRemaining() && !fill()) {
            return -1;
        }
        int count = Math.min(length, buffer.remaining());
        buffer.get(bytes, offset, count);
        return count;
    }

    private boolean fill() throws IOException {
        try {
            if (epoll != null) {
                epoll.await(Epoll.FOREVER);
            }
            if (stopped) {
                throw new InterruptedIOException("interrupted while reading a file of the client");
            }
            buffer.clear();
            int count = Io.read(fd, buffer);
            buffer.flip();
            return count > 0;
        } catch (PosixException e) {
            buffer.clear().limit(0);
            throw new IOException(
                    "cannot read a file of the client: " + e.errno().text(), e);
        }
    }

    @Override
    public synchronized void close() {
        stopped = true;
        fd.close();
        cancelled.close();
        if (epoll != null) {
            epoll.close();
        }
    }
}
