package org.felucca.images;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.image.Progress;
import org.felucca.api.image.Progress.Phase;
import org.felucca.api.plugin.Provider;
import org.felucca.api.snapshot.Snapshotter;
import org.felucca.images.Unpacker.LayerBytes;
import org.felucca.images.source.BlobSource;
import org.felucca.oci.digest.Digest;
import org.felucca.oci.image.Descriptor;
import org.felucca.oci.image.Manifest;
import org.felucca.oci.json.JsonLimits;
import org.felucca.oci.platform.Platform;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One image on its way in: documents first, then layers, downloaded in parallel and unpacked in order. Everything it
 * makes is claimed first. Closing it stops the downloads nobody else wants and waits until they have
 * stopped. Confined to one thread.
 */
final class Bringing implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Bringing.class);

    private final String name;
    private final Blobs blobs;
    private final BlobSource source;
    private final Downloads downloads;
    private final Claims claims;
    private final Progress progress;
    private final Map<Digest, Download> started = new HashMap<>();

    Bringing(String name, Blobs blobs, BlobSource source, Downloads downloads, Claims claims, Progress progress) {
        this.name = name;
        this.blobs = blobs;
        this.source = source;
        this.downloads = downloads;
        this.claims = claims;
        this.progress = progress;
    }

    /** Reads the documents from the root down, fetching those that are not here. */
    ResolvedImage resolve(Descriptor root, Platform platform) {
        return ImageTree.resolve(name, root, platform, this::document);
    }

    /** Reads the root, and returns it if it is a manifest of something else than a container image. */
    Optional<Manifest> artifact(Descriptor root) {
        return ImageTree.artifact("cannot use image " + name, root, this::document);
    }

    /** Brings in and unpacks the layers of an image; returns when all of it is here, verified and committed. */
    void complete(ResolvedImage image, Provider<Snapshotter> snapshotter, Unpacker unpacker) {
        claims.claim(image.layers());
        try {
            attempt(image, snapshotter, unpacker);
        } catch (FeluccaException e) {
            if (!e.is(ErrorCode.DATA_LOSS) || !removeDamaged(image)) {
                throw e;
            }
            LOG.warn("{}; what is damaged is fetched again", e.getMessage());
            attempt(image, snapshotter, unpacker);
        }
    }

    /** Removes layers that are in the store with other contents than their digests say; tells whether there were any. */
    private boolean removeDamaged(ResolvedImage image) {
        boolean removed = false;
        for (Descriptor layer : Set.copyOf(image.layers())) {
            if (!started.containsKey(layer.digest()) && blobs.has(layer) && !blobs.isWhole(layer)) {
                blobs.remove(layer.digest());
                removed = true;
            }
        }
        return removed;
    }

    private void attempt(ResolvedImage image, Provider<Snapshotter> snapshotter, Unpacker unpacker) {
        List<Meter> meters = new ArrayList<>();
        List<LayerBytes> bytes = new ArrayList<>();
        for (Descriptor layer : image.layers()) {
            Meter meter = new Meter(progress, layer.digest().shortHex(), layer.size());
            meters.add(meter);
            bytes.add(start(layer, meter));
        }
        int committed = unpacker.unpack(name, image, snapshotter, bytes::get, meters, claims.lease());
        for (int i = 0; i < bytes.size(); i++) {
            bytes.get(i).awaitVerified();
            if (i < committed) {
                meters.get(i).report(Phase.EXISTS, image.layers().get(i).size());
            }
        }
    }

    private LayerBytes start(Descriptor layer, Meter meter) {
        if (blobs.has(layer)) {
            return new StoredLayer(blobs, layer);
        }
        // One layer may stand in an image twice; it is one download.
        Download download = started.get(layer.digest());
        if (download == null) {
            download = downloads.start(blobs, source, layer, meter);
            started.put(layer.digest(), download);
        }
        return new Arriving(download);
    }

    private byte[] document(Descriptor descriptor) {
        claims.claim(descriptor.digest());
        if (blobs.has(descriptor)) {
            try {
                return blobs.document(descriptor);
            } catch (FeluccaException e) {
                if (!e.is(ErrorCode.DATA_LOSS)) {
                    throw e;
                }
                LOG.warn("{}; it is fetched again", e.getMessage());
                blobs.remove(descriptor.digest());
            }
        }
        String subject = "cannot fetch " + descriptor.digest() + " of image " + name;
        Blobs.requireDocumentSize(subject, descriptor);
        byte[] document = read(subject, descriptor);
        Blobs.requireDigest(subject, descriptor, document);
        blobs.put(descriptor, document);
        return document;
    }

    private byte[] read(String subject, Descriptor descriptor) {
        try (InputStream in = source.open(descriptor, 0)) {
            return in.readNBytes(JsonLimits.DEFAULT.bytes() + 1);
        } catch (IOException e) {
            if (e.getCause() instanceof FeluccaException cause) {
                throw cause;
            }
            String reason = "the transfer failed: " + e.getMessage();
            throw new FeluccaException(ErrorCode.UNAVAILABLE, subject, reason, "try again", e);
        }
    }

    @Override
    public void close() {
        started.values().forEach(Download::release);
        boolean interrupted = Thread.interrupted();
        for (Download download : started.values()) {
            interrupted |= awaitStop(download);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for a download to stop, also when interrupted: undoing comes before returning. */
    private static boolean awaitStop(Download download) {
        boolean interrupted = false;
        while (true) {
            try {
                download.awaitUnused();
                return interrupted;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
    }

    /** A layer that is being downloaded. */
    private record Arriving(Download download) implements LayerBytes {
        @Override
        public InputStream open() {
            return download.follow();
        }

        @Override
        public void awaitVerified() {
            download.await();
        }

        @Override
        public @Nullable FeluccaException failure() {
            return download.failure();
        }
    }
}
