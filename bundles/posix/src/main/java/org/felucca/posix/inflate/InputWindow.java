package org.felucca.posix.inflate;

import java.io.IOException;
import java.nio.ByteBuffer;

/** What was read from a source and not decoded yet. */
final class InputWindow {

    private static final int SIZE = 128 * 1024;

    private final ByteSource source;
    private final ByteBuffer bytes = ByteBuffer.allocateDirect(SIZE).limit(0);
    private boolean ended;

    InputWindow(ByteSource source) {
        this.source = source;
    }

    /** The window; remaining bytes are to be decoded. */
    ByteBuffer bytes() {
        return bytes;
    }

    /** Reads more unless there is something left. @return false at the end */
    boolean fill() throws IOException {
        if (bytes.hasRemaining()) {
            return true;
        }
        if (ended) {
            return false;
        }
        bytes.clear();
        int count = source.read(bytes);
        bytes.flip();
        ended = count < 0;
        return !ended;
    }

    /** The next byte. */
    int next(String format) throws IOException {
        if (!fill()) {
            throw new CorruptStreamException("the " + format + " stream ends early");
        }
        return bytes.get() & 0xFF;
    }

    /** Skips zeros, which some writers pad with. @return whether something else follows */
    boolean skipZeros() throws IOException {
        while (fill()) {
            if (bytes.get(bytes.position()) != 0) {
                return true;
            }
            bytes.get();
        }
        return false;
    }
}
