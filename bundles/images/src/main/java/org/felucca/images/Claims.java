package org.felucca.images;

import java.util.Collection;
import org.felucca.api.lease.Lease;
import org.felucca.oci.digest.Digest;
import org.felucca.oci.image.Descriptor;

/**
 * What one operation makes, put under its lease before it is there. Thread-safe.
 *
 * @param lease the operation's lease
 * @param store the content store's id
 */
record Claims(Lease lease, String store) {
    /** Claims blobs. */
    void claim(Collection<Descriptor> blobs) {
        blobs.forEach(blob -> claim(blob.digest()));
    }

    /** Claims a blob. */
    void claim(Digest digest) {
        lease.add(ImageRecords.content(store, digest));
    }
}
