package org.felucca.api.content;

import java.io.InputStream;
import java.nio.ByteBuffer;
import org.felucca.api.error.FeluccaException;
import org.osgi.annotation.versioning.ConsumerType;

/** Random access to a blob. Thread-safe: reads carry their position. A blob removed meanwhile stays readable. */
@ConsumerType
public interface ContentReader extends AutoCloseable {
    /** Returns the length in bytes. */
    long size();

    /**
     * Reads into the buffer.
     *
     * @param target where to put bytes
     * @param position offset in the blob, 0 or more
     * @return the number of bytes read, at least 1 unless the buffer is full; -1 at the end
     * @throws FeluccaException INTERNAL if the storage fails
     */
    int read(ByteBuffer target, long position);

    /** Returns a stream over the whole blob from its beginning; closing it does not close this reader. */
    InputStream stream();

    @Override
    void close();
}
