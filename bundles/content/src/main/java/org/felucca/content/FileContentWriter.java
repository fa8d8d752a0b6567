package org.felucca.content;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
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
import org.jspecify.annotations.Nullable;

/**
 * Writes an ingest and hashes along. The hash follows the data without a gap: bytes left by an earlier attempt, written
 * ahead, or written before another algorithm is asked for, are read back once.
 */
final class FileContentWriter implements ContentWriter {
    private final FileContentStore store;
    private final IngestRef ref;
    private final Path directory;
    private final FileChannel data;
    private final FileOperations files;
    private final Clock clock;
    private final RunningDigest digest;

    /** What arrived past a gap. Guards itself, {@link #mark} and the growth of {@link #offset}. */
    private final Pieces pieces = new Pieces();

    private @Nullable GapMark mark;
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
        this.digest = new RunningDigest(data);
        this.offset = data.size();
    }

    @Override
    public long offset() {
        return offset;
    }

    @Override
    public void write(ByteBuffer source) {
        requireOpen();
        requireNothingAhead();
        ByteBuffer toHash = source.duplicate();
        long from = offset;
        try {
            files.write(data, source, from);
        } catch (IOException e) {
            throw forgetTail(Failures.of("cannot write ingest " + ref, e));
        }
        offset = from + toHash.remaining();
        digest.written(toHash, from);
    }

    @Override
    public boolean writesAhead() {
        return true;
    }

    @Override
    public void writeAhead(ByteBuffer source, long position) {
        requireOpen();
        ByteBuffer toHash = source.duplicate();
        long end = position + source.remaining();
        try {
            synchronized (pieces) {
                if (position < offset || !pieces.isFree(position, end)) {
                    throw new FeluccaException(
                            ErrorCode.INVALID_ARGUMENT,
                            "cannot write ingest " + ref + " at " + position,
                            "bytes are there already");
                }
                if (position > offset && mark == null) {
                    mark = new GapMark(directory, files, offset);
                }
            }
            files.write(data, source, position);
            synchronized (pieces) {
                pieces.add(position, end);
                long arrived = pieces.takeFrom(offset);
                if (arrived > offset && mark != null) {
                    mark.move(arrived);
                }
                offset = arrived;
            }
            if (end <= offset) {
                digest.written(toHash, position);
            }
            digest.follow(offset);
        } catch (ClosedChannelException e) {
            throw e instanceof ClosedByInterruptException ? Failures.of("cannot write ingest " + ref, e) : hasEnded();
        } catch (IOException e) {
            throw Failures.of("cannot write ingest " + ref, e);
        }
    }

    private void requireNothingAhead() {
        synchronized (pieces) {
            if (!pieces.isEmpty()) {
                throw new FeluccaException(
                        ErrorCode.FAILED_PRECONDITION,
                        "cannot write ingest " + ref,
                        "bytes written ahead are waiting",
                        "truncate it to its offset first");
            }
        }
    }

    private boolean isComplete() {
        synchronized (pieces) {
            return pieces.isEmpty();
        }
    }

    @Override
    public int read(ByteBuffer target, long position) {
        requireOpen();
        long left = offset - position;
        if (left <= 0) {
            return -1;
        }
        int limit = target.limit();
        try {
            target.limit((int) Math.min(limit, target.position() + left));
            return data.read(target, position);
        } catch (ClosedByInterruptException e) {
            throw Failures.of("cannot read ingest " + ref, e);
        } catch (ClosedChannelException e) {
            // The writer ended between the look and the read.
            throw hasEnded();
        } catch (IOException e) {
            throw Failures.of("cannot read ingest " + ref, e);
        } finally {
            target.limit(limit);
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
        synchronized (pieces) {
            pieces.clear();
            offset = size;
        }
        forgetMark("cannot cut ingest " + ref + " to " + size);
        digest.cut(size);
    }

    @Override
    public ContentInfo commit(Digest expected, long size) {
        requireOpen();
        String subject = "cannot commit blob " + expected;
        if (offset != size) {
            throw drop(mismatch(subject, "it has " + offset + " bytes where " + size + " were expected"));
        }
        if (!isComplete()) {
            throw drop(mismatch(subject, "bytes lie past its " + size));
        }
        try {
            Digest actual = digest.digest(expected.algorithm(), offset);
            if (!actual.equals(expected)) {
                throw drop(mismatch(subject, "the bytes have digest " + actual));
            }
            Optional<ContentInfo> existing = store.stat(expected);
            // A blob of another length is what a power cut left; the verified bytes replace it.
            if (existing.isPresent() && existing.get().size() == size) {
                clearDirectory();
                return existing.get();
            }
            publish(subject, expected);
            clearDirectory();
            return store.stat(expected).orElseThrow(() -> removedMeanwhile(subject));
        } catch (IOException e) {
            throw Failures.of(subject, e);
        }
    }

    /** Data to disk, then the name, then the name to disk. Leaves the ingest as it was if a step fails. */
    private void publish(String subject, Digest expected) throws IOException {
        Path from = directory.resolve(FileContentStore.DATA);
        Path to = store.blob(expected);
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
            files.forceDirectory(store.blobDirectory(expected));
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
            dropAhead();
            end();
        } catch (IOException e) {
            throw Failures.of("cannot close ingest " + ref, e);
        }
    }

    /** Cuts off what lies past a gap; where that fails the mark stays, and the next writer cuts it off. */
    private void dropAhead() throws IOException {
        GapMark left;
        synchronized (pieces) {
            left = mark;
            mark = null;
        }
        if (left == null) {
            return;
        }
        try (left) {
            if (data.isOpen()) {
                files.truncate(data, offset);
                left.remove();
            }
        } catch (IOException e) {
            try {
                end();
            } catch (IOException close) {
                e.addSuppressed(close);
            }
            throw e;
        }
    }

    /** Takes the mark away, where nothing lies past a gap any more. */
    private void forgetMark(String subject) {
        try {
            GapMark left;
            synchronized (pieces) {
                left = mark;
                mark = null;
            }
            if (left != null) {
                left.remove();
            }
        } catch (IOException e) {
            throw Failures.of(subject, e);
        }
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
        GapMark left;
        synchronized (pieces) {
            left = mark;
            mark = null;
        }
        try (left) {
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
