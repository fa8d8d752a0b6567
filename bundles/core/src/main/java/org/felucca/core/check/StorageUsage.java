package org.felucca.core.check;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.felucca.api.content.ContentInfo;
import org.felucca.api.content.ContentStore;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.metadata.MetadataRecord;
import org.felucca.api.metadata.MetadataStore;
import org.felucca.api.metadata.RecordId;
import org.felucca.api.metadata.RecordKind;
import org.felucca.api.plugin.Provider;
import org.felucca.api.plugin.Providers;
import org.felucca.api.plugin.Role;
import org.felucca.api.snapshot.SnapshotInfo;
import org.felucca.api.snapshot.SnapshotKey;
import org.felucca.api.snapshot.SnapshotKind;
import org.felucca.api.snapshot.Snapshotter;
import org.felucca.api.storage.Usage;
import org.felucca.core.gc.GarbageCollector;
import org.felucca.core.gc.Mark;
import org.felucca.core.lease.Pins;
import org.felucca.core.record.Entry;
import org.felucca.core.record.Table;

/**
 * Measures what is on the disk, and what of it would be free if the images that no container uses, and the containers
 * that do not run, were removed. Thread-safe.
 */
public final class StorageUsage {
    private final MetadataStore store;
    private final Providers providers;
    private final Pins pins;
    private final Table table;
    private final Clock clock;

    /** Uses these. */
    public StorageUsage(MetadataStore store, Providers providers, Pins pins, Table table, Clock clock) {
        this.store = store;
        this.providers = providers;
        this.pins = pins;
        this.table = table;
        this.clock = clock;
    }

    /** What is measured of one snapshot. */
    private record Measured(RecordId id, SnapshotKind kind, long bytes) {}

    /** As {@link org.felucca.api.storage.StorageService#usage}. */
    public List<Usage> measure() {
        Instant now = clock.instant();
        List<MetadataRecord> images = store.list(RecordKind.IMAGE);
        Set<RecordId> used = new HashSet<>();
        for (Entry entry : table.all()) {
            used.add(entry.record().image());
        }
        Set<RecordId> unused = new HashSet<>();
        images.stream().map(MetadataRecord::id).filter(id -> !used.contains(id)).forEach(unused::add);
        Map<RecordId, RecordId> parents = new HashMap<>();
        List<Measured> snapshots = snapshots(parents);
        // Containers are in no mark before addContainers: the first is of what images need alone.
        Mark ofImages = Mark.of(store, Set.of(), parents, Set.of(), now);
        Mark kept = Mark.of(store, pins.held(), parents, unused, now);
        kept.addContainers();
        return List.of(
                images(images.size(), images.size() - unused.size(), ofImages, kept),
                containers(snapshots),
                layers(snapshots, used(parents), kept),
                ingests(now));
    }

    private List<Measured> snapshots(Map<RecordId, RecordId> parents) {
        List<Measured> measured = new ArrayList<>();
        for (Provider<Snapshotter> snapshotter : providers.live(Role.SNAPSHOTTER)) {
            List<SnapshotInfo> found = new ArrayList<>();
            snapshotter.use(contract -> contract.walk(found::add));
            parents.putAll(LayerCheck.parents(snapshotter, found));
            for (SnapshotInfo info : found) {
                StorageCheck.requireRunning();
                measured.add(new Measured(
                        LayerCheck.id(snapshotter, info.key()), info.kind(), bytes(snapshotter, info.key())));
            }
        }
        return measured;
    }

    private static long bytes(Provider<Snapshotter> snapshotter, SnapshotKey key) {
        try {
            return snapshotter.call(contract -> contract.usage(key)).bytes();
        } catch (FeluccaException e) {
            // It has gone meanwhile, or files of a running container have while they were counted.
            if (e.is(ErrorCode.NOT_FOUND) || e.is(ErrorCode.INTERNAL)) {
                return 0;
            }
            throw e;
        }
    }

    private Usage images(int total, int active, Mark ofImages, Mark kept) {
        long bytes = 0;
        long reclaimable = 0;
        for (Provider<ContentStore> content : providers.live(Role.CONTENT)) {
            List<ContentInfo> blobs = new ArrayList<>();
            content.use(contract -> contract.walk(blobs::add));
            for (ContentInfo blob : blobs) {
                RecordId id = new RecordId(
                        RecordKind.CONTENT, content.id(), blob.digest().toString());
                if (ofImages.live(id) || !kept.live(id)) {
                    bytes += blob.size();
                }
                if (!kept.live(id)) {
                    reclaimable += blob.size();
                }
            }
        }
        return new Usage(Usage.Kind.IMAGES, total, active, bytes, reclaimable);
    }

    private Usage containers(List<Measured> snapshots) {
        Map<RecordId, Long> bytes = new HashMap<>();
        snapshots.forEach(snapshot -> bytes.put(snapshot.id(), snapshot.bytes()));
        int total = 0;
        int active = 0;
        long all = 0;
        long reclaimable = 0;
        for (Entry entry : table.all()) {
            RecordId own = new RecordId(
                    RecordKind.SNAPSHOT,
                    entry.record().snapshotter(),
                    entry.key().snapshot().value());
            long size = bytes.getOrDefault(own, 0L);
            total++;
            all += size;
            if (entry.runs()) {
                active++;
            } else {
                reclaimable += size;
            }
        }
        return new Usage(Usage.Kind.CONTAINERS, total, active, all, reclaimable);
    }

    /** The snapshots that containers lie on. */
    private Set<RecordId> used(Map<RecordId, RecordId> parents) {
        Set<RecordId> used = new HashSet<>();
        for (Entry entry : table.all()) {
            for (RecordId id : entry.record().snapshots()) {
                RecordId at = id;
                while (at != null && used.add(at)) {
                    at = parents.get(at);
                }
            }
        }
        return used;
    }

    private static Usage layers(List<Measured> snapshots, Set<RecordId> used, Mark kept) {
        int total = 0;
        int active = 0;
        long bytes = 0;
        long reclaimable = 0;
        for (Measured snapshot : snapshots) {
            if (snapshot.kind() == SnapshotKind.COMMITTED) {
                total++;
                bytes += snapshot.bytes();
                active += used.contains(snapshot.id()) ? 1 : 0;
                reclaimable += kept.live(snapshot.id()) ? 0 : snapshot.bytes();
            }
        }
        return new Usage(Usage.Kind.SNAPSHOTS, total, active, bytes, reclaimable);
    }

    private Usage ingests(Instant now) {
        int[] counts = new int[2];
        long[] bytes = new long[2];
        for (Provider<ContentStore> content : providers.live(Role.CONTENT)) {
            content.use(contract -> contract.walkIngests(info -> {
                boolean stale = info.updated().isBefore(now.minus(GarbageCollector.INGEST_AGE));
                counts[0]++;
                bytes[0] += info.offset();
                counts[1] += stale ? 0 : 1;
                bytes[1] += stale ? info.offset() : 0;
            }));
        }
        return new Usage(Usage.Kind.INGESTS, counts[0], counts[1], bytes[0], bytes[1]);
    }
}
