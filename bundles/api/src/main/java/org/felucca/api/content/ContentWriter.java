package org.felucca.api.content;

import java.nio.ByteBuffer;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.oci.digest.Digest;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * An ingest that is being written. Confined to one thread at a time but for {@link #read}, {@link #offset} and
 * {@link #writeAhead}. Closing it without a commit keeps what arrived, to be resumed by the same reference;
 * {@link #abort()} drops it.
 */
@ConsumerType
public interface ContentWriter extends AutoCloseable {
    /**
     * Returns the number of bytes the ingest has without a gap; more than 0 at the beginning when it was resumed. May be
     * called from any thread.
     */
    long offset();

    /**
     * Appends the remaining bytes of the buffer.
     *
     * @throws FeluccaException RESOURCE_EXHAUSTED if the disk is full; INTERNAL if the storage fails;
     *     FAILED_PRECONDITION if bytes written ahead are waiting
     */
    void write(ByteBuffer source);

    /** Returns {@code true} if pieces can arrive side by side, by {@link #writeAhead}. */
    default boolean writesAhead() {
        return false;
    }

    /**
     * Writes the remaining bytes of the buffer to a place of their own at or past {@link #offset()}, so that pieces of a
     * blob can arrive side by side. The offset grows when all bytes before a piece are there; what lies past it can be
     * neither read nor committed, is dropped by {@link #truncate}, {@link #close} and a crash, and keeps {@link #write}
     * away. May be called from any thread while no other method but {@link #read} and {@link #offset} runs; pieces must
     * not overlap.
     *
     * @param position where the first byte goes
     * @throws FeluccaException UNSUPPORTED if {@link #writesAhead} says no; INVALID_ARGUMENT if bytes are there already;
     *     otherwise as {@link #write}
     */
    default void writeAhead(ByteBuffer source, long position) {
        throw new FeluccaException(
                ErrorCode.UNSUPPORTED,
                "cannot write ahead of the bytes that arrived",
                "this content store takes bytes in order only",
                "write them in order");
    }

    /**
     * Reads back bytes that arrived but are not verified yet, so that a layer can be unpacked while it is downloaded.
     * May be called from any thread, for positions below an {@link #offset()} that happened before.
     *
     * @param target where to put bytes
     * @param position offset in the ingest, 0 or more
     * @return the number of bytes read; -1 at or past the end
     * @throws FeluccaException FAILED_PRECONDITION if the writer was committed, aborted or closed; INTERNAL if the
     *     storage fails
     */
    int read(ByteBuffer target, long position);

    /**
     * Drops the bytes from {@code size} on, so that a transfer can restart.
     *
     * @throws FeluccaException INVALID_ARGUMENT if it has fewer bytes
     */
    void truncate(long size);

    /**
     * Makes the bytes visible as a blob, durably, once their digest and length are what the caller expects. If the
     * blob is there already the ingest is dropped and the existing blob returned.
     *
     * @throws FeluccaException DATA_LOSS if digest or length differ (the ingest is dropped, since resuming cannot mend
     *     it); RESOURCE_EXHAUSTED if the disk is full (the ingest stays); INTERNAL if the storage fails (the ingest is
     *     dropped if its bytes may not have reached the disk)
     */
    ContentInfo commit(Digest digest, long size);

    /** Drops the ingest with all that arrived. */
    void abort();

    @Override
    void close();
}
