package org.felucca.runtime.engine.dbus;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * Writes values in the wire format, little-endian, beginning at a multiple of eight bytes. What is written is for the
 * caller to keep in step with the signature that it gives. Not thread-safe.
 */
public final class Marshal {
    private static final int LONGEST_ARRAY = 1 << 26;

    private byte[] bytes = new byte[256];
    private int size;
    private final Deque<int[]> arrays = new ArrayDeque<>();

    private void align(int to) {
        int padded = (size + to - 1) & -to;
        reserve(padded - size);
        size = padded;
    }

    private void reserve(int more) {
        if (size + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more));
        }
    }

    private void put(long value, int width) {
        align(width);
        reserve(width);
        putAt(size, value, width);
        size += width;
    }

    private void putAt(int at, long value, int width) {
        for (int i = 0; i < width; i++) {
            bytes[at + i] = (byte) (value >>> (8 * i));
        }
    }

    /** {@code y}. */
    public Marshal u8(int value) {
        put(value, 1);
        return this;
    }

    /** {@code b}. */
    public Marshal bool(boolean value) {
        put(value ? 1 : 0, 4);
        return this;
    }

    /** {@code u}. */
    public Marshal u32(long value) {
        put(value, 4);
        return this;
    }

    /** {@code t}. */
    public Marshal u64(long value) {
        put(value, 8);
        return this;
    }

    /** {@code s} and {@code o}. */
    public Marshal string(String value) {
        byte[] text = value.getBytes(StandardCharsets.UTF_8);
        put(text.length, 4);
        raw(text);
        return u8(0);
    }

    /** {@code g}. */
    public Marshal signature(String value) {
        byte[] text = value.getBytes(StandardCharsets.US_ASCII);
        u8(text.length);
        raw(text);
        return u8(0);
    }

    /** {@code ay}. */
    public Marshal blob(byte[] value) {
        put(value.length, 4);
        raw(value);
        return this;
    }

    private void raw(byte[] value) {
        reserve(value.length);
        System.arraycopy(value, 0, bytes, size, value.length);
        size += value.length;
    }

    /** {@code as}. */
    public Marshal strings(List<String> values) {
        beginArray(4);
        values.forEach(this::string);
        return endArray();
    }

    /** Begins a structure, or an entry of a dictionary; its members follow. */
    public Marshal struct() {
        align(8);
        return this;
    }

    /** Begins a variant; the one value of that signature follows. */
    public Marshal variant(String signature) {
        return signature(signature);
    }

    /** Begins an array; its elements follow, then {@link #endArray}. @param alignment of an element: 8 for a structure */
    public Marshal beginArray(int alignment) {
        put(0, 4);
        int length = size - 4;
        align(alignment);
        arrays.push(new int[] {length, size});
        return this;
    }

    /**
     * Ends the array begun last.
     *
     * @throws IllegalStateException if there is none, or it is longer than the specification allows
     */
    public Marshal endArray() {
        if (arrays.isEmpty()) {
            throw new IllegalStateException("no array has begun");
        }
        int[] begun = arrays.pop();
        int length = size - begun[1];
        if (length > LONGEST_ARRAY) {
            throw new IllegalStateException("an array of " + length + " bytes is too long");
        }
        putAt(begun[0], length, 4);
        return this;
    }

    /**
     * Returns what was written.
     *
     * @throws IllegalStateException if an array has not ended
     */
    public byte[] bytes() {
        if (!arrays.isEmpty()) {
            throw new IllegalStateException("an array has not ended");
        }
        return Arrays.copyOf(bytes, size);
    }
}
