package org.felucca.snapshotter.nativecopy;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Set;
import org.felucca.api.metadata.MetadataStore;
import org.felucca.api.snapshot.SnapshotCapability;
import org.felucca.api.snapshot.Snapshotter;
import org.felucca.tck.metadata.MemoryMetadataStore;
import org.felucca.tck.snapshot.SnapshotterFixture;

/** The native snapshotter over records in memory. */
abstract class NativeFixture extends SnapshotterFixture {

    private final MemoryMetadataStore records = new MemoryMetadataStore();

    /** The records; the same ones after a restart. */
    protected MetadataStore records() {
        return records;
    }

    @Override
    protected Snapshotter open(Path directory) {
        return new NativeSnapshotter(directory.resolve("native"), records(), Clock.systemUTC());
    }

    @Override
    protected void close(Snapshotter snapshotter) {
        ((NativeSnapshotter) snapshotter).close();
    }

    @Override
    public Set<SnapshotCapability> capabilities() {
        return Set.of(SnapshotCapability.IDMAP, SnapshotCapability.WHOLE);
    }
}
