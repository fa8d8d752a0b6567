package org.felucca.shell.server;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.felucca.posix.fs.Errno;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.Io;
import org.felucca.posix.fs.PosixException;

/**
 * A regular file that a client made and passed. One thread writes; {@link #close} may come from another when that one
 * is done.
 */
final class PassedOutput extends OutputStream {
    private static final int BUFFER = 256 * 1024;

    private final Fd fd;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);

    /** Takes the descriptor over. */
    PassedOutput(Fd fd) {
        this.fd = fd;
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        int at = offset;
        int left = length;
        while (left > 0) {
            if (!buffer.hasRemaining()) {
                flush();
            }
            int part = Math.min(left, buffer.remaining());
            buffer.put(bytes, at, part);
            at += part;
            left -= part;
        }
    }

    @Override
    public void flush() throws IOException {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("interrupted while writing a file of the client");
        }
        buffer.flip();
        try {
            Io.writeFully(fd, buffer);
        } catch (PosixException e) {
            Errno errno = e.errno();
            throw new IOException("cannot write a file of the client: " + errno.text(), e);
        } finally {
            buffer.clear();
        }
    }

    /** Writes nothing more: who wants all on its way has flushed. */
    @Override
    public void close() {
        fd.close();
    }
}
