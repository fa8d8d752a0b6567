package org.felucca.posix.libc;

import com.kenai.jffi.MemoryIO;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Native memory of one thread for the arguments of the call it is about to make: paths, structs, small results.
 * Taking the scratch ({@link #begin}) forgets what the previous call put there, so no address survives a call.
 * Allocates nothing after the thread's first use, unless an argument is larger than the block.
 *
 * <p>Strings are file names: bytes that are not UTF-8 travel as lone surrogates U+DC80 to U+DCFF and come back
 * unharmed.
 */
public final class Scratch {

    private static final int SIZE = 32 * 1024;
    private static final int ALIGNMENT = 8;
    private static final MemoryIO MEMORY = MemoryIO.getInstance();
    private static final ThreadLocal<Scratch> OF_THREAD = ThreadLocal.withInitial(Scratch::new);

    private ByteBuffer block = ByteBuffer.allocateDirect(SIZE);
    private long start = MEMORY.getDirectBufferAddress(block);
    private int used;
    /** Blocks that were outgrown within the current call, and whose addresses are still in use. */
    private final java.util.ArrayList<ByteBuffer> outgrown = new java.util.ArrayList<>(0);

    private Scratch() {}

    /** The calling thread's scratch, emptied. */
    public static Scratch begin() {
        Scratch scratch = OF_THREAD.get();
        scratch.used = 0;
        if (!scratch.outgrown.isEmpty()) {
            scratch.outgrown.clear();
        }
        return scratch;
    }

    /** Reserves {@code size} bytes, not cleared, aligned to eight. */
    public long reserve(int size) {
        int from = (used + ALIGNMENT - 1) & -ALIGNMENT;
        if (from > block.capacity() - size) {
            outgrown.add(block);
            block = ByteBuffer.allocateDirect(Math.max(2 * block.capacity(), used + size + ALIGNMENT));
            start = MEMORY.getDirectBufferAddress(block);
            from = 0;
        }
        used = from + size;
        return start + from;
    }

    /** Reserves {@code size} bytes of zeros. */
    public long zeros(int size) {
        long address = reserve(size);
        MEMORY.setMemory(address, size, (byte) 0);
        return address;
    }

    /** Places a C string. */
    public long string(String text) {
        int length = text.length();
        long address = reserve(length + 1);
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= 0x80 || c == 0) {
                return bytes(encode(text));
            }
            MEMORY.putByte(address + i, (byte) c);
        }
        MEMORY.putByte(address + length, (byte) 0);
        return address;
    }

    /** Places bytes and a terminating zero. */
    public long bytes(byte[] bytes) {
        long address = reserve(bytes.length + 1);
        MEMORY.putByteArray(address, bytes, 0, bytes.length);
        MEMORY.putByte(address + bytes.length, (byte) 0);
        return address;
    }

    public static void putInt(long address, int value) {
        MEMORY.putInt(address, value);
    }

    public static void putLong(long address, long value) {
        MEMORY.putLong(address, value);
    }

    public static void putShort(long address, short value) {
        MEMORY.putShort(address, value);
    }

    public static void putByte(long address, byte value) {
        MEMORY.putByte(address, value);
    }

    public static int getInt(long address) {
        return MEMORY.getInt(address);
    }

    public static long getLong(long address) {
        return MEMORY.getLong(address);
    }

    public static short getShort(long address) {
        return MEMORY.getShort(address);
    }

    public static byte getByte(long address) {
        return MEMORY.getByte(address);
    }

    public static byte[] getBytes(long address, int length) {
        byte[] bytes = new byte[length];
        MEMORY.getByteArray(address, bytes, 0, length);
        return bytes;
    }

    /** A name of {@code length} bytes. */
    public static String getString(long address, int length) {
        return decode(getBytes(address, length));
    }

    /** A name that ends at a zero byte. */
    public static String getCString(long address) {
        return getString(address, (int) MEMORY.getStringLength(address));
    }

    /** The address of a direct buffer's first byte, whatever its position. */
    public static long address(ByteBuffer direct) {
        if (!direct.isDirect()) {
            throw new IllegalArgumentException("a direct buffer is needed");
        }
        return MEMORY.getDirectBufferAddress(direct);
    }

    /** UTF-8, with U+DC80..U+DCFF standing for single bytes that are not. */
    public static byte[] encode(String name) {
        if (name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a file name holds a zero byte: " + name.replace('\0', '?'));
        }
        byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
        if (!hasEscape(name)) {
            return utf8;
        }
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream(name.length() + 16);
        int from = 0;
        for (int i = 0; i < name.length(); i++) {
            if (isEscape(name, i)) {
                out.writeBytes(name.substring(from, i).getBytes(StandardCharsets.UTF_8));
                out.write(name.charAt(i) - 0xDC00);
                from = i + 1;
            }
        }
        out.writeBytes(name.substring(from).getBytes(StandardCharsets.UTF_8));
        return out.toByteArray();
    }

    /** The inverse of {@link #encode}: total, and lossless. */
    public static String decode(byte[] bytes) {
        for (byte b : bytes) {
            if (b < 0) {
                return decodeSlowly(bytes);
            }
        }
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static String decodeSlowly(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (text.indexOf('\uFFFD') < 0) {
            return text;
        }
        java.nio.charset.CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        java.nio.CharBuffer out = java.nio.CharBuffer.allocate(bytes.length);
        while (true) {
            java.nio.charset.CoderResult result = decoder.decode(in, out, true);
            if (!result.isError()) {
                break;
            }
            for (int i = 0; i < result.length(); i++) {
                out.put((char) (0xDC00 + (in.get() & 0xFF)));
            }
        }
        return out.flip().toString();
    }

    private static boolean hasEscape(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (isEscape(name, i)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isEscape(String name, int at) {
        char c = name.charAt(at);
        return c >= 0xDC80 && c <= 0xDCFF && (at == 0 || !Character.isHighSurrogate(name.charAt(at - 1)));
    }
}
