package org.felucca.core.lifecycle;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.metadata.NamespaceName;
import org.felucca.api.metadata.RecordId;
import org.felucca.api.metadata.RecordKind;
import org.felucca.api.plugin.Providers;
import org.felucca.api.plugin.Role;
import org.felucca.api.snapshot.SnapshotKey;
import org.felucca.api.snapshot.SnapshotMount;
import org.felucca.core.lease.Pins;
import org.felucca.core.record.ContainerKey;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Root file systems made ahead. While containers of one kind are run in quick succession, the next one's id is drawn
 * early and its snapshot prepared and mounted beside the work of the others. A spare is pinned in memory alone: what a
 * crash leaves of it is garbage. It is given up when none of its kind was run for a while. Thread-safe.
 */
final class Spares implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Spares.class);

    /** How many runs, none further apart than {@link #APART}, make a succession. */
    static final int SUCCESSION = 4;

    static final Duration APART = Duration.ofSeconds(1);
    /** How long a spare is kept. */
    static final Duration KEPT = Duration.ofSeconds(2);
    /** How many kinds have spares at the same time. */
    private static final int KINDS = 8;

    private final Providers providers;
    private final Pins pins;
    private final Identities identities;
    private final Preparer preparer;
    private final Executor executor;
    private final Clockwork clockwork;

    /** Guarded by this object, and so is what it holds. */
    private final Map<Kind, Succession> successions = new HashMap<>();

    private boolean closed;

    /** The passing of time, which tests make pass. */
    interface Clockwork {
        /** As {@link System#nanoTime}. */
        long nanoTime();

        /** Runs work on the executor after a while. */
        void after(Duration delay, Executor executor, Runnable work);

        /** The real one. */
        Clockwork REAL = new Clockwork() {
            @Override
            public long nanoTime() {
                return System.nanoTime();
            }

            @Override
            public void after(Duration delay, Executor executor, Runnable work) {
                CompletableFuture.delayedExecutor(delay.toNanos(), TimeUnit.NANOSECONDS, executor)
                        .execute(work);
            }
        };
    }

    /** Prepares the snapshot of a container to be. */
    interface Preparer {
        /** Returns how its root is mounted. */
        List<SnapshotMount> prepare(ContainerKey key, Kind kind);
    }

    /**
     * What containers must have in common for a root to serve any of them.
     *
     * @param parent the image's topmost layer; null for an image without any
     */
    record Kind(
            NamespaceName namespace,
            String snapshotter,
            String runtime,
            @Nullable SnapshotKey parent,
            boolean ephemeral) {

        private List<RecordId> records(ContainerKey key) {
            List<RecordId> records = new ArrayList<>(2);
            records.add(new RecordId(
                    RecordKind.SNAPSHOT, snapshotter, key.snapshot().value()));
            if (parent != null) {
                records.add(new RecordId(RecordKind.SNAPSHOT, snapshotter, parent.value()));
            }
            return records;
        }
    }

    /** A root file system, and the id of the container that it waits for. */
    record Spare(Kind kind, ContainerKey key, List<SnapshotMount> rootfs) {}

    private static final class Succession {
        private long last;
        private int runs;
        private boolean coming;
        private @Nullable Spare spare;
    }

    /**
     * Keeps nothing before {@link #ran}.
     *
     * @param executor where spares are made and given up
     */
    Spares(
            Providers providers,
            Pins pins,
            Identities identities,
            Preparer preparer,
            Executor executor,
            Clockwork clockwork) {
        this.providers = providers;
        this.pins = pins;
        this.identities = identities;
        this.preparer = preparer;
        this.executor = executor;
        this.clockwork = clockwork;
    }

    /** Hands out a spare, which the caller ends by {@link #used} or {@link #discard}. */
    synchronized Optional<Spare> take(Kind kind) {
        Succession succession = successions.get(kind);
        if (succession == null || succession.spare == null) {
            return Optional.empty();
        }
        Spare spare = succession.spare;
        succession.spare = null;
        return Optional.of(spare);
    }

    /** Ends the protection of a spare whose container is recorded. */
    void used(Spare spare) {
        spare.kind().records(spare.key()).forEach(pins::unpin);
    }

    /** Takes a spare back, so that nothing of it is left. */
    void discard(Spare spare) {
        forget(spare);
        try {
            providers
                    .require(Role.SNAPSHOTTER, spare.kind().snapshotter())
                    .use(snapshotter -> snapshotter.remove(spare.key().snapshot()));
        } catch (FeluccaException e) {
            LOG.debug("a root that was made ahead is left to the collector: {}", e.getMessage());
        } finally {
            used(spare);
        }
    }

    /** Has the runtime give up what it made ahead for a container that it will not be asked to create. */
    void forget(Spare spare) {
        try {
            providers
                    .require(Role.RUNTIME, spare.kind().runtime())
                    .use(runtime -> runtime.forget(spare.key().task()));
        } catch (FeluccaException e) {
            LOG.debug("a root that was made ahead went with its runtime: {}", e.getMessage());
        }
    }

    /** A container of this kind was started: has a spare made if it is likely to be followed by another. */
    void ran(Kind kind) {
        synchronized (this) {
            long now = clockwork.nanoTime();
            Succession succession = successions.get(kind);
            if (succession == null) {
                if (closed || successions.size() >= KINDS && !dropOldest(now)) {
                    return;
                }
                succession = new Succession();
                succession.last = now;
                successions.put(kind, succession);
            }
            succession.runs = now - succession.last > APART.toNanos() ? 1 : succession.runs + 1;
            succession.last = now;
            if (succession.runs < SUCCESSION || succession.coming || succession.spare != null) {
                return;
            }
            succession.coming = true;
        }
        try {
            executor.execute(() -> make(kind));
        } catch (RejectedExecutionException e) {
            LOG.debug("no root is made ahead: the platform stops");
        }
    }

    /** Makes room for another kind, unless each has been run lately. */
    private boolean dropOldest(long now) {
        Iterator<Succession> all = successions.values().iterator();
        while (all.hasNext()) {
            Succession each = all.next();
            if (now - each.last > APART.toNanos() && !each.coming && each.spare == null) {
                all.remove();
                return true;
            }
        }
        return false;
    }

    private void make(Kind kind) {
        ContainerKey key = new ContainerKey(kind.namespace(), identities.id());
        List<RecordId> records = kind.records(key);
        records.forEach(pins::pin);
        Spare spare = null;
        try {
            List<SnapshotMount> rootfs = preparer.prepare(key, kind);
            spare = new Spare(kind, key, rootfs);
            providers
                    .require(Role.RUNTIME, kind.runtime())
                    .use(runtime -> runtime.anticipate(key.task(), rootfs, kind.ephemeral()));
            arrived(spare);
        } catch (FeluccaException e) {
            // The container that needs one makes it itself, and says what is wrong.
            LOG.debug("no root is made ahead: {}", e.getMessage());
            if (spare != null) {
                discard(spare);
            } else {
                records.forEach(pins::unpin);
            }
            arrived(kind);
        }
    }

    private synchronized void arrived(Kind kind) {
        Succession succession = successions.get(kind);
        if (succession != null) {
            succession.coming = false;
        }
    }

    private void arrived(Spare spare) {
        boolean kept;
        synchronized (this) {
            arrived(spare.kind());
            Succession succession = successions.get(spare.kind());
            kept = !closed && succession != null && succession.spare == null;
            if (kept && succession != null) {
                succession.spare = spare;
            }
        }
        if (kept) {
            clockwork.after(KEPT, executor, () -> expire(spare));
        } else {
            discard(spare);
        }
    }

    /** Gives a spare up that is still there. */
    private void expire(Spare spare) {
        synchronized (this) {
            Succession succession = successions.get(spare.kind());
            if (succession == null || succession.spare != spare) {
                return;
            }
            succession.spare = null;
            succession.runs = 0;
        }
        discard(spare);
    }

    /** Gives all spares up: an image they were made from may be gone. */
    void drop() {
        List<Spare> left = new ArrayList<>();
        synchronized (this) {
            for (Succession each : successions.values()) {
                if (each.spare != null) {
                    left.add(each.spare);
                    each.spare = null;
                }
                each.runs = 0;
            }
        }
        left.forEach(this::discard);
    }

    /** Gives all spares up, and makes no more. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        drop();
    }
}
