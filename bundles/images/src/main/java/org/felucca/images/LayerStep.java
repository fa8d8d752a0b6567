package org.felucca.images;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.felucca.api.diff.AppliedDiff;
import org.felucca.api.diff.DiffApplier;
import org.felucca.api.diff.DiffLimits;
import org.felucca.api.diff.IsolatedDiff;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.lease.Lease;
import org.felucca.api.plugin.Provider;
import org.felucca.api.snapshot.SnapshotFiles;
import org.felucca.api.snapshot.SnapshotInfo;
import org.felucca.api.snapshot.SnapshotKey;
import org.felucca.api.snapshot.SnapshotMount;
import org.felucca.api.snapshot.SnapshotRequest;
import org.felucca.api.snapshot.Snapshotter;
import org.felucca.images.Unpacker.LayerBytes;
import org.felucca.oci.digest.Digest;
import org.felucca.oci.image.Descriptor;
import org.jspecify.annotations.Nullable;

/**
 * One layer into a snapshot of its own, and onto its chain. {@link #write} may run on another thread than the rest; all
 * else is one thread's.
 */
final class LayerStep {
    private final String subject;
    private final Descriptor layer;
    private final Digest diffId;
    private final SnapshotKey chainKey;
    private final @Nullable SnapshotKey parent;
    private final Provider<Snapshotter> snapshotter;
    private final Appliers appliers;
    private final LayerBytes bytes;
    private final Meter meter;
    private final Lease lease;
    private final Map<String, String> labels;
    /** The snapshot that is being written, until it is committed. */
    private @Nullable Writing writing;

    /** Who writes a layer of a media type into a mount. */
    interface Appliers {
        /** @throws FeluccaException UNSUPPORTED, for {@code subject}, if nobody does */
        Provider<DiffApplier> find(String subject, String mediaType, SnapshotMount target);

        /** What a layer may not exceed. */
        DiffLimits limits();
    }

    /** A snapshot on its way. */
    private static final class Writing {
        final SnapshotKey key;
        final boolean isolated;
        final List<SnapshotMount> mounts;
        final Optional<Path> manifest;
        final Provider<DiffApplier> applier;

        @Nullable
        IsolatedDiff unsettled;

        Writing(
                SnapshotKey key,
                boolean isolated,
                List<SnapshotMount> mounts,
                Optional<Path> manifest,
                Provider<DiffApplier> applier) {
            this.key = key;
            this.isolated = isolated;
            this.mounts = mounts;
            this.manifest = manifest;
            this.applier = applier;
        }
    }

    LayerStep(
            String name,
            ResolvedImage image,
            int index,
            Provider<Snapshotter> snapshotter,
            Appliers appliers,
            LayerBytes bytes,
            Meter meter,
            Lease lease) {
        this.layer = image.layers().get(index);
        this.subject = "cannot unpack layer " + layer.digest() + " of image " + name;
        this.diffId = image.config().diffIds().get(index);
        this.chainKey = Unpacker.key(image.chain().get(index));
        this.parent = index == 0 ? null : Unpacker.key(image.chain().get(index - 1));
        this.snapshotter = snapshotter;
        this.appliers = appliers;
        this.bytes = bytes;
        this.meter = meter;
        this.lease = lease;
        this.labels =
                Map.of(SnapshotInfo.LABEL_CHAIN_ID, chainKey.value(), SnapshotInfo.LABEL_DIFF_ID, diffId.toString());
    }

    String subject() {
        return subject;
    }

    /** Makes a snapshot on top of the parent, which is committed. */
    void prepare() {
        prepare(request(), false);
    }

    /** Makes a snapshot without the parent, which need not be there yet. */
    void prepareIsolated() {
        Map<String, String> isolated = new HashMap<>(labels);
        isolated.put(SnapshotRequest.LABEL_ISOLATED, "true");
        SnapshotRequest empty = SnapshotRequest.of(request().key()).labels(isolated);
        prepare(empty, true);
    }

    private SnapshotRequest request() {
        SnapshotRequest empty = SnapshotRequest.of(SnapshotKey.of("unpack-" + UUID.randomUUID() + "-" + chainKey))
                .labels(labels);
        return parent == null ? empty : empty.parent(parent);
    }

    private void prepare(SnapshotRequest request, boolean isolated) {
        lease.add(Unpacker.record(snapshotter, request.key()));
        List<SnapshotMount> mounts = snapshotter.call(contract -> contract.prepare(request));
        try {
            Provider<DiffApplier> applier =
                    appliers.find(subject, layer.mediaType().value(), mounts.get(0));
            Optional<Path> manifest =
                    snapshotter.call(contract -> contract.files(request.key())).map(SnapshotFiles::manifest);
            writing = new Writing(request.key(), isolated, mounts, manifest, applier);
        } catch (FeluccaException e) {
            remove(request.key(), e);
            throw e;
        }
    }

    /** Takes the snapshot that the layer below was written into as the place for this one. */
    void takeOver(LayerStep below) {
        Writing taken = below.writing();
        Provider<DiffApplier> applier = appliers.find(subject, layer.mediaType().value(), below.mount());
        writing = new Writing(taken.key, false, taken.mounts, taken.manifest, applier);
        below.writing = null;
    }

    /** How the snapshot is mounted. */
    SnapshotMount mount() {
        return writing().mounts.get(0);
    }

    private Writing writing() {
        if (writing == null) {
            throw new IllegalStateException(subject + ": it was not prepared");
        }
        return writing;
    }

    /** Writes the layer, and returns when its digests are known to be the right ones. */
    void write() {
        write(true);
    }

    /** @param last whether nothing else is written into the snapshot afterwards, so that it can be described */
    void write(boolean last) {
        Writing into = writing();
        Optional<Path> manifest = last ? into.manifest : Optional.empty();
        String mediaType = layer.mediaType().value();
        Optional<AppliedDiff> applied;
        try (InputStream in = new Counting(bytes.open(), meter)) {
            applied = into.applier.call(contract -> {
                DiffLimits limits = appliers.limits();
                if (into.isolated) {
                    Optional<IsolatedDiff> diff = manifest.isPresent()
                            ? contract.applyIsolated(mediaType, in, into.mounts, limits, manifest.get())
                            : contract.applyIsolated(mediaType, in, into.mounts, limits);
                    into.unsettled = diff.orElse(null);
                    return diff.map(IsolatedDiff::applied);
                }
                return Optional.of(
                        manifest.isPresent()
                                ? contract.apply(mediaType, in, into.mounts, limits, manifest.get())
                                : contract.apply(mediaType, in, into.mounts, limits));
            });
        } catch (IOException e) {
            throw new FeluccaException(ErrorCode.INTERNAL, subject, String.valueOf(e.getMessage()), null, e);
        } catch (FeluccaException e) {
            throw preferTransfer(e);
        }
        bytes.awaitVerified();
        applied.ifPresent(this::requireDigests);
    }

    /**
     * Makes a layer that was written in isolation what it is on top of others.
     *
     * @param below how their snapshots are mounted, the uppermost first, down to one that was not written in isolation
     * @return false if that cannot be done: it is to be written again, on top of them
     */
    boolean settle(List<SnapshotMount> below) {
        Writing written = writing();
        if (!written.isolated) {
            return true;
        }
        IsolatedDiff diff = written.unsettled;
        try {
            return diff != null && written.applier.call(contract -> diff.settle(below));
        } catch (FeluccaException e) {
            throw explained(e);
        }
    }

    /** Writes it again on top of its parent, which is committed. */
    void writeInOrder() {
        snapshotter.use(contract -> contract.remove(writing().key));
        writing = null;
        prepare();
        write();
    }

    /** Commits it onto its chain, or puts it in the place of what is there and damaged. The sync is left for later. */
    void commit() {
        Writing written = writing();
        if (Unpacker.find(snapshotter, chainKey).isPresent()) {
            snapshotter.use(contract -> contract.replace(chainKey, written.key));
            writing = null;
            return;
        }
        Map<String, String> committed = new HashMap<>(labels);
        committed.put(SnapshotInfo.LABEL_SEAL, "later");
        if (written.manifest.filter(Files::exists).isPresent()) {
            committed.put(SnapshotInfo.LABEL_MANIFEST, "true");
        }
        snapshotter.use(contract -> {
            if (written.isolated && parent != null) {
                contract.commit(chainKey, written.key, committed, parent);
            } else {
                contract.commit(chainKey, written.key, committed);
            }
        });
        writing = null;
    }

    /** Removes what was written and is not committed; what fails is added to the failure that led here. */
    void undo(FeluccaException e) {
        if (writing != null) {
            remove(writing.key, e);
            writing = null;
        }
    }

    private void remove(SnapshotKey key, FeluccaException e) {
        boolean interrupted = Thread.interrupted();
        try {
            snapshotter.use(contract -> contract.remove(key));
        } catch (FeluccaException undo) {
            e.addSuppressed(undo);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private FeluccaException explained(FeluccaException e) {
        return new FeluccaException(
                e.code(), subject, e.subject() + ": " + e.reason(), e.fix().orElse(null), e);
    }

    /** When the bytes were wrong or did not come, that is the reason, not what the archive looked like. */
    private FeluccaException preferTransfer(FeluccaException e) {
        if (Thread.currentThread().isInterrupted()) {
            return new FeluccaException(ErrorCode.CANCELLED, subject, "the work was interrupted", null, e);
        }
        FeluccaException transfer = bytes.failure();
        if (transfer == null && e.is(ErrorCode.DATA_LOSS)) {
            transfer = awaitFailure();
        }
        if (transfer != null) {
            transfer.addSuppressed(e);
            return transfer;
        }
        return explained(e);
    }

    /** Damaged bytes and a damaged archive look alike to the applier; the digest tells them apart. */
    private @Nullable FeluccaException awaitFailure() {
        try {
            bytes.awaitVerified();
            return null;
        } catch (FeluccaException transfer) {
            return transfer;
        }
    }

    private void requireDigests(AppliedDiff applied) {
        // The applier computes SHA-256; other digests of the blob were verified on its way into the content store.
        if (layer.digest().algorithm() == applied.blobDigest().algorithm()) {
            requireEqual("digest", layer.digest(), applied.blobDigest());
        }
        requireEqual("diff id", diffId, applied.diffId());
    }

    private void requireEqual(String what, Digest expected, Digest actual) {
        if (!expected.equals(actual)) {
            throw new FeluccaException(
                    ErrorCode.DATA_LOSS,
                    subject,
                    "its " + what + " is " + actual + " where " + expected + " was expected",
                    "the image is damaged; build or push it again");
        }
    }

    /** Reports what was read as unpacked. */
    private static final class Counting extends FilterInputStream {
        private final Meter meter;
        private long count;

        Counting(InputStream in, Meter meter) {
            super(in);
            this.meter = meter;
        }

        @Override
        public int read() throws IOException {
            return count(super.read(), 1);
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int read = super.read(target, offset, length);
            count(read, read);
            return read;
        }

        private int count(int result, int bytes) {
            if (result >= 0) {
                count += bytes;
                meter.unpacked(count);
            }
            return result;
        }
    }
}
