package org.felucca.layers.tar;

import java.time.Instant;

/** Numbers and times, as tar writes them. A value that cannot be read is null or an exception of the caller's. */
final class TarNumbers {

    private static final int BINARY_POSITIVE = 0x80;
    private static final int NANO_DIGITS = 9;

    private TarNumbers() {}

    /**
     * A field: octal digits between blanks and zeros, or, with its top bit set, big-endian binary (GNU).
     *
     * @return null if it is neither, or does not fit into 63 bits and a sign
     */
    static @org.jspecify.annotations.Nullable Long field(byte[] block, int offset, int length) {
        int first = block[offset] & 0xFF;
        if (first >= BINARY_POSITIVE) {
            return binary(block, offset, length);
        }
        long value = 0;
        int at = offset;
        int end = offset + length;
        while (at < end && (block[at] == ' ' || block[at] == 0)) {
            at++;
        }
        while (end > at && (block[end - 1] == ' ' || block[end - 1] == 0)) {
            end--;
        }
        for (; at < end; at++) {
            int digit = block[at] - '0';
            if (digit < 0 || digit > 7 || value > Long.MAX_VALUE >> 3) {
                return null;
            }
            value = value << 3 | digit;
        }
        return value;
    }

    private static @org.jspecify.annotations.Nullable Long binary(byte[] block, int offset, int length) {
        boolean negative = (block[offset] & 0x40) != 0;
        long value = negative ? -1 : 0;
        for (int i = 0; i < length; i++) {
            int next = block[offset + i] & 0xFF;
            if (i == 0) {
                next = negative ? next : next & 0x7F;
            }
            if (i < length - 8 && next != (negative ? 0xFF : 0)) {
                return null;
            }
            value = value << 8 | next;
        }
        return negative == value < 0 ? value : null;
    }

    /** A decimal number of a pax record. @return null if it is none */
    static @org.jspecify.annotations.Nullable Long decimal(String text) {
        try {
            return Long.valueOf(text);
        } catch (NumberFormatException notANumber) {
            return null;
        }
    }

    /** Seconds with a fraction, of a pax record; digits beyond nanoseconds are cut off. @return null if it is none */
    static @org.jspecify.annotations.Nullable Instant time(String text) {
        int dot = text.indexOf('.');
        Long seconds = decimal(dot < 0 ? text : text.substring(0, dot));
        if (seconds == null || seconds > Instant.MAX.getEpochSecond() || seconds <= Instant.MIN.getEpochSecond()) {
            return null;
        }
        if (dot < 0) {
            return Instant.ofEpochSecond(seconds);
        }
        String digits = (text.substring(dot + 1) + "000000000").substring(0, NANO_DIGITS);
        Long nanos = digits.chars().allMatch(c -> c >= '0' && c <= '9') ? decimal(digits) : null;
        if (nanos == null) {
            return null;
        }
        return text.startsWith("-") ? Instant.ofEpochSecond(seconds, -nanos) : Instant.ofEpochSecond(seconds, nanos);
    }
}
