package org.felucca.images.source;

import java.io.InputStream;
import java.util.Optional;
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

    /**
     * Opens a part of a blob.
     *
     * @param offset first byte wanted
     * @param length how many bytes, 1 or more
     * @return those bytes, unverified; empty if this blob is given as a whole only
     * @throws org.felucca.api.error.FeluccaException as {@link #open}
     */
    default Optional<InputStream> openPart(Descriptor descriptor, long offset, long length) {
        return Optional.empty();
    }

    /** Whether the bytes are far away, so that what arrived of a broken transfer is worth keeping for the next one. */
    default boolean worthResuming() {
        return true;
    }
}
