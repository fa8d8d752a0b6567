package org.felucca.images;

import java.util.List;
import org.felucca.api.lease.Lease;
import org.felucca.oci.digest.Digest;
import org.felucca.oci.image.Descriptor;
import org.felucca.oci.image.MediaType;

/**
 * What one operation makes, told to garbage collection before it is there: under the lease while the operation runs,
 * and as a record nothing refers to if it never gets further. Thread-safe.
 */
final class Claims {
    private static final MediaType UNKNOWN = new MediaType("application/octet-stream");

    private final ImageRecords records;
    private final Lease lease;
    private final String store;

    Claims(ImageRecords records, Lease lease, String store) {
        this.records = records;
        this.lease = lease;
        this.store = store;
    }

    Lease lease() {
        return lease;
    }

    /** Claims blobs. */
    void claim(List<Descriptor> blobs) {
        blobs.forEach(blob -> lease.add(ImageRecords.content(store, blob.digest())));
        records.announce(store, blobs);
    }

    /** Claims a blob of which only the digest is known. */
    void claim(Digest digest, long size) {
        claim(List.of(Descriptor.of(UNKNOWN, digest, size)));
    }
}
