package org.felucca.posix.inflate;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.felucca.posix.libc.NativeLibrary;
import org.felucca.posix.libc.Scratch;

/**
 * Decodes zstd (RFC 8878) by the host's libzstd: frames one after another, skippable ones included. Windows of up to
 * 128 MiB are taken, the most that zstd itself writes without {@code --long}.
 */
public final class Unzstd implements ByteSource {

    private static final int OUT = 0;
    private static final int IN = 24;
    private static final int BUFFERS_SIZE = 48;

    /** The library's functions. */
    private static final class Functions {
        private static final Optional<NativeLibrary> LIBRARY = NativeLibrary.open("libzstd.so.1");
        private static final long CREATE = function("ZSTD_createDStream");
        private static final long FREE = function("ZSTD_freeDStream");
        private static final long DECOMPRESS = function("ZSTD_decompressStream");
        private static final long IS_ERROR = function("ZSTD_isError");
        private static final long ERROR_NAME = function("ZSTD_getErrorName");

        private static long function(String name) {
            return LIBRARY.map(library -> library.function(name)).orElse(0L);
        }
    }

    private final InputWindow input;
    private final ByteBuffer memory = ByteBuffer.allocateDirect(BUFFERS_SIZE);
    private final long buffers = Scratch.address(memory);
    private long stream;
    /** What the library still expects: 0 between frames. */
    private long expected;

    private boolean any;

    private Unzstd(ByteSource compressed) {
        this.input = new InputWindow(compressed);
        this.stream = NativeLibrary.call(Functions.CREATE, 0);
        if (stream == 0) {
            throw new OutOfMemoryError("libzstd has no memory for a stream");
        }
    }

    /** A decoder, where the host has libzstd. Close it: it holds native memory. */
    public static Optional<ByteSource> of(ByteSource compressed) {
        return Functions.LIBRARY.map(library -> new Unzstd(compressed));
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        if (stream == 0) {
            throw new IOException("the decoder is closed");
        }
        int start = into.position();
        while (into.position() == start) {
            boolean more = input.fill();
            if (!more && expected == 0) {
                if (!any) {
                    throw new CorruptStreamException("the zstd stream is empty");
                }
                return -1;
            }
            ByteBuffer bytes = input.bytes();
            put(OUT, Scratch.address(into) + start, into.remaining());
            put(IN, Scratch.address(bytes) + bytes.position(), bytes.remaining());
            expected = NativeLibrary.call(Functions.DECOMPRESS, stream, buffers + OUT, buffers + IN, 0, 0, 0);
            if ((int) NativeLibrary.call(Functions.IS_ERROR, expected) != 0) {
                String name = Scratch.getCString(NativeLibrary.call(Functions.ERROR_NAME, expected));
                throw new CorruptStreamException(
                        "the zstd stream is damaged: " + name.toLowerCase(java.util.Locale.ROOT));
            }
            any = true;
            int produced = (int) Scratch.getLong(buffers + OUT + 16);
            bytes.position(bytes.position() + (int) Scratch.getLong(buffers + IN + 16));
            into.position(start + produced);
            if (!more && produced == 0 && expected != 0) {
                throw new CorruptStreamException("the zstd stream ends early");
            }
        }
        return into.position() - start;
    }

    private void put(int at, long address, int size) {
        Scratch.putLong(buffers + at, address);
        Scratch.putLong(buffers + at + 8, size);
        Scratch.putLong(buffers + at + 16, 0);
    }

    @Override
    public void close() {
        if (stream != 0) {
            NativeLibrary.call(Functions.FREE, stream);
            stream = 0;
        }
    }
}
