package org.felucca.snapshotter.ledger;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.felucca.api.snapshot.SnapshotCapability;
import org.felucca.api.snapshot.SnapshotKind;
import org.felucca.api.snapshot.SnapshotMount;
import org.felucca.posix.fs.Fd;

/**
 * What the directories of a snapshotter hold. Methods throw {@link org.felucca.posix.fs.PosixException}; they are
 * called from any thread.
 */
public interface Form {

    /** The subdirectory that holds files. */
    String TREE = "fs";

    /** Beyond the core of the contract. */
    Set<SnapshotCapability> capabilities();

    /**
     * Fills a new, empty directory.
     *
     * @param directory open
     * @param kind active or view
     * @param parent the snapshot below; its directory's tree is {@link #TREE} in directory {@link Entry#storage}
     * @param storage where the parents are
     */
    void fill(Fd directory, SnapshotKind kind, Optional<Entry> parent, Storage storage);

    /** How to mount an active snapshot or a view. */
    List<SnapshotMount> mounts(Entry entry, Storage storage);
}
