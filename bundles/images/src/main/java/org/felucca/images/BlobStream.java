package org.felucca.images;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.felucca.api.content.ContentReader;
import org.felucca.api.error.FeluccaException;

/** A blob from some byte on; closing it closes the reader. Confined to one thread. */
final class BlobStream extends InputStream {
    private final ContentReader reader;
    private final Listener listener;
    private long position;

    /** Is told how far the stream was read. */
    @FunctionalInterface
    interface Listener {
        void read(long position);
    }

    BlobStream(ContentReader reader, long offset, Listener listener) {
        this.reader = reader;
        this.position = offset;
        this.listener = listener;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        try {
            int count = reader.read(ByteBuffer.wrap(target, offset, length), position);
            if (count > 0) {
                position += count;
                listener.read(position);
            }
            return count;
        } catch (FeluccaException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        reader.close();
    }
}
