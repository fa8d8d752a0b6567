package org.felucca.runtime.engine.dbus;

import java.nio.charset.StandardCharsets;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;

/** Reads values in the wire format, of either byte order; what it is given is not trusted. Not thread-safe. */
public final class Unmarshal {
    private final byte[] bytes;
    private final boolean bigEndian;
    private int at;

    /** @param bytes the first of them at a multiple of eight in its message */
    Unmarshal(byte[] bytes, boolean bigEndian) {
        this.bytes = bytes;
        this.bigEndian = bigEndian;
    }

    static FeluccaException malformed(String what) {
        return new FeluccaException(ErrorCode.INTERNAL, "cannot read a message of the system bus", what);
    }

    private void need(long count) {
        if (count < 0 || count > bytes.length - at) {
            throw malformed("it ends within a value");
        }
    }

    void align(int to) {
        int padded = (at + to - 1) & -to;
        need(padded - at);
        at = padded;
    }

    boolean atEnd() {
        return at == bytes.length;
    }

    int position() {
        return at;
    }

    private long integer(int width) {
        align(width);
        need(width);
        long value = 0;
        for (int i = 0; i < width; i++) {
            int shift = bigEndian ? 8 * (width - 1 - i) : 8 * i;
            value |= (bytes[at + i] & 0xffL) << shift;
        }
        at += width;
        return value;
    }

    /** {@code y}. */
    public int u8() {
        return (int) integer(1);
    }

    /** {@code u}. */
    public long u32() {
        return integer(4);
    }

    /** {@code t}. */
    public long u64() {
        return integer(8);
    }

    /** {@code s} and {@code o}. */
    public String string() {
        return text(u32());
    }

    /** {@code g}. */
    public String signature() {
        return text(u8());
    }

    private String text(long length) {
        need(length + 1);
        String text = new String(bytes, at, (int) length, StandardCharsets.UTF_8);
        at += (int) length + 1;
        return text;
    }

    /**
     * A variant that holds a string.
     *
     * @throws FeluccaException INTERNAL if it holds something else
     */
    public String stringVariant() {
        String signature = signature();
        if (!signature.equals("s") && !signature.equals("o")) {
            throw malformed("a value of type " + signature + " is no string");
        }
        return string();
    }
}
