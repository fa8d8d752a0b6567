package org.felucca.api.image;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.oci.image.Descriptor;
import org.felucca.oci.reference.ImageReference;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Where images are fetched from. Implementations are thread-safe, verify nothing (the caller does) and carry a
 * {@link org.felucca.api.plugin.PluginId}. Calls block; an interrupt ends them with CANCELLED.
 *
 * <p>All methods throw UNAVAILABLE if the source cannot be reached after retries, UNAUTHENTICATED or PERMISSION_DENIED
 * if it refuses the credentials, RESOURCE_EXHAUSTED if it limits the rate beyond patience.
 */
@ConsumerType
public interface ImageSource {
    /** Returns {@code true} if this source serves the reference's registry. */
    boolean serves(ImageReference reference);

    /**
     * Finds what a reference points to.
     *
     * @return media type, digest and size of the manifest or index
     * @throws FeluccaException NOT_FOUND if there is no such image
     */
    Descriptor resolve(ImageReference reference);

    /**
     * Opens a manifest, index or blob.
     *
     * @param repository where to look: registry and repository count, tag and digest do not
     * @param descriptor what to fetch
     * @param offset first byte wanted, for resuming
     * @return the bytes from {@code offset} on; the source reconnects by itself where the transfer breaks off, and
     *     throws UNAVAILABLE out of the stream's methods only when it gives up (as the cause of an IOException)
     * @throws FeluccaException NOT_FOUND if it is not there
     */
    InputStream fetch(ImageReference repository, Descriptor descriptor, long offset);

    /**
     * Opens a part of a blob, so that a large one can be fetched in parts side by side.
     *
     * @param repository where to look: registry and repository count, tag and digest do not
     * @param descriptor what to fetch
     * @param offset first byte wanted
     * @param length how many bytes, 1 or more
     * @return those bytes, as {@link #fetch} gives them; empty if the source gives this blob as a whole only
     * @throws FeluccaException as {@link #fetch}
     */
    default Optional<InputStream> fetchPart(
            ImageReference repository, Descriptor descriptor, long offset, long length) {
        return Optional.empty();
    }

    /** Returns {@code true} if content can be put where the reference points; a source that only reads says no. */
    default boolean stores(ImageReference reference) {
        return false;
    }

    /**
     * Puts a blob into a repository, unless it is there already. What ends early leaves no blob behind.
     *
     * @param repository where to put it: registry and repository count, tag and digest do not
     * @param descriptor digest and size of the blob
     * @param content opens its bytes; called again where the transfer has to go on after a break
     * @param sibling a repository of the same registry that may have the blob, so that nothing need be sent
     * @return {@code true} if bytes were sent, {@code false} if the registry had the blob
     * @throws FeluccaException DATA_LOSS if the registry received something else than the digest says; UNSUPPORTED if
     *     {@link #stores} says no
     */
    default boolean putBlob(
            ImageReference repository, Descriptor descriptor, BlobContent content, Optional<ImageReference> sibling) {
        throw refusal(repository);
    }

    /**
     * Puts a manifest or index whose blobs and manifests are there. Idempotent.
     *
     * @param target where to put it; its tag, if it has one, then points to the document
     * @param descriptor media type, digest and size of the document
     * @throws FeluccaException INVALID_ARGUMENT if the registry refuses the document; UNSUPPORTED if {@link #stores}
     *     says no
     */
    default void putManifest(ImageReference target, Descriptor descriptor, byte[] document) {
        throw refusal(target);
    }

    private static FeluccaException refusal(ImageReference reference) {
        return new FeluccaException(
                ErrorCode.UNSUPPORTED,
                "cannot push to " + reference.name(),
                "the image source of this registry only reads",
                "push to another registry");
    }

    /** The bytes of a blob, as often as they are wanted. */
    @FunctionalInterface
    interface BlobContent {
        /**
         * Opens the bytes.
         *
         * @param offset the first byte wanted
         * @throws IOException if they cannot be read
         */
        InputStream open(long offset) throws IOException;
    }
}
