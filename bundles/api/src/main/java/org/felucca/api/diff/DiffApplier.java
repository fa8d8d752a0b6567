package org.felucca.api.diff;

import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.snapshot.SnapshotMount;
import org.felucca.api.snapshot.SnapshotRequest;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Applies layer archives to prepared snapshots. Implementations are thread-safe and carry a
 * {@link org.felucca.api.plugin.PluginId}; applying to different snapshots runs in parallel.
 */
@ConsumerType
public interface DiffApplier {
    /** Returns the media types it reads, without parameters. */
    Set<String> mediaTypes();

    /** Returns the kinds of mounts it can write to. */
    Set<SnapshotMount.Kind> mountKinds();

    /**
     * Writes a layer into an active snapshot, without mounting: for an overlay, into the upper directory in overlay's
     * own form, with the lower directories consulted for what the archive takes for granted (a missing parent
     * directory, a hard link to a lower file, a path under a lower symbolic link); for a bind, into the tree.
     *
     * <p>The stream holds the layer as stored (compressed as its media type says; the magic bytes must agree) and is
     * read to its end, but not closed. Decompression, the digest of the compressed bytes and the digest of the tar
     * happen in the same pass. Nothing is synced. On any exception the target holds partial contents: the caller
     * removes the snapshot. Blocking; an interrupt ends it with CANCELLED.
     *
     * @param mediaType the layer's media type
     * @param layer the compressed bytes
     * @param target how the snapshot would be mounted; one element
     * @param limits what the archive may not exceed
     * @return what was read; the caller compares the digests with what it expects before it commits
     * @throws FeluccaException UNSUPPORTED for a media type or mount kind it does not know; DATA_LOSS for a damaged or
     *     truncated stream, with the byte offset; INVALID_ARGUMENT for an entry that leaves the root, a reserved
     *     {@code trusted.overlay.*} or {@code user.overlay.*} attribute, a 0:0 device or another entry no layer may
     *     have, named by its path; RESOURCE_EXHAUSTED for a limit or a full disk; CANCELLED on interrupt
     */
    AppliedDiff apply(String mediaType, InputStream layer, List<SnapshotMount> target, DiffLimits limits);

    /**
     * As {@link #apply}, but before the layers below are there: into a snapshot that was prepared without its parent and
     * with {@link SnapshotRequest#LABEL_ISOLATED}. What the layer takes for granted of those below is settled afterwards
     * by {@link IsolatedDiff#settle}.
     *
     * @return what is left to do; empty if this layer, or this applier, needs the layers below: the caller removes the
     *     snapshot and applies the layer with its parent. The stream may not have been read to its end then
     * @throws FeluccaException as {@link #apply}
     */
    default Optional<IsolatedDiff> applyIsolated(
            String mediaType, InputStream layer, List<SnapshotMount> target, DiffLimits limits) {
        return Optional.empty();
    }
}
