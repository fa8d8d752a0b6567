package org.felucca.images.source;

import java.io.InputStream;
import org.felucca.oci.image.Descriptor;

/** Where the blobs of one operation come from: a registry, a layout's directory, or nowhere. Thread-safe. */
@FunctionalInterface
public interface BlobSource {
    /**
     * Opens a blob.
     *
     * @param offset first byte wanted
     * @return the bytes from there on, unverified
     * @throws org.felucca.api.error.FeluccaException NOT_FOUND if it is not there; as the source says otherwise
     */
    InputStream open(Descriptor descriptor, long offset);

    /** Whether the bytes are far away, so that what arrived of a broken transfer is worth keeping for the next one. */
    default boolean worthResuming() {
        return true;
    }
}
