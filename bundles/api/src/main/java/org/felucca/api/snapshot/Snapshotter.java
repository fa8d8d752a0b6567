package org.felucca.api.snapshot;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Keeps file system snapshots; see the package for the model and an example.
 *
 * <p>Obligations of an implementer: register as an OSGi service with a {@link org.felucca.api.plugin.PluginId}; be
 * thread-safe; make every operation atomic over exceptions and crashes (after a crash a snapshot is there as before or
 * as after, and {@link #cleanup()} removes what belongs to neither); never mount in the host's name space; pass the
 * contract suite {@code org.felucca.tck.snapshot}. Calls block for file system work only. Operations on different keys
 * do not wait for each other but for short sections.
 *
 * <p>Every method throws UNAVAILABLE when the snapshotter is shutting down, RESOURCE_EXHAUSTED when the disk is full,
 * and INTERNAL when the file system fails against expectation.
 */
@ConsumerType
public interface Snapshotter {
    /** Returns what this snapshotter can do beyond the core of the contract; does not change while it is live. */
    Set<SnapshotCapability> capabilities();

    /**
     * Makes an active snapshot: empty, or with the contents of its committed parent.
     *
     * @return how to mount it, as {@link #mounts}
     * @throws FeluccaException ALREADY_EXISTS if the key is in use; NOT_FOUND if there is no such parent;
     *     FAILED_PRECONDITION if the parent is not committed
     */
    List<SnapshotMount> prepare(SnapshotRequest request);

    /**
     * Makes a read-only view of a committed parent; errors as {@link #prepare}.
     *
     * @throws FeluccaException INVALID_ARGUMENT if the request has no parent
     */
    List<SnapshotMount> view(SnapshotRequest request);

    /**
     * Turns an active snapshot into a committed one under a new name; the active key is free afterwards. The caller
     * has stopped writing and has unmounted it. Contents are durable when this returns: the implementation makes one
     * {@code syncfs} (or what its storage offers) before the name becomes visible, unless the caller says in
     * {@code labels} with {@code felucca.synced=true} that it has done so for this file system since the last write.
     *
     * <p>With {@code felucca.seal=later} in {@code labels} a snapshotter may leave the sync to {@link #seal}, so that one
     * serves a whole chain. What was committed so and not sealed is gone after a crash of the host.
     *
     * @param name the new name
     * @param active the snapshot to commit
     * @param labels labels of the committed snapshot; those of the active one are dropped
     * @throws FeluccaException NOT_FOUND if there is no snapshot {@code active}; FAILED_PRECONDITION if it is not
     *     active or is ephemeral; ALREADY_EXISTS if {@code name} is in use (the active one then stays)
     */
    void commit(SnapshotKey name, SnapshotKey active, Map<String, String> labels);

    /**
     * Commits an active snapshot without parent on top of {@code parent} (capability
     * {@link SnapshotCapability#REBASE}).
     *
     * @throws FeluccaException as {@link #commit(SnapshotKey, SnapshotKey, Map)}; NOT_FOUND if there is no such
     *     parent; FAILED_PRECONDITION if the parent is not committed, or the active snapshot has a parent already;
     *     UNSUPPORTED without the capability
     */
    default void commit(SnapshotKey name, SnapshotKey active, Map<String, String> labels, SnapshotKey parent) {
        throw new FeluccaException(
                ErrorCode.UNSUPPORTED,
                "cannot commit snapshot " + active + " onto " + parent,
                "this snapshotter does not rebase",
                "prepare it with its parent instead");
    }

    /**
     * Makes committed snapshots durable, with one sync for all of them; does nothing for those that are. A snapshotter
     * that syncs at every commit has nothing to do here.
     *
     * @param names committed snapshots; those that are not there are passed over
     */
    default void seal(Collection<SnapshotKey> names) {
        // every commit was durable
    }

    /**
     * Replaces the labels of a committed snapshot.
     *
     * @throws FeluccaException NOT_FOUND if there is no such snapshot; FAILED_PRECONDITION if it is not committed;
     *     UNSUPPORTED if this snapshotter keeps no labels that change
     */
    default SnapshotInfo relabel(SnapshotKey key, Map<String, String> labels) {
        throw new FeluccaException(
                ErrorCode.UNSUPPORTED, "cannot relabel snapshot " + key, "this snapshotter does not do that");
    }

    /**
     * Labels a committed snapshot as damaged, and those that lie on it as lying on a damaged one, so that whoever needs
     * them next mends them first.
     *
     * @param reason what is wrong with it, for people
     * @throws FeluccaException as {@link #relabel}
     */
    default void condemn(SnapshotKey key, String reason) {
        Map<String, String> labels = new HashMap<>(stat(key).labels());
        labels.put(SnapshotInfo.LABEL_DAMAGED, reason);
        Set<SnapshotKey> affected = new HashSet<>(Set.of(key));
        // Parents come before their children.
        List<SnapshotInfo> above = new ArrayList<>();
        walk(info -> {
            if (info.kind() == SnapshotKind.COMMITTED
                    && info.parent().filter(affected::contains).isPresent()) {
                affected.add(info.key());
                above.add(info);
            }
        });
        // The lowest last: as long as it is not labelled, the whole is done again.
        for (SnapshotInfo info : above) {
            Map<String, String> more = new HashMap<>(info.labels());
            more.put(SnapshotInfo.LABEL_DAMAGED_BELOW, key.value());
            relabel(info.key(), more);
        }
        relabel(key, labels);
    }

    /**
     * Puts the contents of an active snapshot in the place of a committed one's, which were damaged; whatever lies on it
     * stays, and mounts made from now on show the new contents, which are durable. Mounts made before show the old
     * ones. The active key is free afterwards, the labels of damage are gone.
     *
     * @throws FeluccaException NOT_FOUND if one of them is not there; FAILED_PRECONDITION if they are not committed and
     *     active, or have different parents; UNSUPPORTED if this snapshotter cannot
     */
    default void replace(SnapshotKey damaged, SnapshotKey active) {
        throw new FeluccaException(
                ErrorCode.UNSUPPORTED,
                "cannot replace snapshot " + damaged,
                "this snapshotter does not do that",
                "remove the image and pull it again");
    }

    /**
     * Returns where the files of an active or committed snapshot are; empty if they are no files of the host.
     *
     * @throws FeluccaException NOT_FOUND if there is no such snapshot
     */
    default Optional<SnapshotFiles> files(SnapshotKey key) {
        return Optional.empty();
    }

    /**
     * Returns how to mount an active snapshot or a view. Pure: mounts nothing, changes nothing, and answers the same
     * until the snapshot is committed or removed.
     *
     * @throws FeluccaException NOT_FOUND if there is no such snapshot; FAILED_PRECONDITION if it is committed
     */
    List<SnapshotMount> mounts(SnapshotKey key);

    /**
     * Returns the record of a snapshot.
     *
     * @throws FeluccaException NOT_FOUND if there is no such snapshot
     */
    SnapshotInfo stat(SnapshotKey key);

    /**
     * Measures what a snapshot takes by itself. Cost grows with the number of files of an active snapshot; a committed
     * one is measured once.
     *
     * @throws FeluccaException NOT_FOUND if there is no such snapshot
     */
    SnapshotUsage usage(SnapshotKey key);

    /** Visits every snapshot as of the call, parents before their children; what is made meanwhile may be missed. */
    void walk(Consumer<? super SnapshotInfo> visitor);

    /**
     * Removes a snapshot. Its key is free when this returns; the storage may be freed later, in the background.
     *
     * @throws FeluccaException NOT_FOUND if there is no such snapshot; FAILED_PRECONDITION if it has children
     */
    void remove(SnapshotKey key);

    /**
     * Frees storage that belongs to no snapshot (of removals under way, or of a crash) and waits for it. Safe to call
     * at any time, concurrently with everything else.
     */
    void cleanup();
}
