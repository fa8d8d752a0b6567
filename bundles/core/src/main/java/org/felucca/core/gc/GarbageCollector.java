package org.felucca.core.gc;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.felucca.api.content.ContentInfo;
import org.felucca.api.content.ContentStore;
import org.felucca.api.content.IngestInfo;
import org.felucca.api.content.IngestRef;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.lease.Collector;
import org.felucca.api.metadata.Durability;
import org.felucca.api.metadata.MetadataStore;
import org.felucca.api.metadata.RecordId;
import org.felucca.api.metadata.RecordKind;
import org.felucca.api.plugin.Provider;
import org.felucca.api.plugin.Providers;
import org.felucca.api.plugin.Role;
import org.felucca.api.snapshot.SnapshotInfo;
import org.felucca.api.snapshot.SnapshotKey;
import org.felucca.api.snapshot.Snapshotter;
import org.felucca.core.lease.Pins;
import org.felucca.core.record.ContainerKey;
import org.felucca.oci.digest.Digest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects garbage, one run at a time. Candidates are listed first, then marked, then removed one by one unless they
 * were pinned since the run began: what is made after the list is no candidate, what is recorded before the mark is
 * live, and who pins later either comes before the removal or waits for it. Thread-safe.
 */
public final class GarbageCollector implements Collector {
    private static final Logger LOG = LoggerFactory.getLogger(GarbageCollector.class);

    /** After so long without a byte nobody goes on with a transfer any more. */
    public static final Duration INGEST_AGE = Duration.ofHours(24);

    private final MetadataStore store;
    private final Providers providers;
    private final Pins pins;
    private final Clock clock;
    private final Executor executor;
    private final Object lock = new Object();
    private @Nullable CompletableFuture<Freed> running;
    private @Nullable CompletableFuture<Freed> next;
    private volatile Set<RecordId> holders = Set.of();

    /** Uses these; collections run on the executor. */
    public GarbageCollector(MetadataStore store, Providers providers, Pins pins, Clock clock, Executor executor) {
        this.store = store;
        this.providers = providers;
        this.pins = pins;
        this.clock = clock;
        this.executor = executor;
    }

    @Override
    public Freed collect() {
        try {
            return request().get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FeluccaException(
                    ErrorCode.CANCELLED, "cannot wait for the garbage collection", "the caller gave up", null, e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof FeluccaException known) {
                throw known;
            }
            throw new FeluccaException(
                    ErrorCode.INTERNAL, "cannot collect garbage", String.valueOf(e.getCause()), null, e.getCause());
        }
    }

    /** Asks for a collection that begins after this call; requests that wait are one. */
    public CompletableFuture<Freed> request() {
        synchronized (lock) {
            if (running == null) {
                CompletableFuture<Freed> mine = new CompletableFuture<>();
                try {
                    executor.execute(() -> run(mine));
                } catch (RejectedExecutionException e) {
                    return CompletableFuture.failedFuture(new FeluccaException(
                            ErrorCode.UNAVAILABLE, "cannot collect garbage", "the platform stops"));
                }
                running = mine;
                return mine;
            }
            if (next == null) {
                next = new CompletableFuture<>();
            }
            return next;
        }
    }

    /** A container was removed: collects if it was the last to need something. */
    public void removed(ContainerKey container) {
        if (holders.contains(container.record())) {
            request();
        }
    }

    private void run(CompletableFuture<Freed> first) {
        CompletableFuture<Freed> mine = first;
        while (mine != null) {
            try {
                mine.complete(collectNow());
            } catch (RuntimeException e) {
                LOG.warn("garbage was not collected: {}", e.getMessage());
                mine.completeExceptionally(e);
            }
            synchronized (lock) {
                mine = next;
                running = next;
                next = null;
            }
        }
    }

    /** The snapshots of a snapshotter, parents before their children. */
    private record Snapshots(Provider<Snapshotter> provider, List<SnapshotInfo> found) {}

    /** The blobs and ingests of a content store. */
    private record Blobs(Provider<ContentStore> provider, List<ContentInfo> found, List<IngestInfo> ingests) {}

    private Freed collectNow() {
        Set<RecordId> pinned = pins.begin();
        try {
            return collectUnless(pinned);
        } finally {
            pins.end();
        }
    }

    private Freed collectUnless(Set<RecordId> pinned) {
        Instant now = clock.instant();
        Mark.dropExpired(store, now);
        List<Snapshots> snapshots = listSnapshots();
        List<Blobs> blobs = listBlobs();
        Mark mark = Mark.of(store, pinned, parents(snapshots), Set.of(), now);
        holders = mark.addContainers();
        int removedSnapshots = 0;
        for (Snapshots of : snapshots) {
            removedSnapshots += sweep(of, mark);
        }
        int removedBlobs = 0;
        long bytes = 0;
        for (Blobs of : blobs) {
            bytes += abortStale(of, now);
            for (ContentInfo info : of.found()) {
                if (sweep(of.provider(), info.digest(), mark)) {
                    removedBlobs++;
                    bytes += info.size();
                }
            }
        }
        Freed freed = new Freed(removedSnapshots, removedBlobs, bytes);
        if (!freed.equals(Freed.NOTHING)) {
            LOG.debug("collected {}", freed);
        }
        return freed;
    }

    @Override
    public Freed preview(Set<RecordId> without) {
        List<Snapshots> snapshots = listSnapshots();
        List<Blobs> blobs = listBlobs();
        Mark mark = Mark.of(store, pins.held(), parents(snapshots), without, clock.instant());
        mark.addContainers();
        int freedSnapshots = 0;
        for (Snapshots of : snapshots) {
            for (SnapshotInfo info : of.found()) {
                freedSnapshots += mark.live(snapshot(of.provider(), info.key())) ? 0 : 1;
            }
        }
        int freedBlobs = 0;
        long bytes = 0;
        for (Blobs of : blobs) {
            for (ContentInfo info : of.found()) {
                if (!mark.live(content(of.provider(), info.digest()))) {
                    freedBlobs++;
                    bytes += info.size();
                }
            }
        }
        return new Freed(freedSnapshots, freedBlobs, bytes);
    }

    private static Map<RecordId, RecordId> parents(List<Snapshots> snapshots) {
        Map<RecordId, RecordId> parents = new HashMap<>();
        for (Snapshots of : snapshots) {
            for (SnapshotInfo info : of.found()) {
                info.parent()
                        .ifPresent(parent ->
                                parents.put(snapshot(of.provider(), info.key()), snapshot(of.provider(), parent)));
            }
        }
        return parents;
    }

    /** Drops what was broken off long ago; returns its bytes. */
    private static long abortStale(Blobs of, Instant now) {
        long bytes = 0;
        for (IngestInfo info : of.ingests()) {
            if (!info.updated().isBefore(now.minus(INGEST_AGE))) {
                continue;
            }
            try {
                bytes += abort(of.provider(), info.ref()) ? info.offset() : 0;
            } catch (FeluccaException e) {
                LOG.info("not collected: {}", e.getMessage());
            }
        }
        return bytes;
    }

    /** Drops an ingest; false if somebody has taken it up, or it has gone. */
    public static boolean abort(Provider<ContentStore> store, IngestRef ref) {
        try {
            store.use(content -> content.abort(ref));
            return true;
        } catch (FeluccaException e) {
            if (e.is(ErrorCode.ABORTED) || e.is(ErrorCode.NOT_FOUND)) {
                return false;
            }
            throw e;
        }
    }

    private List<Snapshots> listSnapshots() {
        List<Snapshots> result = new ArrayList<>();
        for (Provider<Snapshotter> provider : providers.live(Role.SNAPSHOTTER)) {
            List<SnapshotInfo> found = new ArrayList<>();
            try {
                provider.use(snapshotter -> snapshotter.walk(found::add));
                result.add(new Snapshots(provider, found));
            } catch (FeluccaException e) {
                LOG.warn("left out of the garbage collection: {}", e.getMessage());
            }
        }
        return result;
    }

    private List<Blobs> listBlobs() {
        List<Blobs> result = new ArrayList<>();
        for (Provider<ContentStore> provider : providers.live(Role.CONTENT)) {
            List<ContentInfo> found = new ArrayList<>();
            try {
                provider.use(content -> content.walk(found::add));
                List<IngestInfo> ingests = new ArrayList<>();
                provider.use(content -> content.walkIngests(ingests::add));
                result.add(new Blobs(provider, found, ingests));
            } catch (FeluccaException e) {
                LOG.warn("left out of the garbage collection: {}", e.getMessage());
            }
        }
        return result;
    }

    private static RecordId snapshot(Provider<Snapshotter> provider, SnapshotKey key) {
        return new RecordId(RecordKind.SNAPSHOT, provider.id(), key.value());
    }

    private static RecordId content(Provider<ContentStore> provider, Digest digest) {
        return new RecordId(RecordKind.CONTENT, provider.id(), digest.toString());
    }

    private int sweep(Snapshots of, Mark mark) {
        int removed = 0;
        List<SnapshotInfo> childrenFirst = new ArrayList<>(of.found());
        Collections.reverse(childrenFirst);
        for (SnapshotInfo info : childrenFirst) {
            RecordId id = snapshot(of.provider(), info.key());
            if (!mark.live(id) && remove(id, () -> of.provider().use(snapshotter -> snapshotter.remove(info.key())))) {
                removed++;
            }
        }
        return removed;
    }

    private boolean sweep(Provider<ContentStore> provider, Digest digest, Mark mark) {
        RecordId id = content(provider, digest);
        return !mark.live(id) && remove(id, () -> provider.use(content -> content.remove(digest)));
    }

    /** Removes a candidate and its record; what cannot be removed now is tried again by the next collection. */
    private boolean remove(RecordId id, Runnable removal) {
        boolean[] done = new boolean[1];
        pins.collect(id, () -> {
            try {
                removal.run();
                done[0] = true;
            } catch (FeluccaException e) {
                if (!e.is(ErrorCode.NOT_FOUND)) {
                    LOG.info("not collected: {}", e.getMessage());
                    return;
                }
            }
            if (id.kind() == RecordKind.CONTENT) {
                store.update(Durability.NORMAL, transaction -> transaction.remove(id));
            }
        });
        return done[0];
    }
}
