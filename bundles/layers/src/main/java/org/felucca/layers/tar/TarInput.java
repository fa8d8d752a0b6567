package org.felucca.layers.tar;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Bytes of an archive, as they come. Confined to one thread. */
public interface TarInput {

    /**
     * The bytes at hand, in a direct buffer; who takes some moves its position. Blocks until there are some.
     *
     * @return a buffer with at least a byte remaining; null at the end
     */
    @Nullable
    ByteBuffer window() throws IOException;
}
