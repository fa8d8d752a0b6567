package org.felucca.layers.apply;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.felucca.posix.inflate.CorruptStreamException;

/**
 * A zstd stream without its skippable frames, which the decoder in Java does not know; {@code zstd:chunked} keeps its
 * index in them. Damage passes through as it is: the decoder finds it.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8878#section-3.1">RFC 8878, Frames</a>
 */
final class ZstdFrames extends InputStream {

    private static final int MAGIC = 0xFD2FB528;
    private static final int SKIPPABLE = 0x184D2A50;
    private static final int SKIPPABLE_MASK = 0xFFFFFFF0;
    private static final int[] DICTIONARY_ID_SIZES = {0, 1, 2, 4};
    private static final int[] CONTENT_SIZES = {0, 2, 4, 8};
    private static final int BLOCK_HEADER = 3;
    private static final int RUN = 1;
    private static final int CHECKSUM = 4;

    private final InputStream in;
    /** Headers that were read and not delivered yet. */
    private byte[] header = {};

    private int delivered;
    /** How many bytes after the header need not be looked at. */
    private long plain;

    private boolean inFrame;
    private boolean checksum;

    ZstdFrames(InputStream in) {
        this.in = in;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        while (delivered == header.length && plain == 0) {
            if (!(inFrame ? nextBlock() : nextFrame())) {
                return -1;
            }
        }
        if (delivered < header.length) {
            int count = Math.min(length, header.length - delivered);
            System.arraycopy(header, delivered, bytes, offset, count);
            delivered += count;
            return count;
        }
        int count = in.read(bytes, offset, (int) Math.min(length, plain));
        plain -= Math.max(0, count);
        return count;
    }

    private boolean nextFrame() throws IOException {
        byte[] magic = in.readNBytes(4);
        deliver(magic);
        if (magic.length == 4 && (little(magic) & SKIPPABLE_MASK) == SKIPPABLE) {
            deliver(new byte[0]);
            skip();
            return true;
        }
        if (magic.length < 4 || little(magic) != MAGIC) {
            plain = Long.MAX_VALUE;
            return magic.length > 0;
        }
        int descriptor = in.read();
        boolean singleSegment = (descriptor & 0x20) != 0;
        int sizeFlag = descriptor >> 6 & 3;
        int rest = (singleSegment ? 0 : 1)
                + DICTIONARY_ID_SIZES[descriptor & 3]
                + (singleSegment && sizeFlag == 0 ? 1 : CONTENT_SIZES[sizeFlag]);
        checksum = (descriptor & 4) != 0;
        inFrame = true;
        if (descriptor >= 0) {
            deliver(concat(concat(magic, new byte[] {(byte) descriptor}), in.readNBytes(rest)));
        }
        return true;
    }

    private void skip() throws IOException {
        try {
            byte[] size = in.readNBytes(4);
            in.skipNBytes(size.length < 4 ? 1 : little(size) & 0xFFFF_FFFFL);
        } catch (EOFException e) {
            throw new CorruptStreamException("the zstd stream ends early");
        }
    }

    private boolean nextBlock() throws IOException {
        byte[] block = in.readNBytes(BLOCK_HEADER);
        deliver(block);
        if (block.length < BLOCK_HEADER) {
            plain = Long.MAX_VALUE;
            return block.length > 0;
        }
        int bits = (block[0] & 0xFF) | (block[1] & 0xFF) << 8 | (block[2] & 0xFF) << 16;
        boolean last = (bits & 1) != 0;
        plain = (bits >> 1 & 3) == RUN ? 1 : bits >> 3;
        if (last) {
            plain += checksum ? CHECKSUM : 0;
            inFrame = false;
        }
        return true;
    }

    private void deliver(byte[] bytes) {
        header = bytes;
        delivered = 0;
    }

    private static byte[] concat(byte[] one, byte[] other) {
        byte[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }

    private static int little(byte[] bytes) {
        return (bytes[0] & 0xFF) | (bytes[1] & 0xFF) << 8 | (bytes[2] & 0xFF) << 16 | bytes[3] << 24;
    }
}
