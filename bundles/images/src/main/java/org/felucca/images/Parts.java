package org.felucca.images;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.felucca.api.content.ContentWriter;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.images.source.BlobSource;
import org.felucca.oci.image.Descriptor;
import org.jspecify.annotations.Nullable;

/**
 * One large blob on its way into the content store in parts, each over a connection of its own. The parts are taken in
 * order, so that what has arrived without a gap is never far behind. The thread that runs it works too and is the last
 * to leave; helpers join where threads are free. Guarded by its own monitor; I/O happens outside.
 */
final class Parts {
    private static final int BUFFER = 256 << 10;

    private final BlobSource source;
    private final Descriptor descriptor;
    private final ContentWriter writer;
    private final PartSettings settings;
    private final LongConsumer arrived;
    private final Function<IOException, FeluccaException> failures;
    private final Set<Thread> working = new HashSet<>();
    private long next;
    private boolean refused;
    private @Nullable FeluccaException failure;

    /** A part. */
    private record Part(long start, long end) {}

    /**
     * @param writer takes pieces ahead; what it has is not fetched again
     * @param arrived is told how much is there without a gap, by any thread, not always in order
     * @param failures makes a failure out of a broken stream
     */
    Parts(
            BlobSource source,
            Descriptor descriptor,
            ContentWriter writer,
            PartSettings settings,
            LongConsumer arrived,
            Function<IOException, FeluccaException> failures) {
        this.source = source;
        this.descriptor = descriptor;
        this.writer = writer;
        this.settings = settings;
        this.arrived = arrived;
        this.failures = failures;
        this.next = writer.offset();
    }

    /**
     * Fetches the parts.
     *
     * @param helpers run what can be done beside this thread, now, later or never
     * @return {@code true} if all of the blob is there; {@code false} if the source gives no (more) parts, and the rest
     *     has to be fetched in order
     * @throws FeluccaException why it failed
     */
    boolean run(Executor helpers) {
        Part first = take();
        if (first == null) {
            return true;
        }
        Optional<InputStream> opened = source.openPart(descriptor, first.start(), first.end() - first.start());
        if (opened.isEmpty()) {
            return false;
        }
        for (int i = 1; i < settings.parallel(); i++) {
            helpers.execute(this::help);
        }
        enter();
        try {
            copy(opened.orElseThrow(), first);
            work();
        } catch (FeluccaException e) {
            fail(e);
        } catch (RuntimeException | Error e) {
            fail(unexpected(e));
        } finally {
            leave();
        }
        awaitHelpers();
        if (isWhole()) {
            return true;
        }
        // What arrived past the gap that was refused would keep the rest away.
        writer.truncate(writer.offset());
        return false;
    }

    private FeluccaException unexpected(Throwable e) {
        return new FeluccaException(
                ErrorCode.INTERNAL, "cannot fetch " + descriptor.digest(), String.valueOf(e), null, e);
    }

    private void help() {
        if (!enter()) {
            return;
        }
        try {
            work();
        } catch (FeluccaException e) {
            fail(e);
        } catch (RuntimeException | Error e) {
            fail(unexpected(e));
        } finally {
            leave();
            // The thread goes on with other blobs; an interrupt that was meant for this one ends here.
            Thread.interrupted();
        }
    }

    private void work() {
        for (Part part = take(); part != null; part = take()) {
            Optional<InputStream> opened = source.openPart(descriptor, part.start(), part.end() - part.start());
            if (opened.isEmpty()) {
                refuse();
                return;
            }
            copy(opened.orElseThrow(), part);
        }
    }

    private void copy(InputStream opened, Part part) {
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = opened) {
            for (long at = part.start(); at < part.end(); ) {
                int count = in.read(buffer, 0, (int) Math.min(buffer.length, part.end() - at));
                if (count < 0) {
                    throw new IOException("a part ended at byte " + at + " instead of " + part.end());
                }
                writer.writeAhead(ByteBuffer.wrap(buffer, 0, count), at);
                at += count;
                arrived.accept(writer.offset());
            }
        } catch (IOException e) {
            throw failures.apply(e);
        }
    }

    private synchronized @Nullable Part take() {
        if (failure != null || refused || next >= descriptor.size()) {
            return null;
        }
        Part part = new Part(next, Math.min(next + settings.size(), descriptor.size()));
        next = part.end();
        return part;
    }

    private synchronized void refuse() {
        refused = true;
    }

    private synchronized boolean enter() {
        if (failure != null || refused || next >= descriptor.size()) {
            return false;
        }
        working.add(Thread.currentThread());
        return true;
    }

    private synchronized void leave() {
        working.remove(Thread.currentThread());
        notifyAll();
    }

    private synchronized void fail(FeluccaException e) {
        if (failure != null) {
            return;
        }
        failure = e;
        for (Thread thread : working) {
            if (thread != Thread.currentThread()) {
                thread.interrupt();
            }
        }
    }

    /** Waits for the helpers, also when interrupted: nobody writes any more when this returns. */
    private synchronized void awaitHelpers() {
        boolean interrupted = false;
        while (!working.isEmpty()) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
                working.forEach(Thread::interrupt);
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized boolean isWhole() {
        if (failure != null) {
            throw failure;
        }
        return !refused;
    }
}
