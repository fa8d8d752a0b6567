package org.felucca.images;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.felucca.api.diff.AppliedDiff;
import org.felucca.api.diff.DiffApplier;
import org.felucca.api.diff.DiffLimits;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.image.Progress.Phase;
import org.felucca.api.lease.Lease;
import org.felucca.api.metadata.RecordId;
import org.felucca.api.metadata.RecordKind;
import org.felucca.api.plugin.Provider;
import org.felucca.api.plugin.Providers;
import org.felucca.api.plugin.Role;
import org.felucca.api.snapshot.SnapshotInfo;
import org.felucca.api.snapshot.SnapshotKey;
import org.felucca.api.snapshot.SnapshotKind;
import org.felucca.api.snapshot.SnapshotMount;
import org.felucca.api.snapshot.SnapshotRequest;
import org.felucca.api.snapshot.Snapshotter;
import org.felucca.oci.digest.Digest;
import org.felucca.oci.image.Descriptor;
import org.jspecify.annotations.Nullable;

/** Writes layers into a snapshotter, lowest first, and commits each once it is verified. Thread-safe. */
final class Unpacker {
    private final Providers providers;
    private final DiffLimits limits;
    private final KeyedLocks locks = new KeyedLocks();

    Unpacker(Providers providers, DiffLimits limits) {
        this.providers = providers;
        this.limits = limits;
    }

    /** A layer's bytes, and the moment when they are known to be the right ones. */
    interface LayerBytes {
        /** Opens the bytes; they may still be arriving. */
        InputStream open();

        /** Waits until digest and size are verified; throws what is wrong with them. */
        void awaitVerified();

        /** What has gone wrong with them so far, if anything. */
        @Nullable
        FeluccaException failure();
    }

    /**
     * Makes sure that every layer is committed.
     *
     * @param layers the bytes of the layer at an index
     * @param meters reports the layer at an index
     * @return how many layers, from the lowest, were committed before
     */
    int unpack(
            String name,
            ResolvedImage image,
            Provider<Snapshotter> snapshotter,
            LayerSet layers,
            List<Meter> meters,
            Lease lease) {
        List<Digest> chain = image.chain();
        chain.forEach(id -> lease.add(record(snapshotter, key(id))));
        int committed = chain.size();
        while (committed > 0 && !isCommitted(snapshotter, key(chain.get(committed - 1)))) {
            committed--;
        }
        for (int i = committed; i < chain.size(); i++) {
            SnapshotKey chainKey = key(chain.get(i));
            Step step = new Step(name, image, i, snapshotter, layers.bytes(i), meters.get(i), lease);
            locks.holding("layer " + chainKey + " of " + snapshotter.id(), () -> {
                // Somebody else may have unpacked it while we waited.
                if (!isCommitted(snapshotter, chainKey)) {
                    step.run();
                }
            });
            meters.get(i).report(Phase.DONE, image.layers().get(i).size());
        }
        return committed;
    }

    /** The layers of one image. */
    interface LayerSet {
        /** The bytes of the layer at an index, lowest first. */
        LayerBytes bytes(int index);
    }

    static RecordId record(Provider<Snapshotter> snapshotter, SnapshotKey key) {
        return new RecordId(RecordKind.SNAPSHOT, snapshotter.id(), key.value());
    }

    static SnapshotKey key(Digest chainId) {
        return SnapshotKey.of(chainId.toString());
    }

    /** Whether the whole file system of an image is committed. */
    boolean isUnpacked(ResolvedImage image, Provider<Snapshotter> snapshotter) {
        List<Digest> chain = image.chain();
        return chain.isEmpty() || isCommitted(snapshotter, key(chain.get(chain.size() - 1)));
    }

    private static boolean isCommitted(Provider<Snapshotter> snapshotter, SnapshotKey key) {
        try {
            return snapshotter.call(contract -> contract.stat(key)).kind() == SnapshotKind.COMMITTED;
        } catch (FeluccaException e) {
            if (e.is(ErrorCode.NOT_FOUND)) {
                return false;
            }
            throw e;
        }
    }

    private Provider<DiffApplier> applier(String subject, String mediaType, SnapshotMount target) {
        for (Provider<DiffApplier> candidate : providers.live(Role.DIFF)) {
            Set<String> types = candidate.call(DiffApplier::mediaTypes);
            if (types.contains(mediaType)
                    && candidate.call(DiffApplier::mountKinds).contains(target.kind())) {
                return candidate;
            }
        }
        throw new FeluccaException(
                ErrorCode.UNSUPPORTED,
                subject,
                "nobody here writes " + mediaType + " into a mount of kind " + target.kind(),
                "add a diff provider or choose another snapshotter");
    }

    /** One layer onto its chain. */
    private final class Step {
        private final String subject;
        private final Descriptor layer;
        private final Digest diffId;
        private final SnapshotKey chainKey;
        private final SnapshotRequest request;
        private final Provider<Snapshotter> snapshotter;
        private final LayerBytes bytes;
        private final Meter meter;
        private final Map<String, String> labels;

        Step(
                String name,
                ResolvedImage image,
                int index,
                Provider<Snapshotter> snapshotter,
                LayerBytes bytes,
                Meter meter,
                Lease lease) {
            this.layer = image.layers().get(index);
            this.subject = "cannot unpack layer " + layer.digest() + " of image " + name;
            this.diffId = image.config().diffIds().get(index);
            this.chainKey = key(image.chain().get(index));
            this.snapshotter = snapshotter;
            this.bytes = bytes;
            this.meter = meter;
            this.labels = Map.of(
                    SnapshotInfo.LABEL_CHAIN_ID, chainKey.value(), SnapshotInfo.LABEL_DIFF_ID, diffId.toString());
            SnapshotRequest empty = SnapshotRequest.of(SnapshotKey.of("unpack-" + UUID.randomUUID() + "-" + chainKey))
                    .labels(labels);
            this.request = index == 0 ? empty : empty.parent(key(image.chain().get(index - 1)));
            lease.add(record(snapshotter, request.key()));
        }

        void run() {
            List<SnapshotMount> mounts = snapshotter.call(contract -> contract.prepare(request));
            try {
                write(mounts);
                snapshotter.use(contract -> contract.commit(chainKey, request.key(), labels));
            } catch (FeluccaException e) {
                throw undone(e);
            }
        }

        private void write(List<SnapshotMount> mounts) {
            String mediaType = layer.mediaType().value();
            Provider<DiffApplier> applier = applier(subject, mediaType, mounts.get(0));
            AppliedDiff applied;
            try (InputStream in = new Counting(bytes.open(), meter)) {
                applied = applier.call(contract -> contract.apply(mediaType, in, mounts, limits));
            } catch (IOException e) {
                throw new FeluccaException(ErrorCode.INTERNAL, subject, String.valueOf(e.getMessage()), null, e);
            } catch (FeluccaException e) {
                throw preferTransfer(e);
            }
            bytes.awaitVerified();
            requireDigests(applied);
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
            return new FeluccaException(
                    e.code(), subject, e.subject() + ": " + e.reason(), e.fix().orElse(null), e);
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

        private FeluccaException undone(FeluccaException e) {
            boolean interrupted = Thread.interrupted();
            try {
                snapshotter.use(contract -> contract.remove(request.key()));
            } catch (FeluccaException undo) {
                e.addSuppressed(undo);
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
            return e;
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
