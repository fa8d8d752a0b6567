package org.felucca.api.content;

import java.util.Optional;
import java.util.function.Consumer;
import org.felucca.api.error.FeluccaException;
import org.felucca.oci.digest.Digest;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Keeps blobs by digest. Implementations are thread-safe, carry a {@link org.felucca.api.plugin.PluginId} and pass the
 * contract suite {@code org.felucca.tck.content}.
 *
 * <p>The store knows nothing of images and collects no garbage by itself: whoever removes a blob has made sure that
 * nothing refers to it.
 */
@ConsumerType
public interface ContentStore {
    /**
     * Opens an ingest, new or left by an earlier attempt.
     *
     * @throws FeluccaException ABORTED if another writer has it open
     */
    ContentWriter writer(IngestRef ref);

    /**
     * Opens a blob.
     *
     * @throws FeluccaException NOT_FOUND if it is not there
     */
    ContentReader reader(Digest digest);

    /** Returns what is known of a blob, if it is there. */
    Optional<ContentInfo> stat(Digest digest);

    /** Visits every blob as of the call. */
    void walk(Consumer<? super ContentInfo> visitor);

    /** Visits every ingest as of the call. */
    void walkIngests(Consumer<? super IngestInfo> visitor);

    /**
     * Removes a blob. Readers that are open keep reading.
     *
     * @throws FeluccaException NOT_FOUND if it is not there
     */
    void remove(Digest digest);

    /**
     * Drops an ingest that nobody writes.
     *
     * @throws FeluccaException NOT_FOUND if it is not there; ABORTED if a writer has it open
     */
    void abort(IngestRef ref);
}
