package org.felucca.images;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.felucca.api.content.ContentReader;
import org.felucca.api.content.ContentWriter;
import org.felucca.api.content.IngestRef;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.images.source.BlobSource;
import org.felucca.oci.image.Descriptor;
import org.jspecify.annotations.Nullable;

/**
 * A blob on its way into the content store. One thread runs it; any number wait for it or follow its bytes. Guarded by
 * its own monitor; I/O happens outside.
 *
 * <p>An ingest that was resumed is not followed before it is committed: its first bytes come from an earlier attempt
 * and a crash may have damaged them, in which case it starts over once.
 */
final class Download {
    static final String INGEST_PREFIX = "blob-";
    private static final int BUFFER = 256 << 10;

    private final Blobs blobs;
    private final BlobSource source;
    private final Descriptor descriptor;
    private final @Nullable Download previous;
    private final InParts inParts;
    private final List<Meter> meters = new CopyOnWriteArrayList<>();
    private int users = 1;
    private boolean done;
    private boolean ended;
    private long available;
    private @Nullable ContentWriter followed;
    private @Nullable FeluccaException failure;
    private @Nullable Thread runner;

    /** Fetches as much of a blob side by side as can be. */
    @FunctionalInterface
    interface InParts {
        /** Returns {@code true} if all of the blob is there then, {@code false} if the rest has to come in order. */
        boolean fetch(Download download, BlobSource source, ContentWriter writer);
    }

    /** @param previous a download of the same blob that is being stopped; this one begins when it has */
    Download(
            Blobs blobs,
            BlobSource source,
            Descriptor descriptor,
            Meter meter,
            @Nullable Download previous,
            InParts inParts) {
        this.previous = previous;
        this.inParts = inParts;
        this.blobs = blobs;
        this.source = source;
        this.descriptor = descriptor;
        this.meters.add(meter);
        meter.expectBytes();
    }

    Descriptor descriptor() {
        return descriptor;
    }

    /** Takes part in a download that somebody else started; false if it is over. */
    synchronized boolean join(Meter meter) {
        if (ended || users == 0) {
            return false;
        }
        users++;
        meters.add(meter);
        meter.expectBytes();
        return true;
    }

    /** Gives up a part in it; the last one to do so stops it. */
    synchronized void release() {
        users--;
        if (users == 0) {
            stop();
        }
    }

    /** Stops it, whoever takes part. {@link #awaitUnused()} tells when it has stopped. */
    synchronized void stop() {
        if (runner != null) {
            runner.interrupt();
        } else if (!ended) {
            finish(cancelled(null));
        }
    }

    /** Brings the blob in, unless it was stopped before. Called once, by a thread of the pool. */
    void run() {
        synchronized (this) {
            if (ended) {
                return;
            }
            runner = Thread.currentThread();
        }
        try {
            if (previous != null) {
                previous.awaitUnused();
            }
            boolean complete = transfer();
            if (!complete) {
                // What had been resumed was damaged and is gone; this one begins at the first byte.
                complete = transfer();
            }
            if (!complete) {
                throw new IllegalStateException("a transfer from the first byte counted as resumed");
            }
            finish(null);
        } catch (InterruptedException e) {
            finish(cancelled(e));
        } catch (FeluccaException e) {
            finish(e);
        } catch (RuntimeException | Error e) {
            finish(new FeluccaException(ErrorCode.INTERNAL, subject(), String.valueOf(e), null, e));
        }
    }

    /** Waits until it is over, or somebody else goes on with it. */
    synchronized void awaitUnused() throws InterruptedException {
        while (!ended && users == 0) {
            wait();
        }
    }

    /**
     * Waits until the blob is verified and visible.
     *
     * @throws FeluccaException why it is not, or CANCELLED on interrupt
     */
    synchronized void await() {
        try {
            while (!done && failure == null) {
                wait();
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** Whether it is over and went wrong. */
    synchronized @Nullable FeluccaException failure() {
        return failure;
    }

    /** The blob's bytes from the first, as they arrive. Unverified until {@link #await()} returns. */
    InputStream follow() {
        return new Following();
    }

    /** One transfer; false if it was resumed and turned out to be damaged. */
    private boolean transfer() {
        if (blobs.has(descriptor)) {
            // Another download brought it between the caller's look and this one's turn.
            return true;
        }
        ContentWriter writer = blobs.writer(new IngestRef(INGEST_PREFIX + descriptor.digest()));
        if (writer.offset() > descriptor.size()) {
            writer.truncate(0);
        }
        long start = writer.offset();
        boolean damaged = false;
        try {
            if (start == 0) {
                publish(writer);
            }
            copy(writer);
            writer.commit(descriptor.digest(), descriptor.size());
            return true;
        } catch (FeluccaException e) {
            damaged = e.is(ErrorCode.DATA_LOSS);
            if (damaged && start > 0) {
                return false;
            }
            throw e;
        } finally {
            publish(null);
            end(writer, damaged);
        }
    }

    /** Keeps what arrived if the next attempt can use it; dropping does nothing after a commit. */
    private void end(ContentWriter writer, boolean damaged) {
        try (writer) {
            if (damaged || writer.offset() == 0 || !source.worthResuming()) {
                writer.abort();
            }
        }
    }

    private void copy(ContentWriter writer) {
        if (writer.offset() == descriptor.size() || inParts.fetch(this, source, writer)) {
            return;
        }
        long start = writer.offset();
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = source.open(descriptor, start)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                writer.write(ByteBuffer.wrap(buffer, 0, count));
                arrived(writer.offset());
            }
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private synchronized void publish(@Nullable ContentWriter writer) {
        followed = writer;
        available = 0;
        notifyAll();
    }

    /** Lets followers have the bytes up to there. May be called by several threads; what was there stays. */
    void arrived(long offset) {
        synchronized (this) {
            if (offset < available) {
                return;
            }
            available = offset;
            notifyAll();
        }
        meters.forEach(meter -> meter.downloaded(offset));
    }

    private synchronized void finish(@Nullable FeluccaException e) {
        failure = e;
        done = e == null;
        ended = true;
        if (runner != null) {
            // The thread goes on with other downloads; an interrupt that was meant for this one ends here.
            runner = null;
            Thread.interrupted();
        }
        notifyAll();
    }

    /** What a broken stream means. */
    FeluccaException failed(IOException e) {
        if (e.getCause() instanceof FeluccaException cause) {
            return cause;
        }
        if (e instanceof InterruptedIOException || Thread.currentThread().isInterrupted()) {
            return cancelled(e);
        }
        return new FeluccaException(
                ErrorCode.UNAVAILABLE, subject(), "the transfer failed: " + e.getMessage(), "try again", e);
    }

    private FeluccaException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return cancelled(e);
    }

    private FeluccaException cancelled(@Nullable Throwable cause) {
        return new FeluccaException(ErrorCode.CANCELLED, subject(), "the work was interrupted", null, cause);
    }

    private String subject() {
        return "cannot fetch " + descriptor.digest();
    }

    /** Reads from the ingest while it grows, and from the blob once it is committed. Confined to one thread. */
    private final class Following extends InputStream {
        private long position;
        private @Nullable ContentReader reader;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            try {
                while (position < descriptor.size()) {
                    int count = piece(ByteBuffer.wrap(target, offset, length));
                    if (count > 0) {
                        position += count;
                        return count;
                    }
                }
                return -1;
            } catch (FeluccaException e) {
                throw new IOException(e.getMessage(), e);
            }
        }

        private int piece(ByteBuffer target) {
            ContentWriter writer = awaitBytes();
            if (writer == null) {
                if (reader == null) {
                    reader = blobs.reader(descriptor.digest());
                }
                return reader.read(target, position);
            }
            try {
                return writer.read(target, position);
            } catch (FeluccaException e) {
                if (e.is(ErrorCode.FAILED_PRECONDITION)) {
                    // It was committed between the look and the read.
                    Download.this.await();
                    return 0;
                }
                throw e;
            }
        }

        /** The ingest that has bytes beyond the position; null once the blob is there. */
        private @Nullable ContentWriter awaitBytes() {
            synchronized (Download.this) {
                try {
                    while (!done && failure == null && (followed == null || available <= position)) {
                        Download.this.wait();
                    }
                } catch (InterruptedException e) {
                    throw interrupted(e);
                }
                if (failure != null) {
                    throw failure;
                }
                return done ? null : followed;
            }
        }

        @Override
        public void close() {
            if (reader != null) {
                reader.close();
            }
        }
    }
}
