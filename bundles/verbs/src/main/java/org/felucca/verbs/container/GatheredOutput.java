package org.felucca.verbs.container;

import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Gathers short pieces for two streams into long writes, since every write to a client is a frame of its own. The order
 * between the streams stays. Confined to one thread.
 */
final class GatheredOutput {
    private static final int SIZE = 16 * 1024;

    private final byte[] gathered = new byte[SIZE];
    private int count;
    private @Nullable OutputStream target;

    /** Takes a piece for a stream; what was gathered for another one is written first. */
    void write(OutputStream out, byte[] piece) throws IOException {
        if (out != target || piece.length > SIZE - count) {
            flush();
            target = out;
        }
        if (piece.length > SIZE) {
            out.write(piece);
            return;
        }
        System.arraycopy(piece, 0, gathered, count, piece.length);
        count += piece.length;
    }

    /** Writes what was gathered. */
    void flush() throws IOException {
        int length = count;
        count = 0;
        if (target != null && length > 0) {
            target.write(gathered, 0, length);
        }
    }
}
