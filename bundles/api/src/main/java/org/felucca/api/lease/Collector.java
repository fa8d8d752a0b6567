package org.felucca.api.lease;

import java.util.Set;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.metadata.RecordId;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Collects garbage: snapshots and blobs that no image, container or live lease reaches along the references of records.
 * Core runs it by itself after an image was removed or its name was pointed elsewhere, and at the start of the daemon.
 * Thread-safe; runs that overlap are one.
 */
@ProviderType
public interface Collector {
    /**
     * Collects now, and waits for it.
     *
     * @return what was freed
     * @throws FeluccaException CANCELLED on interrupt (the collection goes on); UNAVAILABLE if the records cannot be
     *     read. A provider that fails is logged and left out
     */
    Freed collect();

    /**
     * Says what a collection would free if these records were gone, and changes nothing.
     *
     * @param without records, such as images, that are taken for removed
     * @throws FeluccaException UNAVAILABLE if the records cannot be read. A provider that fails is logged and left out
     */
    Freed preview(Set<RecordId> without);

    /**
     * What a collection freed, or would free.
     *
     * @param snapshots number of snapshots removed
     * @param blobs number of blobs removed
     * @param blobBytes bytes of those blobs
     */
    record Freed(int snapshots, int blobs, long blobBytes) {
        /** Nothing. */
        public static final Freed NOTHING = new Freed(0, 0, 0);
    }
}
