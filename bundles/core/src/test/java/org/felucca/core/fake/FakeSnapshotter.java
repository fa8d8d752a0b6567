package org.felucca.core.fake;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.snapshot.SnapshotCapability;
import org.felucca.api.snapshot.SnapshotFiles;
import org.felucca.api.snapshot.SnapshotInfo;
import org.felucca.api.snapshot.SnapshotKey;
import org.felucca.api.snapshot.SnapshotKind;
import org.felucca.api.snapshot.SnapshotMount;
import org.felucca.api.snapshot.SnapshotRequest;
import org.felucca.api.snapshot.SnapshotUsage;
import org.felucca.api.snapshot.Snapshotter;

/** Snapshots without storage. */
public final class FakeSnapshotter implements Snapshotter {
    private final Map<SnapshotKey, SnapshotInfo> snapshots = new LinkedHashMap<>();
    private final Map<SnapshotKey, Path> trees = new LinkedHashMap<>();
    private final Faults faults;
    private volatile Runnable duringPrepare = () -> {};

    /** Makes one without snapshots. */
    public FakeSnapshotter(Faults faults) {
        this.faults = faults;
    }

    /** Returns the keys there are. */
    public synchronized List<String> keys() {
        return snapshots.keySet().stream().map(SnapshotKey::value).toList();
    }

    /** Makes a committed snapshot. */
    public synchronized void committed(String key, Optional<String> parent) {
        put(SnapshotKey.of(key), SnapshotKind.COMMITTED, parent.map(SnapshotKey::of), Map.of());
    }

    private void put(SnapshotKey key, SnapshotKind kind, Optional<SnapshotKey> parent, Map<String, String> labels) {
        snapshots.put(key, new SnapshotInfo(key, kind, parent, labels, Instant.EPOCH, Instant.EPOCH));
    }

    private SnapshotInfo require(SnapshotKey key) {
        SnapshotInfo info = snapshots.get(key);
        if (info == null) {
            throw new FeluccaException(ErrorCode.NOT_FOUND, "cannot find snapshot " + key, "it is not there");
        }
        return info;
    }

    @Override
    public Set<SnapshotCapability> capabilities() {
        return Set.of();
    }

    /** Does something in the middle of each prepare. */
    public void duringPrepare(Runnable work) {
        duringPrepare = work;
    }

    @Override
    public List<SnapshotMount> prepare(SnapshotRequest request) {
        faults.at("snapshotter.prepare");
        duringPrepare.run();
        List<SnapshotMount> mounts = prepared(request);
        duringPrepare.run();
        return mounts;
    }

    private synchronized List<SnapshotMount> prepared(SnapshotRequest request) {
        if (snapshots.containsKey(request.key())) {
            throw new FeluccaException(ErrorCode.ALREADY_EXISTS, "cannot prepare " + request.key(), "it is there");
        }
        request.parent().ifPresent(this::require);
        put(request.key(), SnapshotKind.ACTIVE, request.parent(), request.labels());
        return mountsOf(request.key());
    }

    private static List<SnapshotMount> mountsOf(SnapshotKey key) {
        return List.of(new SnapshotMount.Bind(Path.of("/snapshots", key.value()), false));
    }

    @Override
    public synchronized List<SnapshotMount> view(SnapshotRequest request) {
        put(request.key(), SnapshotKind.VIEW, request.parent(), request.labels());
        return mountsOf(request.key());
    }

    @Override
    public synchronized void commit(SnapshotKey name, SnapshotKey active, Map<String, String> labels) {
        put(name, SnapshotKind.COMMITTED, require(active).parent(), labels);
        snapshots.remove(active);
    }

    /** Makes a committed snapshot with files. */
    public synchronized void committed(String key, Optional<String> parent, Path tree) {
        put(
                SnapshotKey.of(key),
                SnapshotKind.COMMITTED,
                parent.map(SnapshotKey::of),
                Map.of(SnapshotInfo.LABEL_MANIFEST, "true"));
        trees.put(SnapshotKey.of(key), tree);
    }

    /** Loses a snapshot, whatever lies on it. */
    public synchronized void lose(String key) {
        snapshots.remove(SnapshotKey.of(key));
    }

    @Override
    public synchronized Optional<SnapshotFiles> files(SnapshotKey key) {
        require(key);
        return Optional.ofNullable(trees.get(key)).map(tree -> new SnapshotFiles(tree, tree.resolve("manifest")));
    }

    @Override
    public synchronized SnapshotInfo relabel(SnapshotKey key, Map<String, String> labels) {
        put(key, require(key).kind(), require(key).parent(), labels);
        return require(key);
    }

    @Override
    public synchronized List<SnapshotMount> mounts(SnapshotKey key) {
        faults.at("snapshotter.mounts");
        require(key);
        return mountsOf(key);
    }

    @Override
    public synchronized SnapshotInfo stat(SnapshotKey key) {
        return require(key);
    }

    @Override
    public SnapshotUsage usage(SnapshotKey key) {
        return new SnapshotUsage(0, 0);
    }

    @Override
    public void walk(Consumer<? super SnapshotInfo> visitor) {
        List<SnapshotInfo> all;
        synchronized (this) {
            all = new ArrayList<>(snapshots.values());
        }
        all.forEach(visitor);
    }

    @Override
    public synchronized void remove(SnapshotKey key) {
        require(key);
        if (snapshots.values().stream()
                .anyMatch(info -> info.parent().filter(key::equals).isPresent())) {
            throw new FeluccaException(
                    ErrorCode.FAILED_PRECONDITION, "cannot remove snapshot " + key, "it has children");
        }
        snapshots.remove(key);
    }

    @Override
    public void cleanup() {}
}
