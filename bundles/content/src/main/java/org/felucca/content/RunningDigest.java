package org.felucca.content;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.locks.ReentrantLock;
import org.felucca.oci.digest.Digest;
import org.felucca.oci.digest.Digest.Algorithm;
import org.felucca.oci.digest.Digester;
import org.jspecify.annotations.Nullable;

/**
 * The digest of a file that is being written, which follows the bytes without a gap: from memory where they come in
 * order, else read back once. Any thread that writes may take it further; one does it for all. Thread-safe.
 */
final class RunningDigest {
    private static final int BUFFER = 256 << 10;

    private final FileChannel data;
    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by {@link #lock}, as are the other fields. */
    private Digester digester = new Digester(Algorithm.SHA256);

    private long hashed;
    private @Nullable ByteBuffer buffer;

    RunningDigest(FileChannel data) {
        this.data = data;
    }

    /** Takes bytes that were just written, if it is their turn and nobody else is at work. */
    void written(ByteBuffer bytes, long position) {
        if (lock.tryLock()) {
            try {
                int length = bytes.remaining();
                if (hashed == position) {
                    digester.update(bytes);
                    hashed = position + length;
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /** Reads back what closed a gap, unless another thread is at work; what both leave is for the next, or the end. */
    void follow(long offset) throws IOException {
        if (lock.tryLock()) {
            try {
                hashUpTo(offset);
            } finally {
                lock.unlock();
            }
        }
    }

    /** Begins anew if bytes past a position were seen, since they are no more. */
    void cut(long position) {
        lock.lock();
        try {
            if (hashed > position) {
                digester = new Digester(digester.algorithm());
                hashed = 0;
            }
        } finally {
            lock.unlock();
        }
    }

    /** The digest of all bytes up to an offset. */
    Digest digest(Algorithm algorithm, long offset) throws IOException {
        lock.lock();
        try {
            if (digester.algorithm() != algorithm) {
                digester = new Digester(algorithm);
                hashed = 0;
            }
            hashUpTo(offset);
            return digester.digest();
        } finally {
            buffer = null;
            lock.unlock();
        }
    }

    private void hashUpTo(long offset) throws IOException {
        while (hashed < offset) {
            ByteBuffer piece = buffer;
            if (piece == null) {
                piece = ByteBuffer.allocateDirect(BUFFER);
                buffer = piece;
            }
            piece.clear().limit((int) Math.min(BUFFER, offset - hashed));
            int count = data.read(piece, hashed);
            if (count < 0) {
                throw new NoSuchFileException("data", null, "the ingest was cut by somebody else");
            }
            digester.update(piece.flip());
            hashed += count;
        }
    }
}
