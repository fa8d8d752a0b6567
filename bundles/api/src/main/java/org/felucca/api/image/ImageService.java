package org.felucca.api.image;

import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.felucca.api.diff.DiffApplier;
import org.felucca.api.diff.PathChange;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.metadata.NamespaceName;
import org.felucca.oci.digest.Digest;
import org.felucca.oci.image.Descriptor;
import org.felucca.oci.platform.Platform;
import org.felucca.oci.reference.ImageReference;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Brings images in, unpacks them and lets them go. Thread-safe. Long calls block, report to a {@link Progress} and end
 * with CANCELLED on interrupt; whatever ends them, what was not completed is invisible and will be collected, and
 * complete blobs are reused by the next attempt.
 */
@ProviderType
public interface ImageService {
    /**
     * Fetches an image, verifies and unpacks it, and sets its name.
     *
     * @throws FeluccaException NOT_FOUND if the source has no such image or platform; UNAUTHENTICATED or
     *     PERMISSION_DENIED if the source wants (other) credentials; UNAVAILABLE if it cannot be reached; DATA_LOSS if
     *     what it sends is not what the digests say; UNSUPPORTED for a media type nobody reads (schema 1 by name)
     */
    ImageDetail pull(PullRequest request, Progress progress);

    /**
     * Imports every image of a layout or archive (those for the platform asked for), verifies, unpacks and names them.
     *
     * @return the images by their names, in the order of the source
     * @throws FeluccaException as {@link #pull}; INVALID_ARGUMENT if it is no layout or archive of a known form, or has
     *     an image without a name and none was given
     */
    List<ImageDetail> load(ImportRequest request, Progress progress);

    /**
     * Puts an image that is here into a registry: first what it consists of, then its manifests, its name last.
     *
     * @return what the name in the registry then points to
     * @throws FeluccaException NOT_FOUND if content of what is to be pushed is not here; UNAUTHENTICATED or
     *     PERMISSION_DENIED if the registry wants (other) credentials; UNAVAILABLE if it cannot be reached; UNSUPPORTED
     *     if nobody can write there
     */
    Descriptor push(PushRequest request, Progress progress);

    /**
     * Copies an image from one registry to another, or to another name in the same one, through here but without
     * leaving anything here. What the target has already is not sent, and where both names lie in one registry it is
     * asked to take the blobs over by itself.
     *
     * @return what the new name then points to
     * @throws FeluccaException NOT_FOUND if there is no such image or platform; DATA_LOSS if what the source sends is not
     *     what the digests say; otherwise as {@link #push}
     */
    Descriptor copy(CopyRequest request, Progress progress);

    /**
     * Writes images into one tar archive. The same images give the same bytes.
     *
     * @param out where the archive goes, as it is made; not closed. After a failure what was written is of no use
     * @throws FeluccaException NOT_FOUND if content of what is to be written is not here, before a byte is written;
     *     DATA_LOSS if content is damaged here; INVALID_ARGUMENT if the form cannot hold all platforms; UNAVAILABLE if
     *     {@code out} takes no more
     */
    void export(ExportRequest request, OutputStream out);

    /**
     * Writes images into a new directory, whole or not at all.
     *
     * @param directory absolute path of a directory that does not exist or is empty
     * @throws FeluccaException as {@link #export(ExportRequest, OutputStream)}; ALREADY_EXISTS if something is there;
     *     NOT_FOUND if there is nothing that it could be in
     */
    void export(ExportRequest request, Path directory);

    /**
     * Makes an image of what a snapshot changed: the layers below, and one more if anything did. Nothing may write to
     * the snapshot meanwhile that is not to be torn.
     *
     * @return the new image, unpacked, under its name or {@link Image#unnamed(Digest)}
     * @throws FeluccaException NOT_FOUND if content of the image below is not here; what {@link DiffApplier#writeLayer}
     *     and the snapshotter throw; UNSUPPORTED if nobody here writes layers of such a snapshot
     */
    ImageDetail commit(ImageCommit commit, Progress progress);

    /**
     * Says what a snapshot changed; see {@link DiffApplier#compare}.
     *
     * @throws FeluccaException as there; UNSUPPORTED if nobody here reads such a snapshot
     */
    void compare(SnapshotSource snapshot, Consumer<? super PathChange> visitor);

    /**
     * Writes the whole file system of a snapshot as a tar; see {@link DiffApplier#writeTree}.
     *
     * @throws FeluccaException as there; UNSUPPORTED if nobody here reads such a snapshot
     */
    void writeTree(SnapshotSource snapshot, OutputStream tar);

    /**
     * Finds an image by reference (name, name with digest) or by the prefix of its id (at least 4 hex digits).
     *
     * @throws FeluccaException INVALID_ARGUMENT if a prefix fits more than one image
     */
    Optional<Image> find(NamespaceName namespace, String nameOrId);

    /**
     * Resolves an image that is here to a platform. Cheap: the answer is cached while the name points to the same
     * target.
     *
     * @throws FeluccaException NOT_FOUND if it has no manifest for the platform or its content is missing
     */
    ImageDetail resolve(Image image, Platform platform);

    /**
     * Makes sure that the layers of an image are committed in a snapshotter; does nothing if they are.
     *
     * @param snapshotter plugin id
     * @throws FeluccaException NOT_FOUND if content is missing; otherwise as {@link #pull}
     */
    void unpack(ImageDetail image, String snapshotter, Progress progress);

    /** Returns the images of a tenant by name. */
    List<Image> list(NamespaceName namespace);

    /**
     * Points another name to the same target; replaces what that name pointed to.
     */
    Image tag(Image image, ImageReference name);

    /**
     * Removes a name. Content and layers that nothing else reaches are collected.
     *
     * @throws FeluccaException NOT_FOUND if there is no such name
     */
    void remove(NamespaceName namespace, ImageReference name);

    /** Returns the raw bytes of a manifest, index or configuration that is here. */
    byte[] document(Descriptor descriptor);
}
