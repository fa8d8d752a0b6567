package org.felucca.posix.inflate;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Bytes in order, read once. Confined to one thread. */
public interface ByteSource extends AutoCloseable {

    /**
     * Reads into a direct buffer, from its position to at most its limit, and moves its position.
     *
     * @param into has room
     * @return how many bytes, at least one; -1 at the end
     * @throws CorruptStreamException if the bytes below are not what the format says
     * @throws IOException if the source below fails
     */
    int read(ByteBuffer into) throws IOException;

    /** Frees native memory; does not close the source below. Idempotent. */
    @Override
    default void close() {}
}
