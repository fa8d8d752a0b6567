package org.felucca.snapshotter.overlay;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.felucca.api.metadata.MetadataStore;
import org.felucca.api.snapshot.SnapshotCapability;
import org.felucca.api.snapshot.SnapshotMount;
import org.felucca.api.snapshot.Snapshotter;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.mount.OverlayRoot;
import org.felucca.posix.mount.OverlaySpec;
import org.felucca.tck.metadata.MemoryMetadataStore;
import org.felucca.tck.snapshot.SnapshotterFixture;

/** The overlay snapshotter over records in memory; trees are mounted detached. */
abstract class OverlayFixture extends SnapshotterFixture {

    protected final MemoryMetadataStore records = new MemoryMetadataStore();

    /** The records; the same ones after a restart. */
    protected MetadataStore records() {
        return records;
    }

    @Override
    protected Snapshotter open(Path directory) {
        return new OverlaySnapshotter(directory.resolve("overlay"), records(), Clock.systemUTC());
    }

    @Override
    protected void close(Snapshotter snapshotter) {
        ((OverlaySnapshotter) snapshotter).close();
    }

    @Override
    public Set<SnapshotCapability> capabilities() {
        return Set.of(SnapshotCapability.REBASE, SnapshotCapability.VOLATILE, SnapshotCapability.IDMAP);
    }

    @Override
    public void inTree(List<SnapshotMount> mounts, TreeWork work) {
        if (mounts.get(0) instanceof SnapshotMount.Overlay overlay) {
            try (Fd root = OverlayRoot.mount(spec(overlay), 0)) {
                work(work, Path.of(root.procPath()));
            }
        } else {
            super.inTree(mounts, work);
        }
    }

    private static OverlaySpec spec(SnapshotMount.Overlay overlay) {
        Optional<OverlaySpec.Upper> upper = overlay.upper()
                .map(path -> new OverlaySpec.Upper(path, overlay.work().orElseThrow()));
        Map<String, String> options = new TreeMap<>();
        for (String option : overlay.options()) {
            int equals = option.indexOf('=');
            options.put(
                    equals < 0 ? option : option.substring(0, equals), equals < 0 ? "" : option.substring(equals + 1));
        }
        return new OverlaySpec(overlay.lower(), upper, options);
    }
}
