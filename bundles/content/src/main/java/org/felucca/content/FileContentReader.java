package org.felucca.content;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.felucca.api.content.ContentReader;
import org.felucca.oci.digest.Digest;

/** Reads a blob through a channel that stays valid when the blob is removed. Reads carry their position. */
final class FileContentReader implements ContentReader {
    private final Digest digest;
    private final FileChannel channel;
    private final long size;

    FileContentReader(Digest digest, FileChannel channel) throws IOException {
        this.digest = digest;
        this.channel = channel;
        this.size = channel.size();
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public int read(ByteBuffer target, long position) {
        try {
            return channel.read(target, position);
        } catch (IOException e) {
            throw Failures.of("cannot read blob " + digest, e);
        }
    }

    @Override
    public InputStream stream() {
        return new PositionStream();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw Failures.of("cannot close blob " + digest, e);
        }
    }

    /** A stream with a position of its own. Confined to one thread. */
    private final class PositionStream extends InputStream {
        private long position;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int count = channel.read(ByteBuffer.wrap(target, offset, length), position);
            position += Math.max(0, count);
            return count;
        }

        @Override
        public long skip(long count) {
            long skipped = Math.max(0, Math.min(count, size - position));
            position += skipped;
            return skipped;
        }

        @Override
        public int available() {
            return (int) Math.min(Integer.MAX_VALUE, size - position);
        }
    }
}
