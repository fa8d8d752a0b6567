package org.felucca.layers.apply;

import io.airlift.compress.MalformedInputException;
import io.airlift.compress.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.felucca.posix.inflate.ByteSource;
import org.felucca.posix.inflate.CorruptStreamException;

/** zstd in Java, for hosts without libzstd: windows of up to 8 MiB, which is what {@code zstd -19} writes at most. */
final class JavaUnzstd implements ByteSource {

    private static final int CHUNK = 64 * 1024;

    private final InputStream decoder;
    private final byte[] chunk = new byte[CHUNK];

    JavaUnzstd(ByteSource compressed) {
        this.decoder = new ZstdInputStream(new ZstdFrames(new SourceStream(compressed)));
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        try {
            int count = decoder.read(chunk, 0, Math.min(chunk.length, into.remaining()));
            if (count > 0) {
                into.put(chunk, 0, count);
            }
            return count;
        } catch (MalformedInputException e) {
            throw new CorruptStreamException("the zstd stream is damaged: " + e.getMessage());
        } catch (IOException e) {
            if (e.getClass() == IOException.class) {
                throw new CorruptStreamException("the zstd stream ends early");
            }
            throw e;
        }
    }

    /** A source as the stream that the decoder reads from. */
    private static final class SourceStream extends InputStream {
        private final ByteSource source;
        private final ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK).limit(0);

        SourceStream(ByteSource source) {
            this.source = source;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (!buffer.hasRemaining()) {
                int count = source.read(buffer.clear());
                buffer.flip();
                if (count < 0) {
                    return -1;
                }
            }
            int count = Math.min(length, buffer.remaining());
            buffer.get(bytes, offset, count);
            return count;
        }
    }
}
