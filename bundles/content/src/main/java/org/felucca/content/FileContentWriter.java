package org.felucca.content;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.util.Optional;
import org.felucca.api.content.ContentInfo;
import org.felucca.api.content.ContentWriter;
import org.felucca.api.content.IngestRef;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.oci.digest.Digest;
import org.felucca.oci.digest.Digest.Algorithm;
import org.felucca.oci.digest.Digester;

/**
 * Appends to an ingest and hashes along. The hash follows the data: bytes left by an earlier attempt, or written before
 * another algorithm is asked for, are read back once.
 */
final class FileContentWriter implements ContentWriter {
    private static final int BUFFER = 256 << 10;

    private final FileContentStore store;
    private final IngestRef ref;
    private final Path directory;
    private final FileChannel data;
    private final FileOperations files;
    private final Clock clock;

    private Digester digester = new Digester(Algorithm.SHA256);
    private long hashed;
    private volatile long offset;
    private volatile boolean ended;

    FileContentWriter(
            FileContentStore store, IngestRef ref, Path directory, FileChannel data, FileOperations files, Clock clock)
            throws IOException {
        this.store = store;
        this.ref = ref;
        this.directory = directory;
        this.data = data;
        this.files = files;
        this.clock = clock;
        this.offset = data.size();
    }

    @Override
    public long offset() {
        return offset;
    }

    @Override
    public void write(ByteBuffer source) {
        requireOpen();
        ByteBuffer toHash = source.duplicate();
        int length = source.remaining();
        try {
            files.write(data, source, offset);
        } catch (IOException e) {
            throw forgetTail(Failures.of("cannot write ingest " + ref, e));
        }
        if (hashed == offset) {
            digester.update(toHash);
            hashed += length;
        }
        offset += length;
    }

    @Override
    public int read(ByteBuffer target, long position) {
        requireOpen();
        try {
            return data.read(target, position);
        } catch (ClosedByInterruptException e) {
            throw Failures.of("cannot read ingest " + ref, e);
        } catch (ClosedChannelException e) {
            // The writer ended between the look and the read.
            throw hasEnded();
        } catch (IOException e) {
            throw Failures.of("cannot read ingest " + ref, e);
        }
    }

    @Override
    public void truncate(long size) {
        requireOpen();
        if (size < 0 || size > offset) {
            throw new FeluccaException(
                    ErrorCode.INVALID_ARGUMENT,
                    "cannot cut ingest " + ref + " to " + size,
                    "it has " + offset + " bytes");
        }
        try {
            files.truncate(data, size);
        } catch (IOException e) {
            throw Failures.of("cannot cut ingest " + ref + " to " + size, e);
        }
        offset = size;
        if (hashed > size) {
            digester = new Digester(digester.algorithm());
            hashed = 0;
        }
    }

    @Override
    public ContentInfo commit(Digest digest, long size) {
        requireOpen();
        String subject = "cannot commit blob " + digest;
        if (offset != size) {
            throw drop(mismatch(subject, "it has " + offset + " bytes where " + size + " were expected"));
        }
        try {
            Digest actual = digest(digest.algorithm());
            if (!actual.equals(digest)) {
                throw drop(mismatch(subject, "the bytes have digest " + actual));
            }
            Optional<ContentInfo> existing = store.stat(digest);
            // A blob of another length is what a power cut left; the verified bytes replace it.
            if (existing.isPresent() && existing.get().size() == size) {
                clearDirectory();
                return existing.get();
            }
            publish(subject, digest);
            clearDirectory();
            return store.stat(digest).orElseThrow(() -> removedMeanwhile(subject));
        } catch (IOException e) {
            throw Failures.of(subject, e);
        }
    }

    /** Data to disk, then the name, then the name to disk. Leaves the ingest as it was if a step fails. */
    private void publish(String subject, Digest digest) throws IOException {
        Path from = directory.resolve(FileContentStore.DATA);
        Path to = store.blob(digest);
        files.seal(from, FileTime.from(clock.instant()));
        try {
            files.force(data);
        } catch (ClosedByInterruptException e) {
            throw e;
        } catch (IOException e) {
            if (Failures.isFull(e)) {
                throw e;
            }
            // The kernel has dropped the dirty pages and will not report again: these bytes cannot be trusted.
            throw drop(Failures.of(subject, e));
        }
        files.rename(from, to);
        try {
            files.forceDirectory(store.blobDirectory(digest));
        } catch (IOException e) {
            try {
                files.rename(to, from);
            } catch (IOException undo) {
                e.addSuppressed(undo);
            }
            throw e;
        }
    }

    /** The blob is durable, so a failure here is no failure of the commit; the store clears the rest when it opens. */
    private void clearDirectory() {
        try {
            end();
            store.delete(directory);
        } catch (IOException e) {
            // What is left has no data and is no ingest any more.
            return;
        }
    }

    @Override
    public void abort() {
        if (ended) {
            return;
        }
        try {
            end();
            store.delete(directory);
        } catch (IOException e) {
            throw Failures.of("cannot abort ingest " + ref, e);
        }
    }

    @Override
    public void close() {
        if (ended) {
            return;
        }
        try {
            end();
        } catch (IOException e) {
            throw Failures.of("cannot close ingest " + ref, e);
        }
    }

    /** Hashes what the running digest has not seen, from the file. */
    private Digest digest(Algorithm algorithm) throws IOException {
        if (digester.algorithm() != algorithm) {
            digester = new Digester(algorithm);
            hashed = 0;
        }
        ByteBuffer buffer = ByteBuffer.allocateDirect((int) Math.max(1, Math.min(BUFFER, offset - hashed)));
        while (hashed < offset) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), offset - hashed));
            int count = data.read(buffer, hashed);
            if (count < 0) {
                throw new NoSuchFileException(directory.toString(), null, "the ingest was cut by somebody else");
            }
            digester.update(buffer.flip());
            hashed += count;
        }
        return digester.digest();
    }

    /** A failed write may have left some bytes beyond the offset; they must not be taken for received ones. */
    private FeluccaException forgetTail(FeluccaException failure) {
        try {
            if (data.isOpen()) {
                files.truncate(data, offset);
            }
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
        return failure;
    }

    private FeluccaException drop(FeluccaException failure) {
        try {
            abort();
        } catch (FeluccaException e) {
            failure.addSuppressed(e);
        }
        return failure;
    }

    private void end() throws IOException {
        ended = true;
        try {
            data.close();
        } finally {
            store.release(ref);
        }
    }

    private void requireOpen() {
        if (ended) {
            throw hasEnded();
        }
    }

    private FeluccaException hasEnded() {
        return new FeluccaException(
                ErrorCode.FAILED_PRECONDITION,
                "cannot use ingest " + ref,
                "its writer was committed, aborted or closed");
    }

    private static FeluccaException mismatch(String subject, String reason) {
        return new FeluccaException(ErrorCode.DATA_LOSS, subject, reason, "fetch it again");
    }

    private static FeluccaException removedMeanwhile(String subject) {
        return new FeluccaException(ErrorCode.ABORTED, subject, "it was removed at once", "fetch it again");
    }
}
