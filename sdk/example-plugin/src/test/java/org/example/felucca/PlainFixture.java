package org.example.felucca;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Set;
import org.felucca.api.snapshot.SnapshotCapability;
import org.felucca.api.snapshot.Snapshotter;
import org.felucca.tck.metadata.MemoryMetadataStore;
import org.felucca.tck.snapshot.SnapshotterFixture;

/** The snapshotter over records in memory and helpers run by the test's own JVM. */
abstract class PlainFixture extends SnapshotterFixture {
    private final MemoryMetadataStore records = new MemoryMetadataStore();

    @Override
    protected Snapshotter open(Path directory) {
        return new PlainSnapshotter(new PlainStore(
                directory.resolve("plain"), records, new HostTools(new ForkingHostExec()), Clock.systemUTC()));
    }

    @Override
    protected void close(Snapshotter snapshotter) {
        ((PlainSnapshotter) snapshotter).close();
    }

    @Override
    public Set<SnapshotCapability> capabilities() {
        return Set.of();
    }
}
