package org.felucca.api.diff;

import java.util.List;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.snapshot.SnapshotMount;
import org.osgi.annotation.versioning.ConsumerType;

/** A layer that was written before the layers below it were. Used by one thread at a time. */
@ConsumerType
public interface IsolatedDiff {
    /** Returns what was read; the caller compares the digests with what it expects. */
    AppliedDiff applied();

    /**
     * Makes the layer what {@link DiffApplier#apply} would have made of it on top of others: a directory that the layer
     * names without having it gets the attributes of the one below. Nothing is synced. Called within a call of the
     * applier's provider, before the snapshot is committed onto its parent.
     *
     * @param below how the snapshots of the layers below would be mounted while they were written, uppermost first: of
     *     those written in isolation their own mount, of the last one the mount with its parents
     * @return false if the layer means something else on top of these (a path leads through a symbolic link below, say):
     *     the caller removes the snapshot and applies the layer again, with its parent
     * @throws FeluccaException INTERNAL when the file system fails against expectation; UNSUPPORTED for a mount kind it
     *     does not know
     */
    boolean settle(List<SnapshotMount> below);
}
