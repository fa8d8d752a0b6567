package org.felucca.images.source;

import io.airlift.compress.MalformedInputException;
import io.airlift.compress.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/** Decompresses by the first bytes: gzip of any number of members, zstd, or nothing at all. */
public final class Decompression {
    private static final int BUFFER = 256 << 10;

    private Decompression() {}

    /**
     * Opens the plain bytes; closing them closes the stream below.
     *
     * @throws IOException if the first bytes cannot be read, or are of a compression that nobody reads here
     */
    public static InputStream of(InputStream in) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(in, BUFFER);
        buffered.mark(4);
        byte[] start = buffered.readNBytes(4);
        buffered.reset();
        return switch (Magic.of(start)) {
            // It takes a member's end for the end of all unless more bytes are announced.
            case GZIP -> new GZIPInputStream(new Announcing(buffered), 64 << 10);
            case ZSTD -> new Malformed(new ZstdInputStream(buffered));
            case XZ, BZIP2 ->
                throw new IOException("it is compressed with "
                        + Magic.of(start).name().toLowerCase(Locale.ROOT) + ", which is not read here");
            case OTHER -> buffered;
        };
    }

    /** Says that there is more unless there is not. */
    private static final class Announcing extends FilterInputStream {
        private final BufferedInputStream buffered;

        Announcing(BufferedInputStream in) {
            super(in);
            this.buffered = in;
        }

        @Override
        public int available() throws IOException {
            buffered.mark(1);
            int next = buffered.read();
            buffered.reset();
            return next < 0 ? 0 : 1;
        }
    }

    /** Tells of malformed input as all streams do. */
    private static final class Malformed extends FilterInputStream {
        Malformed(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            try {
                return super.read(target, offset, length);
            } catch (MalformedInputException e) {
                throw new IOException(e.getMessage(), e);
            }
        }
    }
}
