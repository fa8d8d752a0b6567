package org.felucca.images;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
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

/** Each snapshot is a directory that holds only what was written into it. */
final class FakeSnapshotter implements Snapshotter {
    private final Path root;
    private final Map<SnapshotKey, SnapshotInfo> infos = new LinkedHashMap<>();
    private final Map<SnapshotKey, Path> directories = new LinkedHashMap<>();
    private final Set<SnapshotKey> unsealed = new HashSet<>();
    private int syncs;
    private int next;
    /** Whether layers are put onto their chain afterwards. */
    volatile boolean rebases;
    /** Whether all layers are to be written into one snapshot. */
    volatile boolean whole;

    FakeSnapshotter(Path root) {
        this.root = root;
    }

    synchronized List<SnapshotInfo> all() {
        return List.copyOf(infos.values());
    }

    synchronized Path directory(SnapshotKey key) {
        return directories.get(key);
    }

    @Override
    public Set<SnapshotCapability> capabilities() {
        if (whole) {
            return Set.of(SnapshotCapability.WHOLE);
        }
        return rebases ? Set.of(SnapshotCapability.REBASE) : Set.of();
    }

    @Override
    public synchronized List<SnapshotMount> prepare(SnapshotRequest request) {
        String subject = "cannot prepare " + request.key();
        if (infos.containsKey(request.key())) {
            throw new FeluccaException(ErrorCode.ALREADY_EXISTS, subject, "the key is in use");
        }
        request.parent().ifPresent(parent -> {
            if (stat(parent).kind() != SnapshotKind.COMMITTED) {
                throw new FeluccaException(ErrorCode.FAILED_PRECONDITION, subject, "its parent is not committed");
            }
        });
        try {
            directories.put(request.key(), Files.createDirectories(root.resolve("s" + next++)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        infos.put(
                request.key(),
                new SnapshotInfo(
                        request.key(),
                        SnapshotKind.ACTIVE,
                        request.parent(),
                        request.labels(),
                        Instant.EPOCH,
                        Instant.EPOCH));
        return mounts(request.key());
    }

    @Override
    public List<SnapshotMount> view(SnapshotRequest request) {
        SnapshotKey parent = request.parent().orElseThrow();
        SnapshotInfo info = stat(parent);
        synchronized (this) {
            infos.put(
                    request.key(),
                    new SnapshotInfo(
                            request.key(),
                            SnapshotKind.VIEW,
                            info.parent(),
                            request.labels(),
                            Instant.EPOCH,
                            Instant.EPOCH));
            directories.put(request.key(), directory(parent));
            return List.of(new SnapshotMount.Bind(directory(parent), true));
        }
    }

    @Override
    public synchronized void commit(SnapshotKey name, SnapshotKey active, Map<String, String> labels) {
        commit(name, active, labels, stat(active).parent());
    }

    @Override
    public synchronized void commit(
            SnapshotKey name, SnapshotKey active, Map<String, String> labels, SnapshotKey parent) {
        if (!rebases) {
            Snapshotter.super.commit(name, active, labels, parent);
        }
        if (stat(active).parent().isPresent()) {
            throw new FeluccaException(ErrorCode.FAILED_PRECONDITION, "cannot commit " + name, "it has a parent");
        }
        if (stat(parent).kind() != SnapshotKind.COMMITTED) {
            throw new FeluccaException(
                    ErrorCode.FAILED_PRECONDITION, "cannot commit " + name, "its parent is not committed");
        }
        commit(name, active, labels, Optional.of(parent));
    }

    private void commit(
            SnapshotKey name, SnapshotKey active, Map<String, String> labels, Optional<SnapshotKey> parent) {
        if (infos.containsKey(name)) {
            throw new FeluccaException(ErrorCode.ALREADY_EXISTS, "cannot commit " + name, "the name is in use");
        }
        infos.remove(active);
        Map<String, String> kept = new HashMap<>(labels);
        if ("later".equals(kept.remove(SnapshotInfo.LABEL_SEAL))) {
            unsealed.add(name);
        }
        put(name, parent, kept);
        directories.put(name, directories.remove(active));
    }

    private void put(SnapshotKey name, Optional<SnapshotKey> parent, Map<String, String> labels) {
        infos.put(name, new SnapshotInfo(name, SnapshotKind.COMMITTED, parent, labels, Instant.EPOCH, Instant.EPOCH));
    }

    @Override
    public synchronized void seal(Collection<SnapshotKey> names) {
        if (unsealed.removeAll(names)) {
            syncs++;
        }
    }

    /** How many syncs there were for what {@code seal} was called with. */
    synchronized int syncs() {
        return syncs;
    }

    synchronized Set<SnapshotKey> unsealed() {
        return Set.copyOf(unsealed);
    }

    @Override
    public synchronized SnapshotInfo relabel(SnapshotKey key, Map<String, String> labels) {
        put(key, stat(key).parent(), labels);
        return stat(key);
    }

    @Override
    public synchronized void replace(SnapshotKey damaged, SnapshotKey active) {
        Map<String, String> labels = new HashMap<>(stat(damaged).labels());
        labels.remove(SnapshotInfo.LABEL_DAMAGED);
        labels.remove(SnapshotInfo.LABEL_DAMAGED_BELOW);
        put(damaged, stat(damaged).parent(), labels);
        directories.put(damaged, directories.remove(active));
        infos.remove(active);
    }

    @Override
    public synchronized Optional<SnapshotFiles> files(SnapshotKey key) {
        stat(key);
        Path tree = directories.get(key);
        return Optional.of(new SnapshotFiles(tree, tree.resolve("manifest")));
    }

    @Override
    public synchronized List<SnapshotMount> mounts(SnapshotKey key) {
        return List.of(new SnapshotMount.Bind(directories.get(key), false));
    }

    @Override
    public synchronized SnapshotInfo stat(SnapshotKey key) {
        SnapshotInfo info = infos.get(key);
        if (info == null) {
            throw new FeluccaException(ErrorCode.NOT_FOUND, "cannot find " + key, "there is none");
        }
        return info;
    }

    @Override
    public SnapshotUsage usage(SnapshotKey key) {
        return new SnapshotUsage(0, 0);
    }

    @Override
    public void walk(Consumer<? super SnapshotInfo> visitor) {
        all().forEach(visitor);
    }

    @Override
    public synchronized void remove(SnapshotKey key) {
        stat(key);
        infos.remove(key);
        directories.remove(key);
    }

    @Override
    public void cleanup() {}
}
