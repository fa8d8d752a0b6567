package org.felucca.posix.inflate;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** gzip by the JDK's inflater, with framing of our own: {@code GZIPInputStream} knows no direct buffers. */
final class JdkGunzip implements ByteSource {

    private static final String FORMAT = "gzip";
    private static final int MAGIC_1 = 0x1F;
    private static final int MAGIC_2 = 0x8B;
    private static final int DEFLATE = 8;
    private static final int HEADER_CRC = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;

    private final InputWindow input;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 checksum = new CRC32();
    private long length;
    private boolean inMember;
    private boolean any;

    JdkGunzip(ByteSource compressed) {
        this.input = new InputWindow(compressed);
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        while (true) {
            if (!inMember) {
                if (!(any ? input.skipZeros() : input.fill())) {
                    if (!any) {
                        throw new CorruptStreamException("the gzip stream is empty");
                    }
                    return -1;
                }
                readHeader();
            }
            int count = inflate(into);
            if (inflater.finished()) {
                readTrailer();
            }
            if (count > 0) {
                return count;
            }
        }
    }

    private int inflate(ByteBuffer into) throws IOException {
        int start = into.position();
        try {
            while (true) {
                int count = inflater.inflate(into);
                if (count > 0 || inflater.finished()) {
                    checksum.update(into.duplicate().flip().position(start));
                    length += count;
                    return count;
                }
                if (inflater.needsDictionary()) {
                    throw new CorruptStreamException("the gzip stream asks for a dictionary");
                }
                if (!input.fill()) {
                    throw new CorruptStreamException("the gzip stream ends early");
                }
                inflater.setInput(input.bytes());
            }
        } catch (DataFormatException e) {
            throw new CorruptStreamException("the gzip stream is damaged: " + e.getMessage());
        }
    }

    private void readHeader() throws IOException {
        if (input.next(FORMAT) != MAGIC_1 || input.next(FORMAT) != MAGIC_2) {
            throw new CorruptStreamException(any ? "bytes follow the gzip stream" : "this is no gzip stream");
        }
        if (input.next(FORMAT) != DEFLATE) {
            throw new CorruptStreamException("the gzip stream uses an unknown method");
        }
        int flags = input.next(FORMAT);
        for (int i = 0; i < 6; i++) {
            input.next(FORMAT);
        }
        if ((flags & EXTRA) != 0) {
            int extra = input.next(FORMAT) | input.next(FORMAT) << 8;
            for (int i = 0; i < extra; i++) {
                input.next(FORMAT);
            }
        }
        skipText(flags & NAME);
        skipText(flags & COMMENT);
        if ((flags & HEADER_CRC) != 0) {
            input.next(FORMAT);
            input.next(FORMAT);
        }
        inflater.reset();
        inflater.setInput(input.bytes());
        checksum.reset();
        length = 0;
        inMember = true;
        any = true;
    }

    private void skipText(int present) throws IOException {
        while (present != 0 && input.next(FORMAT) != 0) {
            // until the text's end
        }
    }

    private void readTrailer() throws IOException {
        long crc = 0;
        long size = 0;
        for (int i = 0; i < 32; i += 8) {
            crc |= (long) input.next(FORMAT) << i;
        }
        for (int i = 0; i < 32; i += 8) {
            size |= (long) input.next(FORMAT) << i;
        }
        if (crc != checksum.getValue() || size != (length & 0xFFFFFFFFL)) {
            throw new CorruptStreamException("the gzip stream is damaged: its checksum is wrong");
        }
        inMember = false;
    }

    @Override
    public void close() {
        inflater.end();
    }
}
