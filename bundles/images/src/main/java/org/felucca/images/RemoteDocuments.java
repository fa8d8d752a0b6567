package org.felucca.images;

import java.io.IOException;
import java.io.InputStream;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.images.source.BlobSource;
import org.felucca.oci.image.Descriptor;
import org.felucca.oci.json.JsonLimits;

/** Documents from afar, whole and verified, in memory alone. Thread-safe if its source is. */
final class RemoteDocuments {
    private final String subject;
    private final BlobSource source;

    RemoteDocuments(String subject, BlobSource source) {
        this.subject = subject;
        this.source = source;
    }

    /**
     * Fetches a document.
     *
     * @throws FeluccaException NOT_FOUND if it is not there; DATA_LOSS if it is not what the digest says;
     *     RESOURCE_EXHAUSTED if it is too large; UNAVAILABLE if the transfer fails
     */
    byte[] fetch(Descriptor descriptor) {
        Blobs.requireDocumentSize(subject, descriptor);
        try (InputStream in = source.open(descriptor, 0)) {
            byte[] document = in.readNBytes(JsonLimits.DEFAULT.bytes() + 1);
            Blobs.requireDigest(subject, descriptor, document);
            return document;
        } catch (IOException e) {
            if (e.getCause() instanceof FeluccaException cause) {
                throw cause;
            }
            throw new FeluccaException(
                    ErrorCode.UNAVAILABLE, subject, "the transfer failed: " + e.getMessage(), "try again", e);
        }
    }
}
