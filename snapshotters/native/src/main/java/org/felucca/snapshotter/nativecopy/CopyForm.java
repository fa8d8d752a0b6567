package org.felucca.snapshotter.nativecopy;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.felucca.api.snapshot.SnapshotCapability;
import org.felucca.api.snapshot.SnapshotKind;
import org.felucca.api.snapshot.SnapshotMount;
import org.felucca.posix.fs.Dir;
import org.felucca.posix.fs.Fd;
import org.felucca.snapshotter.ledger.Entry;
import org.felucca.snapshotter.ledger.Form;
import org.felucca.snapshotter.ledger.Storage;

/**
 * Directories with a whole tree each: {@code 12/fs}. A view needs none: it is its parent's tree, read-only.
 */
final class CopyForm implements Form {

    private static final int DEFAULT_MODE = 0755;
    private static final int PRIVATE = 0700;

    @Override
    public Set<SnapshotCapability> capabilities() {
        return Set.of(SnapshotCapability.IDMAP, SnapshotCapability.WHOLE);
    }

    @Override
    public void fill(Fd directory, SnapshotKind kind, Optional<Entry> parent, Storage storage) {
        if (kind == SnapshotKind.VIEW) {
            return;
        }
        Dir.mkdir(directory, TREE, PRIVATE);
        if (parent.isEmpty()) {
            Dir.chmod(directory, TREE, DEFAULT_MODE);
            return;
        }
        try (Fd source = Dir.openDirectory(storage.directory(), parent.get().storage() + "/" + TREE);
                Fd target = Dir.openDirectory(directory, TREE)) {
            new TreeCopy(source, target).run();
        }
    }

    @Override
    public List<SnapshotMount> mounts(Entry entry, Storage storage) {
        boolean view = entry.info().kind() == SnapshotKind.VIEW;
        long tree = view ? entry.below().get(0) : entry.storage();
        return List.of(new SnapshotMount.Bind(storage.path(tree).resolve(TREE), view));
    }
}
