package org.felucca.images.source;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the tar dialects in which images are archived: ustar, pax and GNU long names. One pass, no seeking. Layers are
 * another matter: they are applied by a diff provider. Confined to one thread.
 */
final class TarReader {
    private static final int BLOCK = 512;
    private static final int LONGEST_NAME = 1 << 20;

    private final InputStream in;
    private final byte[] header = new byte[BLOCK];
    private long position;
    private long remaining;
    private long padding;

    TarReader(InputStream in) {
        this.in = in;
    }

    /** What an entry is. */
    enum Type {
        FILE,
        HARD_LINK,
        SYMBOLIC_LINK,
        OTHER
    }

    /**
     * An entry.
     *
     * @param name its path as written
     * @param type what it is
     * @param size its bytes, which {@link TarReader#bytes()} gives
     * @param link what it points to, if it is a link
     */
    record Entry(String name, Type type, long size, String link) {}

    /** The next entry; null at the end of the archive. */
    @Nullable
    Entry next() throws IOException {
        Map<String, String> extended = new HashMap<>();
        while (true) {
            skip(remaining + padding);
            if (!block()) {
                return null;
            }
            char type = (char) (header[156] & 0xff);
            long size = number(124, 12);
            remaining = size;
            padding = padding(size);
            switch (type) {
                case 'x' -> pax(text(size), extended);
                case 'L' -> extended.put("path", trimmed(text(size)));
                case 'K' -> extended.put("linkpath", trimmed(text(size)));
                // Defaults for all entries; nothing in them matters here.
                case 'g' -> skip(remaining);
                default -> {
                    return entry(type, size, extended);
                }
            }
        }
    }

    /** The bytes of the last entry. */
    InputStream bytes() {
        return new EntryStream();
    }

    /** Bytes read so far, for messages. */
    long position() {
        return position;
    }

    private Entry entry(char flag, long headerSize, Map<String, String> extended) throws IOException {
        String name = extended.get("path");
        if (name == null) {
            String prefix = isUstar() ? field(345, 155) : "";
            name = prefix.isEmpty() ? field(0, 100) : prefix + "/" + field(0, 100);
        }
        long size = headerSize;
        String paxSize = extended.get("size");
        if (paxSize != null) {
            size = decimal(paxSize);
        }
        Type type = switch (flag) {
            case '0', '\0', '7' -> Type.FILE;
            case '1' -> Type.HARD_LINK;
            case '2' -> Type.SYMBOLIC_LINK;
            default -> Type.OTHER;
        };
        if (type == Type.HARD_LINK || type == Type.SYMBOLIC_LINK) {
            size = 0;
        }
        remaining = size;
        padding = padding(size);
        String link = extended.get("linkpath");
        return new Entry(name, type, size, link == null ? field(157, 100) : link);
    }

    /** Reads a header; false at the end of the archive. */
    private boolean block() throws IOException {
        int count = in.readNBytes(header, 0, BLOCK);
        position += count;
        if (count == 0) {
            throw new EOFException("the archive ends without its end mark");
        }
        if (count < BLOCK) {
            throw cut();
        }
        int sum = 0;
        boolean zero = true;
        for (int i = 0; i < BLOCK; i++) {
            boolean inSum = i >= 148 && i < 156;
            sum += inSum ? ' ' : header[i] & 0xff;
            zero &= header[i] == 0;
        }
        if (zero) {
            return false;
        }
        if (sum != number(148, 8)) {
            throw new IOException("there is no tar header at byte " + (position - BLOCK));
        }
        return true;
    }

    private boolean isUstar() {
        return new String(header, 257, 5, StandardCharsets.ISO_8859_1).equals("ustar") && header[262] == 0;
    }

    private String field(int offset, int length) {
        int end = offset;
        while (end < offset + length && header[end] != 0) {
            end++;
        }
        return new String(header, offset, end - offset, StandardCharsets.UTF_8);
    }

    /** Octal digits, or GNU's base 256 when the first bit is set. */
    private long number(int offset, int length) throws IOException {
        if ((header[offset] & 0x80) != 0) {
            long value = header[offset] & 0x7f;
            for (int i = offset + 1; i < offset + length; i++) {
                if (value >> 55 != 0) {
                    throw new IOException("a number in the header at byte " + (position - BLOCK) + " is too large");
                }
                value = value << 8 | header[i] & 0xff;
            }
            return value;
        }
        String digits = field(offset, length).strip();
        try {
            return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
        } catch (NumberFormatException e) {
            throw new IOException("there is no tar header at byte " + (position - BLOCK), e);
        }
    }

    private String text(long size) throws IOException {
        if (size > LONGEST_NAME) {
            throw new IOException("an extended header at byte " + position + " has " + size + " bytes");
        }
        byte[] bytes = bytes().readAllBytes();
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Records {@code "<length> <name>=<value>\n"}; the length counts bytes, itself included. */
    private void pax(String text, Map<String, String> extended) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int at = 0;
        while (at < bytes.length && bytes[at] != 0) {
            int blank = at;
            while (blank < bytes.length && bytes[blank] != ' ') {
                blank++;
            }
            long length = decimal(new String(bytes, at, blank - at, StandardCharsets.UTF_8));
            if (length <= blank - at + 1 || length > bytes.length - at) {
                throw new IOException("an extended header before byte " + position + " is malformed");
            }
            String record = new String(bytes, blank + 1, (int) length - (blank - at) - 2, StandardCharsets.UTF_8);
            int equals = record.indexOf('=');
            if (equals > 0) {
                extended.put(record.substring(0, equals), record.substring(equals + 1));
            }
            at += (int) length;
        }
    }

    private long decimal(String digits) throws IOException {
        try {
            long value = Long.parseLong(digits);
            if (value >= 0) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw new IOException("an extended header before byte " + position + " is malformed", e);
        }
        throw new IOException("an extended header before byte " + position + " is malformed");
    }

    private static String trimmed(String text) {
        int end = text.indexOf('\0');
        return end < 0 ? text : text.substring(0, end);
    }

    private static long padding(long size) {
        return (BLOCK - size % BLOCK) % BLOCK;
    }

    private void skip(long count) throws IOException {
        try {
            in.skipNBytes(count);
        } catch (EOFException e) {
            throw cut();
        }
        position += count;
        remaining = 0;
        padding = 0;
    }

    private EOFException cut() {
        return new EOFException("the archive is cut off after byte " + position);
    }

    /** The rest of the present entry. */
    private final class EntryStream extends InputStream {
        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (remaining == 0) {
                return -1;
            }
            int count = in.read(target, offset, (int) Math.min(length, remaining));
            if (count < 0) {
                throw cut();
            }
            remaining -= count;
            position += count;
            return count;
        }
    }
}
