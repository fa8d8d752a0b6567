package org.felucca.images;

import java.util.ArrayList;
import java.util.List;
import org.felucca.api.image.Progress;
import org.felucca.api.image.Progress.Phase;
import org.felucca.images.source.BlobSource;
import org.felucca.oci.image.Descriptor;

/**
 * Everything that a manifest or index consists of, on its way in without being unpacked. Everything is claimed first.
 * Closing it stops the downloads nobody else wants and waits until they have stopped. Confined to one thread.
 */
final class Fetching implements AutoCloseable {
    private final String subject;
    private final Blobs blobs;
    private final BlobSource source;
    private final Downloads downloads;
    private final Claims claims;
    private final Progress progress;
    private final List<Download> started = new ArrayList<>();

    Fetching(String subject, Blobs blobs, BlobSource source, Downloads downloads, Claims claims, Progress progress) {
        this.subject = subject;
        this.blobs = blobs;
        this.source = source;
        this.downloads = downloads;
        this.claims = claims;
        this.progress = progress;
    }

    /** Brings in what is not here; returns when all of it is, verified. */
    StoredTree complete(Descriptor root) {
        RemoteDocuments remote = new RemoteDocuments(subject, source);
        StoredTree tree = StoredTree.of(
                subject, root, descriptor -> document(remote, descriptor), met -> claims.claim(met.digest()));
        List<Meter> meters = new ArrayList<>();
        for (Descriptor blob : tree.blobs()) {
            if (!blobs.has(blob)) {
                Meter meter = new Meter(progress, blob.digest().shortHex(), blob.size());
                started.add(downloads.start(blobs, source, blob, meter));
                meters.add(meter);
            }
        }
        for (int i = 0; i < started.size(); i++) {
            started.get(i).await();
            meters.get(i).report(Phase.DONE, started.get(i).descriptor().size());
        }
        return tree;
    }

    private byte[] document(RemoteDocuments remote, Descriptor descriptor) {
        if (blobs.has(descriptor)) {
            return blobs.document(descriptor);
        }
        byte[] document = remote.fetch(descriptor);
        blobs.put(descriptor, document);
        return document;
    }

    @Override
    public void close() {
        started.forEach(Download::release);
        boolean interrupted = Thread.interrupted();
        for (Download download : started) {
            boolean stopped = false;
            while (!stopped) {
                try {
                    download.awaitUnused();
                    stopped = true;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
