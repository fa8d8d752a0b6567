package org.felucca.images;

import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
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
import org.felucca.api.snapshot.SnapshotCapability;
import org.felucca.api.snapshot.SnapshotInfo;
import org.felucca.api.snapshot.SnapshotKey;
import org.felucca.api.snapshot.SnapshotKind;
import org.felucca.api.snapshot.SnapshotMount;
import org.felucca.api.snapshot.Snapshotter;
import org.felucca.oci.digest.Digest;
import org.jspecify.annotations.Nullable;

/**
 * Writes layers into a snapshotter and commits them once they are verified. Thread-safe.
 *
 * <p>A snapshotter that can put a layer onto its chain afterwards gets them all at the same time, and none is committed
 * before all are written. One whose snapshots hold whole trees gets one snapshot for all of them. Any other gets one
 * layer after another, the lowest first.
 */
final class Unpacker implements AutoCloseable {
    private final Providers providers;
    private final DiffLimits limits;
    private final KeyedLocks locks = new KeyedLocks();
    private final int parallel;
    private final ExecutorService executor;

    /** @param parallel how many layers of an image are written at a time */
    Unpacker(Providers providers, DiffLimits limits, int parallel) {
        this.providers = providers;
        this.limits = limits;
        this.parallel = parallel;
        AtomicInteger number = new AtomicInteger();
        // As many threads as the images under way need: one that waits for a slow registry must not hold up another.
        this.executor =
                new ThreadPoolExecutor(0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                    Thread thread = new Thread(task, "felucca-unpack-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /** Lets layers under way end, whose callers the end of the service interrupts, and joins the threads. */
    @Override
    public void close() {
        executor.shutdown();
        try {
            executor.awaitTermination(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
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
        List<SnapshotKey> chain = image.chain().stream().map(Unpacker::key).toList();
        chain.forEach(key -> lease.add(record(snapshotter, key)));
        int committed = committed(snapshotter, chain);
        List<String> locked = chain.subList(committed, chain.size()).stream()
                .map(key -> "layer " + key + " of " + snapshotter.id())
                .toList();
        locks.holding(locked, () -> {
            IntFunction<LayerStep> step =
                    i -> new LayerStep(name, image, i, snapshotter, new Found(), layers.bytes(i), meters.get(i), lease);
            Set<SnapshotCapability> capabilities = snapshotter.call(Snapshotter::capabilities);
            new Mending(snapshotter, chain, step, capabilities.contains(SnapshotCapability.WHOLE))
                    .run(committed(snapshotter, chain));
            // Somebody else may have unpacked some while we waited.
            List<LayerStep> steps = IntStream.range(committed(snapshotter, chain), chain.size())
                    .mapToObj(step)
                    .toList();
            if (capabilities.contains(SnapshotCapability.REBASE)) {
                together(steps);
            } else if (capabilities.contains(SnapshotCapability.WHOLE)) {
                inOne(steps);
            } else {
                oneByOne(steps);
            }
        });
        // One sync for all of them; what another pull has committed and not sealed yet counts as well.
        snapshotter.use(contract -> contract.seal(chain));
        for (int i = committed; i < chain.size(); i++) {
            meters.get(i).report(Phase.DONE, image.layers().get(i).size());
        }
        return committed;
    }

    private static int committed(Provider<Snapshotter> snapshotter, List<SnapshotKey> chain) {
        int committed = chain.size();
        while (committed > 0 && !isCommitted(snapshotter, chain.get(committed - 1))) {
            committed--;
        }
        return committed;
    }

    static void oneByOne(List<LayerStep> steps) {
        for (LayerStep step : steps) {
            try {
                step.prepare();
                step.write();
                step.commit();
            } catch (FeluccaException e) {
                step.undo(e);
                throw e;
            }
        }
    }

    /** Writes all layers into one snapshot, which is committed as the topmost. */
    static void inOne(List<LayerStep> steps) {
        try {
            LayerStep last = steps.isEmpty() ? null : steps.get(steps.size() - 1);
            LayerStep below = null;
            for (LayerStep step : steps) {
                if (below == null) {
                    step.prepare();
                } else {
                    step.takeOver(below);
                }
                step.write(step == last);
                below = step;
            }
            if (below != null) {
                below.commit();
            }
        } catch (FeluccaException e) {
            throw undone(steps, e);
        }
    }

    private static FeluccaException undone(List<LayerStep> steps, FeluccaException e) {
        steps.forEach(step -> step.undo(e));
        return e;
    }

    /** Writes all layers at the same time; the lowest has its parent, or needs none. */
    private void together(List<LayerStep> steps) {
        try {
            List<Runnable> work = new ArrayList<>();
            for (LayerStep step : steps) {
                if (work.isEmpty()) {
                    step.prepare();
                } else {
                    step.prepareIsolated();
                }
                work.add(step::write);
            }
            if (!work.isEmpty()) {
                JoinedTasks.run(steps.get(0).subject(), executor, parallel, work);
                stack(steps);
            }
        } catch (FeluccaException e) {
            throw undone(steps, e);
        }
    }

    /** Puts layers that are written on top of each other. Nothing is committed before all below it is settled. */
    private static void stack(List<LayerStep> steps) {
        Deque<LayerStep> settled = new ArrayDeque<>();
        LinkedList<SnapshotMount> below = new LinkedList<>();
        for (LayerStep step : steps) {
            if (!step.settle(below)) {
                commit(settled);
                below.clear();
                step.writeInOrder();
            }
            settled.add(step);
            below.addFirst(step.mount());
        }
        commit(settled);
    }

    private static void commit(Deque<LayerStep> settled) {
        while (!settled.isEmpty()) {
            settled.remove().commit();
        }
    }

    /** The appliers that are live. */
    private final class Found implements LayerStep.Appliers {
        @Override
        public Provider<DiffApplier> find(String subject, String mediaType, SnapshotMount target) {
            return applier(subject, mediaType, target);
        }

        @Override
        public DiffLimits limits() {
            return limits;
        }
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

    /** Whether a layer is committed, and nothing is known against it. */
    private static boolean isCommitted(Provider<Snapshotter> snapshotter, SnapshotKey key) {
        return find(snapshotter, key)
                .filter(info -> info.kind() == SnapshotKind.COMMITTED)
                .filter(SnapshotInfo::whole)
                .isPresent();
    }

    static Optional<SnapshotInfo> find(Provider<Snapshotter> snapshotter, SnapshotKey key) {
        try {
            return Optional.of(snapshotter.call(contract -> contract.stat(key)));
        } catch (FeluccaException e) {
            if (e.is(ErrorCode.NOT_FOUND)) {
                return Optional.empty();
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
}
