package org.felucca.runtime.plan.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads basic types one after another. Confined to one thread. */
public final class WireReader {
    /** The most strings in one list. */
    public static final int MOST_STRINGS = 65536;

    private final ByteBuffer in;

    /** Reads between the buffer's position and limit, without moving them. */
    public WireReader(ByteBuffer bytes) {
        this.in = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Reads an array. */
    public WireReader(byte[] bytes) {
        this(ByteBuffer.wrap(bytes));
    }

    /** Returns how many bytes are left. */
    public int remaining() {
        return in.remaining();
    }

    /** Reads a u16. */
    public int u16() {
        need(2);
        return in.getShort() & 0xffff;
    }

    /** Reads {@code i}, as the int of the same bits. */
    public int u32() {
        need(4);
        return in.getInt();
    }

    /** Reads {@code l}, as the long of the same bits. */
    public long u64() {
        need(8);
        return in.getLong();
    }

    /** Reads {@code s}. */
    public String string() {
        int length = length();
        int padded = (length + 4) & ~3;
        need(padded);
        byte[] text = new byte[length];
        in.get(text);
        for (int i = length; i < padded; i++) {
            if (in.get() != 0) {
                throw new WireFormatException("a string has no zero after its " + length + " bytes");
            }
        }
        return new String(text, StandardCharsets.UTF_8);
    }

    /** Reads {@code b}. */
    public byte[] bytes() {
        int length = length();
        int padded = (length + 3) & ~3;
        need(padded);
        byte[] value = new byte[length];
        in.get(value);
        in.position(in.position() + padded - length);
        return value;
    }

    /** Reads {@code v}. */
    public List<String> strings() {
        int count = u32();
        if (count < 0 || count > MOST_STRINGS) {
            throw new WireFormatException("a list has " + Integer.toUnsignedString(count) + " strings");
        }
        List<String> values = new ArrayList<>(Math.min(count, in.remaining() / 8));
        for (int i = 0; i < count; i++) {
            values.add(string());
        }
        return values;
    }

    /**
     * Reads {@code length} raw bytes as a reader of its own.
     *
     * @throws WireFormatException if there are fewer
     */
    public WireReader section(int length) {
        if (length < 0) {
            throw new WireFormatException("a length of " + Integer.toUnsignedString(length));
        }
        need(length);
        ByteBuffer part = in.duplicate();
        part.limit(in.position() + length);
        in.position(in.position() + length);
        return new WireReader(part);
    }

    /** @throws WireFormatException if bytes are left */
    public void end() {
        if (in.hasRemaining()) {
            throw new WireFormatException(in.remaining() + " bytes are left over");
        }
    }

    private int length() {
        int length = u32();
        if (length < 0 || length > in.remaining()) {
            throw new WireFormatException(
                    "a length of " + Integer.toUnsignedString(length) + " with " + in.remaining() + " bytes left");
        }
        return length;
    }

    private void need(int count) {
        if (in.remaining() < count) {
            throw new WireFormatException("cut off: " + count + " bytes wanted, " + in.remaining() + " left");
        }
    }
}
