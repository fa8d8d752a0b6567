package org.felucca.api.image;

import java.io.InputStream;
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
}
