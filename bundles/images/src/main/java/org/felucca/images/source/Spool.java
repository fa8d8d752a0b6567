package org.felucca.images.source;

import java.io.IOException;
import java.io.InputStream;
import org.felucca.oci.digest.Digest;
import org.felucca.oci.image.Descriptor;
import org.jspecify.annotations.Nullable;

/** Takes the files of an archive into the content store. */
public interface Spool {
    /**
     * Stores a file.
     *
     * @param in its bytes, read to the end
     * @param expected the digest it must have; null to compute it
     * @return what was stored
     * @throws IOException what the stream throws
     * @throws org.felucca.api.error.FeluccaException DATA_LOSS if the digest is another one
     */
    Stored store(InputStream in, @Nullable Digest expected) throws IOException;

    /** Reads back a document that was stored. */
    byte[] document(Descriptor descriptor);

    /**
     * A file that was stored.
     *
     * @param digest its digest
     * @param size its length
     * @param magic its first four bytes as a big-endian number; 0 if it is shorter
     */
    record Stored(Digest digest, long size, int magic) {}
}
