package org.felucca.runtime.plan.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;

/** Appends basic types to a growing array. Confined to one thread. */
public final class WireWriter {
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private byte[] bytes;
    private int size;

    /** @param capacity bytes to start with; more are taken as needed */
    public WireWriter(int capacity) {
        this.bytes = new byte[Math.max(capacity, 64)];
    }

    /** Returns how many bytes were written. */
    public int size() {
        return size;
    }

    /** Appends a u16. */
    public WireWriter u16(int value) {
        reserve(2);
        SHORT.set(bytes, size, (short) value);
        size += 2;
        return this;
    }

    /** Appends {@code i}: a u32, given as the int of the same bits. */
    public WireWriter u32(int value) {
        reserve(4);
        INT.set(bytes, size, value);
        size += 4;
        return this;
    }

    /** Appends {@code l}: a u64, given as the long of the same bits. */
    public WireWriter u64(long value) {
        reserve(8);
        LONG.set(bytes, size, value);
        size += 8;
        return this;
    }

    /**
     * Appends {@code s}.
     *
     * @throws IllegalArgumentException if the text holds a zero character
     */
    public WireWriter string(String text) {
        int length = text.length();
        reserve(8 + length);
        int at = size + 4;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c == 0) {
                throw new IllegalArgumentException("a string holds a zero byte: " + text.replace('\0', '?'));
            }
            if (c >= 0x80) {
                return encoded(text);
            }
            bytes[at + i] = (byte) c;
        }
        INT.set(bytes, size, length);
        finish(at + length, 1);
        return this;
    }

    private WireWriter encoded(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a string holds a zero byte: " + text.replace('\0', '?'));
        }
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        reserve(8 + utf8.length);
        INT.set(bytes, size, utf8.length);
        System.arraycopy(utf8, 0, bytes, size + 4, utf8.length);
        finish(size + 4 + utf8.length, 1);
        return this;
    }

    /** Appends {@code b}. */
    public WireWriter bytes(byte[] value) {
        reserve(8 + value.length);
        INT.set(bytes, size, value.length);
        System.arraycopy(value, 0, bytes, size + 4, value.length);
        finish(size + 4 + value.length, 0);
        return this;
    }

    /** Appends {@code v}. */
    public WireWriter strings(Collection<String> values) {
        u32(values.size());
        for (String value : values) {
            string(value);
        }
        return this;
    }

    /** Overwrites the u32 at an offset that was written already. */
    public void patchU32(int offset, int value) {
        if (offset < 0 || offset + 4 > size) {
            throw new IndexOutOfBoundsException("offset " + offset + " of " + size);
        }
        INT.set(bytes, offset, value);
    }

    /** Returns a copy of what was written. */
    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    /** Ends an item: {@code zeros} bytes, and more up to a multiple of four. */
    private void finish(int end, int zeros) {
        int padded = (end + zeros + 3) & ~3;
        reserve(padded - size);
        Arrays.fill(bytes, end, padded, (byte) 0);
        size = padded;
    }

    private void reserve(int more) {
        if (size + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
        }
    }
}
