package org.felucca.images;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.felucca.api.diff.DiffApplier;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.image.SnapshotSource;
import org.felucca.api.lease.Lease;
import org.felucca.api.plugin.Provider;
import org.felucca.api.plugin.Providers;
import org.felucca.api.plugin.Role;
import org.felucca.api.snapshot.SnapshotInfo;
import org.felucca.api.snapshot.SnapshotKey;
import org.felucca.api.snapshot.SnapshotMount;
import org.felucca.api.snapshot.SnapshotMount.Overlay;
import org.felucca.api.snapshot.SnapshotRequest;
import org.felucca.api.snapshot.Snapshotter;

/** Has a diff provider read a snapshot beside what it was made from. Thread-safe. */
final class SnapshotReader {
    private final Providers providers;

    SnapshotReader(Providers providers) {
        this.providers = providers;
    }

    /** What is done with a snapshot. */
    @FunctionalInterface
    interface Reading<R> {
        /**
         * Reads.
         *
         * @param parent what the snapshot was made from; none for nothing
         */
        R read(DiffApplier differ, List<SnapshotMount> parent, List<SnapshotMount> snapshot);
    }

    /** Reads a snapshot; what is mounted as data for it is gone when this returns. */
    <R> R read(String subject, SnapshotSource source, Lease lease, Reading<R> reading) {
        Provider<Snapshotter> snapshotter = providers.require(Role.SNAPSHOTTER, source.snapshotter());
        List<SnapshotMount> mounts = snapshotter.call(contract -> contract.mounts(source.key()));
        Provider<DiffApplier> differ = differ(subject, mounts.get(0));
        if (mounts.get(0) instanceof Overlay overlay && overlay.upper().isPresent()) {
            // Its lower directories are what it was made from, with whatever a snapshotter puts beneath them.
            List<SnapshotMount> parent =
                    List.of(new Overlay(overlay.lower(), Optional.empty(), Optional.empty(), overlay.options()));
            return differ.call(contract -> reading.read(contract, parent, mounts));
        }
        SnapshotInfo info = snapshotter.call(contract -> contract.stat(source.key()));
        if (info.parent().isEmpty()) {
            return differ.call(contract -> reading.read(contract, List.of(), mounts));
        }
        SnapshotKey view = SnapshotKey.of("compare-" + UUID.randomUUID());
        lease.add(Unpacker.record(snapshotter, view));
        List<SnapshotMount> parent = snapshotter.call(contract ->
                contract.view(SnapshotRequest.of(view).parent(info.parent().orElseThrow())));
        try {
            return differ.call(contract -> reading.read(contract, parent, mounts));
        } finally {
            snapshotter.use(contract -> contract.remove(view));
        }
    }

    private Provider<DiffApplier> differ(String subject, SnapshotMount mount) {
        return providers.live(Role.DIFF).stream()
                .filter(candidate -> candidate.call(DiffApplier::readableKinds).contains(mount.kind()))
                .findFirst()
                .orElseThrow(() -> new FeluccaException(
                        ErrorCode.UNSUPPORTED,
                        subject,
                        "nobody here reads a mount of kind " + mount.kind(),
                        "add a diff provider or choose another snapshotter"));
    }
}
