package org.felucca.posix.inflate;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.felucca.posix.libc.NativeLibrary;
import org.felucca.posix.libc.Scratch;

/**
 * gzip by ISA-L's {@code isal_inflate}, about twice as fast as zlib. The fields of {@code struct inflate_state} stand
 * as in {@code libisal.so.2}; whether the library on this host agrees is tried once, with a stream of two members and
 * with a damaged one, before it is used for anything.
 *
 * @see <a href="https://github.com/intel/isa-l/blob/v2.30.0/include/igzip_lib.h">igzip_lib.h</a>
 */
final class IsalGunzip implements ByteSource {

    private static final int STATE_SIZE = 87_368;
    /** Room for a state that has grown, so that the trial of an unknown library stays in its memory. */
    private static final int STATE_ROOM = 4 * STATE_SIZE;

    private static final int NEXT_OUT = 0;
    private static final int AVAIL_OUT = 8;
    private static final int NEXT_IN = 16;
    private static final int AVAIL_IN = 32;
    private static final int BLOCK_STATE = 21_160;
    private static final int CRC_FLAG = 21_172;
    private static final int GZIP = 1;
    private static final int FINISH = 5;

    /** The functions, once the trial has succeeded. */
    private static final class Functions {
        private static final long INIT;
        private static final long RESET;
        private static final long INFLATE;
        private static final boolean WORKS;

        static {
            NativeLibrary library = NativeLibrary.open("libisal.so.2").orElse(null);
            INIT = library == null ? 0 : library.function("isal_inflate_init");
            RESET = library == null ? 0 : library.function("isal_inflate_reset");
            INFLATE = library == null ? 0 : library.function("isal_inflate");
            WORKS = library != null && works(INIT, RESET, INFLATE);
        }
    }

    private final InputWindow input;
    private final long init;
    private final long reset;
    private final long inflate;
    private final ByteBuffer memory = ByteBuffer.allocateDirect(STATE_ROOM);
    private final long state = Scratch.address(memory);
    private boolean inMember;
    private boolean any;

    IsalGunzip(ByteSource compressed) {
        this(compressed, Functions.INIT, Functions.RESET, Functions.INFLATE);
    }

    private IsalGunzip(ByteSource compressed, long init, long reset, long inflate) {
        this.input = new InputWindow(compressed);
        this.init = init;
        this.reset = reset;
        this.inflate = inflate;
        NativeLibrary.call(init, state);
    }

    static boolean isAvailable() {
        return Functions.WORKS;
    }

    private static boolean works(long init, long reset, long inflate) {
        try {
            byte[] text = "felucca ".repeat(1000).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            byte[] member = gzip(text);
            byte[] two = Arrays.copyOf(member, 2 * member.length);
            System.arraycopy(member, 0, two, member.length, member.length);
            byte[] decoded = decode(new IsalGunzip(source(two), init, reset, inflate), 3 * text.length);
            byte[] expected = Arrays.copyOf(text, 2 * text.length);
            System.arraycopy(text, 0, expected, text.length, text.length);
            if (!Arrays.equals(expected, decoded)) {
                return false;
            }
            member[member.length - 8] ^= 1;
            try {
                decode(new IsalGunzip(source(member), init, reset, inflate), 2 * text.length);
                return false;
            } catch (CorruptStreamException damageFound) {
                return true;
            }
        } catch (IOException e) {
            return false;
        }
    }

    private static byte[] gzip(byte[] text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text);
        }
        return bytes.toByteArray();
    }

    private static ByteSource source(byte[] bytes) {
        ByteBuffer left = ByteBuffer.wrap(bytes);
        return into -> {
            if (!left.hasRemaining()) {
                return -1;
            }
            int count = Math.min(left.remaining(), into.remaining());
            into.put(left.slice(left.position(), count));
            left.position(left.position() + count);
            return count;
        };
    }

    private static byte[] decode(ByteSource source, int room) throws IOException {
        ByteBuffer out = ByteBuffer.allocateDirect(room);
        while (out.hasRemaining() && source.read(out) >= 0) {
            // until the end
        }
        byte[] bytes = new byte[out.flip().remaining()];
        out.get(bytes);
        return bytes;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        int start = into.position();
        while (into.position() == start) {
            if (!inMember && !begin()) {
                return -1;
            }
            boolean more = input.fill();
            ByteBuffer bytes = input.bytes();
            long in = Scratch.address(bytes) + bytes.position();
            long out = Scratch.address(into) + start;
            Scratch.putLong(state + NEXT_IN, in);
            Scratch.putInt(state + AVAIL_IN, bytes.remaining());
            Scratch.putLong(state + NEXT_OUT, out);
            Scratch.putInt(state + AVAIL_OUT, into.remaining());
            int result = (int) NativeLibrary.call(inflate, state);
            if (result < 0) {
                throw new CorruptStreamException("the gzip stream is damaged: isa-l says " + result);
            }
            bytes.position(bytes.limit() - Scratch.getInt(state + AVAIL_IN));
            into.position(into.limit() - Scratch.getInt(state + AVAIL_OUT));
            if (Scratch.getInt(state + BLOCK_STATE) == FINISH) {
                inMember = false;
            } else if (!more && into.position() == start) {
                throw new CorruptStreamException("the gzip stream ends early");
            }
        }
        return into.position() - start;
    }

    /** Begins the next member. @return false if there is none */
    private boolean begin() throws IOException {
        if (!(any ? input.skipZeros() : input.fill())) {
            if (!any) {
                throw new CorruptStreamException("the gzip stream is empty");
            }
            return false;
        }
        if (input.bytes().get(input.bytes().position()) != 0x1F) {
            throw new CorruptStreamException(any ? "bytes follow the gzip stream" : "this is no gzip stream");
        }
        NativeLibrary.call(any ? reset : init, state);
        Scratch.putInt(state + CRC_FLAG, GZIP);
        any = true;
        inMember = true;
        return true;
    }
}
