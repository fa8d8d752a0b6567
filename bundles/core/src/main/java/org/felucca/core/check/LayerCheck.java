package org.felucca.core.check;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.felucca.api.diff.DiffApplier;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.metadata.RecordId;
import org.felucca.api.metadata.RecordKind;
import org.felucca.api.plugin.Provider;
import org.felucca.api.plugin.Providers;
import org.felucca.api.plugin.Role;
import org.felucca.api.snapshot.SnapshotFiles;
import org.felucca.api.snapshot.SnapshotInfo;
import org.felucca.api.snapshot.SnapshotKey;
import org.felucca.api.snapshot.SnapshotKind;
import org.felucca.api.snapshot.Snapshotter;
import org.felucca.api.storage.Finding;
import org.felucca.api.storage.Finding.Outcome;
import org.felucca.api.storage.Finding.Part;

/** Snapshots against their directories, their parents and their manifests. Used once. */
final class LayerCheck {
    /** Makes a condemned layer whole, if that can be done from what is here. */
    @FunctionalInterface
    interface Mender {
        boolean mend(String snapshotter, RecordId image);
    }

    private final Provider<Snapshotter> snapshotter;
    private final List<SnapshotInfo> snapshots;
    private final Providers providers;
    private final Users users;
    private final Mender mender;
    private final Scan scan;

    LayerCheck(
            Provider<Snapshotter> snapshotter,
            List<SnapshotInfo> snapshots,
            Providers providers,
            Users users,
            Mender mender,
            Scan scan) {
        this.snapshotter = snapshotter;
        this.snapshots = snapshots;
        this.providers = providers;
        this.users = users;
        this.mender = mender;
        this.scan = scan;
    }

    static RecordId id(Provider<Snapshotter> snapshotter, SnapshotKey key) {
        return new RecordId(RecordKind.SNAPSHOT, snapshotter.id(), key.value());
    }

    /** Every snapshot's parent. */
    static Map<RecordId, RecordId> parents(Provider<Snapshotter> snapshotter, List<SnapshotInfo> snapshots) {
        Map<RecordId, RecordId> parents = new HashMap<>();
        for (SnapshotInfo info : snapshots) {
            info.parent().ifPresent(parent -> parents.put(id(snapshotter, info.key()), id(snapshotter, parent)));
        }
        return parents;
    }

    void run() {
        Set<SnapshotKey> keys = new HashSet<>();
        snapshots.forEach(info -> keys.add(info.key()));
        // Found damaged first, mended afterwards: the one image may need several of its layers.
        Map<SnapshotInfo, String> damaged = new HashMap<>();
        for (SnapshotInfo info : snapshots) {
            StorageCheck.requireRunning();
            scan.snapshot();
            Optional<String> problem = problem(info, keys);
            if (problem.isEmpty()) {
                continue;
            }
            if (info.kind() == SnapshotKind.COMMITTED) {
                damaged.put(info, problem.get());
            } else {
                lost(info, problem.get());
            }
        }
        if (scan.repair()) {
            damaged.forEach((info, problem) -> {
                if (!info.labels().containsKey(SnapshotInfo.LABEL_DAMAGED)) {
                    snapshotter.use(contract -> contract.condemn(info.key(), problem));
                }
            });
        }
        for (SnapshotInfo info : snapshots) {
            String problem = damaged.get(info);
            if (problem != null) {
                report(info, problem);
            }
        }
    }

    /** What is wrong with a snapshot; nothing as well if it has gone meanwhile. */
    private Optional<String> problem(SnapshotInfo info, Set<SnapshotKey> keys) {
        String known = info.labels().get(SnapshotInfo.LABEL_DAMAGED);
        if (known != null) {
            return Optional.of(known);
        }
        try {
            boolean orphaned =
                    info.parent().filter(parent -> !keys.contains(parent)).isPresent();
            if (orphaned && isThere(info.key())) {
                return Optional.of("what it lies on is not there");
            }
            Optional<SnapshotFiles> files = info.kind() == SnapshotKind.VIEW
                    ? Optional.empty()
                    : snapshotter.call(contract -> contract.files(info.key()));
            if (files.isEmpty()) {
                return Optional.empty();
            }
            if (!Files.isDirectory(files.get().tree())) {
                return isThere(info.key()) ? Optional.of("its directory is missing") : Optional.empty();
            }
            boolean described = info.kind() == SnapshotKind.COMMITTED
                    && "true".equals(info.labels().get(SnapshotInfo.LABEL_MANIFEST))
                    && scan.covers(info.updated());
            if (!described) {
                return Optional.empty();
            }
            List<String> damage = damage(files.get());
            return damage.isEmpty() || !isThere(info.key())
                    ? Optional.empty()
                    : Optional.of(damage.get(0) + (damage.size() > 1 ? ", and " + (damage.size() - 1) + " more" : ""));
        } catch (FeluccaException e) {
            if (e.is(ErrorCode.NOT_FOUND)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private boolean isThere(SnapshotKey key) {
        try {
            snapshotter.call(contract -> contract.stat(key));
            return true;
        } catch (FeluccaException e) {
            if (e.is(ErrorCode.NOT_FOUND)) {
                return false;
            }
            throw e;
        }
    }

    private List<String> damage(SnapshotFiles files) {
        for (Provider<DiffApplier> applier : providers.live(Role.DIFF)) {
            try {
                return applier.call(contract -> contract.check(files.tree(), files.manifest(), scan.contents()));
            } catch (FeluccaException e) {
                if (e.is(ErrorCode.NOT_FOUND)) {
                    return List.of("its manifest is missing");
                }
                if (!e.is(ErrorCode.UNSUPPORTED)) {
                    throw e;
                }
                // Another one's manifest.
            }
        }
        return List.of("nobody here reads its manifest");
    }

    private void report(SnapshotInfo info, String problem) {
        RecordId id = id(snapshotter, info.key());
        List<String> names = users.names(id);
        Outcome outcome = Outcome.FOUND;
        if (info.labels().containsKey(SnapshotInfo.LABEL_DAMAGED)) {
            outcome = Outcome.FETCHED_WHEN_NEEDED;
        }
        if (scan.repair()) {
            outcome = mended(info, id) ? Outcome.REPAIRED : Outcome.FETCHED_WHEN_NEEDED;
        }
        scan.found(new Finding(Part.LAYER, info.key().value(), problem, outcome, names));
    }

    private boolean mended(SnapshotInfo info, RecordId id) {
        List<RecordId> images = new ArrayList<>(users.of(id));
        images.removeIf(user -> user.kind() != RecordKind.IMAGE);
        for (RecordId image : images) {
            if (mender.mend(snapshotter.id(), image)
                    && snapshotter.call(contract -> contract.stat(info.key())).whole()) {
                return true;
            }
        }
        return false;
    }

    /** An active snapshot or a view holds what nobody else has. What belongs to no container goes by itself. */
    private void lost(SnapshotInfo info, String problem) {
        RecordId id = id(snapshotter, info.key());
        List<String> names = users.names(id);
        if (!names.isEmpty()) {
            scan.found(new Finding(
                    Part.SNAPSHOT,
                    info.key().value(),
                    problem + "; remove the container and make it again",
                    Outcome.LEFT,
                    names));
        }
    }
}
