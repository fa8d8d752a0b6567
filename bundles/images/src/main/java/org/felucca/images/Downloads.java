package org.felucca.images;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.felucca.api.content.ContentWriter;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.images.source.BlobSource;
import org.felucca.oci.digest.Digest;
import org.felucca.oci.image.Descriptor;

/** The downloads under way: a blob that two pulls want is fetched once. Thread-safe. */
final class Downloads implements AutoCloseable {
    private final ExecutorService executor;
    private final ExecutorService helpers;
    private final PartSettings parts;

    /** Guarded by itself. */
    private final Map<Digest, Download> running = new HashMap<>();

    private boolean closed;

    /**
     * @param parallel how many run at a time; more wait in the order of their start
     * @param parts when a blob is fetched in parts
     */
    Downloads(int parallel, PartSettings parts) {
        this.parts = parts;
        this.executor = pool(parallel, "felucca-download-");
        this.helpers = pool(Math.max(1, parallel * (parts.parallel() - 1)), "felucca-part-");
    }

    private static ExecutorService pool(int size, String name) {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(size, size, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, name + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        // A node that pulls nothing keeps no threads for it.
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /**
     * Starts a download, or joins one of the same blob.
     *
     * @return the download, which the caller must {@link Download#release}
     */
    Download start(Blobs blobs, BlobSource source, Descriptor descriptor, Meter meter) {
        synchronized (running) {
            if (closed) {
                throw new FeluccaException(
                        ErrorCode.UNAVAILABLE, "cannot fetch " + descriptor.digest(), "the image service is stopping");
            }
            Download existing = running.get(descriptor.digest());
            if (existing != null && existing.join(meter)) {
                return existing;
            }
            Download download = new Download(blobs, source, descriptor, meter, existing, this::partsOf);
            running.put(descriptor.digest(), download);
            executor.execute(() -> {
                try {
                    download.run();
                } finally {
                    synchronized (running) {
                        running.remove(descriptor.digest(), download);
                    }
                }
            });
            return download;
        }
    }

    /** Fetches a large blob in parts; false if the rest of it has to come in order. */
    private boolean partsOf(Download download, BlobSource source, ContentWriter writer) {
        long missing = download.descriptor().size() - writer.offset();
        if (!parts.want(missing) || !writer.writesAhead()) {
            return false;
        }
        Parts work = new Parts(source, download.descriptor(), writer, parts, download::arrived, download::failed);
        return work.run(helpers);
    }

    /** Stops all downloads and joins the threads. */
    @Override
    public void close() {
        List<Download> stopping;
        synchronized (running) {
            closed = true;
            stopping = List.copyOf(running.values());
        }
        stopping.forEach(Download::stop);
        executor.shutdown();
        try {
            executor.awaitTermination(30, TimeUnit.SECONDS);
            helpers.shutdown();
            helpers.awaitTermination(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
