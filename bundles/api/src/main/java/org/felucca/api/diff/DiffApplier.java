package org.felucca.api.diff;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.snapshot.SnapshotMount;
import org.felucca.api.snapshot.SnapshotRequest;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Applies layer archives to prepared snapshots, and may write them, too: what a snapshot changed, as a layer. What an
 * implementation cannot do of the second half it refuses with UNSUPPORTED and leaves out of {@link #readableKinds()}.
 * Implementations are thread-safe and carry a
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

    /** Returns the kinds of mounts it can read: those that the methods below take. None if it only applies. */
    default Set<SnapshotMount.Kind> readableKinds() {
        return Set.of();
    }

    /**
     * Says what a snapshot changed, without mounting: directories before what is in them, siblings in the order of the
     * bytes of their names. A directory counts as changed when something in it did. A file whose owner, mode, time,
     * attributes and content are the same is unchanged, whatever was done to it; the root directory itself is never
     * named. Something else may write to the snapshot meanwhile; whether what it writes is seen is open.
     *
     * @param parent how what the snapshot was made from would be mounted, read-only; one element, or none for nothing
     * @param snapshot how the snapshot would be mounted; one element
     * @param visitor called on this thread
     * @throws FeluccaException UNSUPPORTED for a kind of mount it does not read; INTERNAL if the file system fails;
     *     CANCELLED on interrupt
     */
    default void compare(
            List<SnapshotMount> parent, List<SnapshotMount> snapshot, Consumer<? super PathChange> visitor) {
        throw unsupported("compare snapshots");
    }

    /**
     * Writes what a snapshot changed as a layer, a plain tar (OCI image-spec, "Image Layer Filesystem Changeset"):
     * applied on top of the parent it gives the same tree. The same trees give the same bytes. Sockets are left out.
     *
     * @param parent as for {@link #compare}
     * @param snapshot as for {@link #compare}
     * @param layer where the tar goes; not closed
     * @return the number of entries; 0 if nothing changed, and then the tar is an empty one
     * @throws FeluccaException as {@link #compare}; FAILED_PRECONDITION if the snapshot holds what no layer can have (a
     *     name that starts with {@code .wh.}, a device 0:0); UNAVAILABLE if {@code layer} takes no more
     */
    default long writeLayer(List<SnapshotMount> parent, List<SnapshotMount> snapshot, OutputStream layer) {
        throw unsupported("write a layer");
    }

    /**
     * Writes a whole file system as a plain tar.
     *
     * @param snapshot as for {@link #compare}
     * @param tar where it goes; not closed
     * @return the number of entries
     * @throws FeluccaException as {@link #compare}; UNAVAILABLE if {@code tar} takes no more
     */
    default long writeTree(List<SnapshotMount> snapshot, OutputStream tar) {
        throw unsupported("write a file system");
    }

    private static FeluccaException unsupported(String what) {
        return new FeluccaException(
                ErrorCode.UNSUPPORTED, "cannot " + what, "this diff provider only applies layers", "add another");
    }

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

    /**
     * Does the same as {@link #apply(String, InputStream, List, DiffLimits)}, and leaves a manifest of
     * what the tree holds afterwards, for {@link #check}: names, types, modes, owners, sizes and digests. Nothing is
     * synced. An applier that makes none leaves none.
     *
     * @param manifest the file to write
     * @throws FeluccaException as without a manifest
     */
    default AppliedDiff apply(
            String mediaType, InputStream layer, List<SnapshotMount> target, DiffLimits limits, Path manifest) {
        return apply(mediaType, layer, target, limits);
    }

    /**
     * Compares a tree with its manifest. What is in the tree and not in the manifest does not count. Blocking; an
     * interrupt ends it with CANCELLED.
     *
     * @param tree the directory that was written
     * @param manifest what {@link #apply(String, InputStream, List, DiffLimits, Path)} left
     * @param contents whether the bytes of files are read; without, sizes and kinds are compared
     * @return what is damaged, for people, the first few; empty if nothing is
     * @throws FeluccaException UNSUPPORTED if this applier makes no manifests, or not such ones; NOT_FOUND if there is
     *     no manifest
     */
    default List<String> check(Path tree, Path manifest, boolean contents) {
        throw new FeluccaException(
                ErrorCode.UNSUPPORTED, "cannot check layer " + tree, "this applier makes no manifests");
    }

    /**
     * As without a manifest, which is written by {@link IsolatedDiff#settle}: only then is the tree what it will be.
     *
     * @param manifest as of {@link #apply(String, InputStream, List, DiffLimits, Path)}
     * @throws FeluccaException as without a manifest
     */
    default Optional<IsolatedDiff> applyIsolated(
            String mediaType, InputStream layer, List<SnapshotMount> target, DiffLimits limits, Path manifest) {
        return applyIsolated(mediaType, layer, target, limits);
    }
}
