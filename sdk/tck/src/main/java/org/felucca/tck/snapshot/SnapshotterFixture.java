package org.felucca.tck.snapshot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.felucca.api.snapshot.SnapshotCapability;
import org.felucca.api.snapshot.SnapshotMount;
import org.felucca.api.snapshot.Snapshotter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Opens a fresh snapshotter for each test. */
public abstract class SnapshotterFixture implements SnapshotterTest {

    /** The snapshotter's own directory; restarts share it. */
    @TempDir
    public @Nullable Path directory;

    private @Nullable Snapshotter snapshotter;

    /** Opens the snapshotter under test over a directory, which a former instance may have used. */
    protected abstract Snapshotter open(Path directory);

    /** Ends it as the platform does: what it does in the background is over when this returns. */
    protected abstract void close(Snapshotter snapshotter);

    @Override
    public Set<SnapshotCapability> capabilities() {
        return EnumSet.allOf(SnapshotCapability.class);
    }

    /** Opens the snapshotter. */
    @BeforeEach
    public void openSnapshotter() {
        snapshotter = open(directory());
    }

    /** Closes the snapshotter. */
    @AfterEach
    public void closeSnapshotter() {
        close(snapshotter());
        snapshotter = null;
    }

    /** The snapshotter's own directory. */
    protected Path directory() {
        if (directory == null) {
            throw new IllegalStateException("the test has not begun");
        }
        return directory;
    }

    @Override
    public Snapshotter snapshotter() {
        if (snapshotter == null) {
            throw new IllegalStateException("the snapshotter is not open");
        }
        return snapshotter;
    }

    @Override
    public Snapshotter restart() {
        closeSnapshotter();
        openSnapshotter();
        return snapshotter();
    }

    /** {@inheritDoc} Knows binds; a snapshotter with other mounts overrides it. */
    @Override
    public void inTree(List<SnapshotMount> mounts, TreeWork work) {
        if (mounts.size() == 1 && mounts.get(0) instanceof SnapshotMount.Bind bind) {
            work(work, bind.source());
            return;
        }
        throw new IllegalArgumentException("the fixture does not know how to mount " + mounts);
    }

    /** Works in a tree that is mounted at a path. */
    protected static void work(TreeWork work, Path root) {
        try {
            work.in(root);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
