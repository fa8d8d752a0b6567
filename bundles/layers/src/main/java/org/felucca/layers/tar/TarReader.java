package org.felucca.layers.tar;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.felucca.layers.tar.TarEntry.Extent;
import org.felucca.layers.tar.TarEntry.Type;
import org.felucca.posix.fs.Names;
import org.jspecify.annotations.Nullable;

/**
 * Reads an archive member after member. After {@link #next} the member's data are taken from {@link #data}, or
 * skipped by the next {@code next}. Confined to one thread.
 */
public final class TarReader {

    private static final int BLOCK = 512;
    /** The most that one member may say about itself in extended headers. */
    private static final int LARGEST_HEADER = 1 << 20;

    private static final String XATTR = "SCHILY.xattr.";

    private final TarInput input;
    private final byte[] block = new byte[BLOCK];
    private long position;
    private long remaining;
    private long padding;
    private final Map<String, byte[]> global = new HashMap<>();

    public TarReader(TarInput input) {
        this.input = input;
    }

    /** How far the archive was read, in bytes. */
    public long position() {
        return position;
    }

    /** How many bytes of the current member's data are left. For a sparse file: of its extents, one after another. */
    public long remaining() {
        return remaining;
    }

    /**
     * The next data of the current member, in a direct buffer, to be taken before the next call.
     *
     * @param most bytes to take
     * @throws IllegalStateException if none remain
     */
    public ByteBuffer data(long most) throws IOException {
        if (remaining == 0) {
            throw new IllegalStateException("no data remain");
        }
        ByteBuffer window = require("the archive ends within a file");
        int count = (int) Math.min(Math.min(most, remaining), window.remaining());
        ByteBuffer data = window.slice(window.position(), count);
        window.position(window.position() + count);
        position += count;
        remaining -= count;
        return data;
    }

    private ByteBuffer require(String reason) throws IOException {
        ByteBuffer window = input.window();
        if (window == null) {
            throw new TarFormatException(position, reason);
        }
        return window;
    }

    /**
     * The next member; null at the end of the archive, which is two blocks of zeros, or the input's end where a
     * header could be. What follows the two blocks is read to the input's end and left alone.
     */
    public @Nullable TarEntry next() throws IOException {
        skip(remaining);
        skip(padding);
        remaining = 0;
        padding = 0;
        Map<String, byte[]> records = new HashMap<>(global);
        byte @Nullable [] longName = null;
        byte @Nullable [] longLink = null;
        boolean extended = false;
        while (true) {
            long at = position;
            if (!readBlock()) {
                if (extended) {
                    throw new TarFormatException(at, "the archive ends after an extended header");
                }
                return null;
            }
            if (isZero(block)) {
                readEnd(at);
                return null;
            }
            verifyChecksum(at);
            char type = (char) (block[156] & 0xFF);
            switch (type) {
                case 'x', 'X' -> readRecords(at, records);
                case 'g' -> {
                    readRecords(at, global);
                    global.forEach(records::put);
                }
                case 'L' -> longName = readLong(at);
                case 'K' -> longLink = readLong(at);
                case 'V' -> skipMember(at);
                default -> {
                    return entry(at, type, new Extensions(records, longName, longLink));
                }
            }
            extended = true;
        }
    }

    /** What extended headers said about the member that follows. */
    private record Extensions(Map<String, byte[]> records, byte @Nullable [] longName, byte @Nullable [] longLink) {

        @Nullable
        String text(String key) {
            byte[] value = records.get(key);
            return value == null || value.length == 0 ? null : Names.decode(value);
        }
    }

    private TarEntry entry(long at, char typeFlag, Extensions extensions) throws IOException {
        boolean ustar =
                block[257] == 'u' && block[258] == 's' && block[259] == 't' && block[260] == 'a' && block[261] == 'r';
        boolean gnu = ustar && block[262] == ' ';
        String path = path(extensions, ustar && !gnu);
        Type type = type(at, typeFlag, path);
        long size = number(at, extensions, "size", 124, 12);
        if (size < 0) {
            throw new TarFormatException(at, "a size is negative");
        }
        boolean content = type == Type.REGULAR;
        if (typeFlag == 'D') {
            remaining = size;
        }
        if (content) {
            remaining = size;
        }
        padding = -remaining & BLOCK - 1;
        List<Extent> sparse = List.of();
        long real = content ? size : 0;
        if (content) {
            SparseMap map = SparseMap.read(this, at, typeFlag, block, extensions.records());
            if (map != null) {
                sparse = map.extents();
                real = map.size();
                map.verify(at, remaining);
            }
        }
        String sparseName = extensions.text("GNU.sparse.name");
        Instant mtime = time(
                at,
                extensions,
                "mtime",
                Instant.ofEpochSecond(number(at, new Extensions(Map.of(), null, null), "", 136, 12)));
        return new TarEntry(
                sparseName == null ? path : sparseName,
                type,
                (int) number(at, extensions, "", 100, 8) & 07777,
                owner(at, number(at, extensions, "uid", 108, 8)),
                owner(at, number(at, extensions, "gid", 116, 8)),
                real,
                mtime,
                time(at, extensions, "atime", mtime),
                link(extensions),
                device(at, type, ustar, 329),
                device(at, type, ustar, 337),
                attributes(extensions),
                sparse);
    }

    private static Type type(long at, char flag, String path) throws TarFormatException {
        return switch (flag) {
            case '0', 0, '7', 'S' -> path.endsWith("/") ? Type.DIRECTORY : Type.REGULAR;
            case '1' -> Type.HARD_LINK;
            case '2' -> Type.SYMLINK;
            case '3' -> Type.CHARACTER_DEVICE;
            case '4' -> Type.BLOCK_DEVICE;
            case '5', 'D' -> Type.DIRECTORY;
            case '6' -> Type.FIFO;
            default -> throw new TarFormatException(at, "a member has the unknown type '" + flag + "'");
        };
    }

    private String path(Extensions extensions, boolean prefixed) {
        String pax = extensions.text("path");
        if (pax != null) {
            return pax;
        }
        if (extensions.longName() != null) {
            return Names.decode(extensions.longName());
        }
        String name = text(0, 100);
        String prefix = prefixed ? text(345, 155) : "";
        return prefix.isEmpty() ? name : prefix + "/" + name;
    }

    private String link(Extensions extensions) {
        String pax = extensions.text("linkpath");
        if (pax != null) {
            return pax;
        }
        return extensions.longLink() == null ? text(157, 100) : Names.decode(extensions.longLink());
    }

    private long number(long at, Extensions extensions, String key, int offset, int length) throws IOException {
        String pax = key.isEmpty() ? null : extensions.text(key);
        Long value = pax == null ? TarNumbers.field(block, offset, length) : TarNumbers.decimal(pax);
        if (value == null) {
            throw new TarFormatException(at, "a header's number cannot be read");
        }
        return value;
    }

    private static Instant time(long at, Extensions extensions, String key, Instant otherwise) throws IOException {
        String pax = extensions.text(key);
        Instant time = pax == null ? otherwise : TarNumbers.time(pax);
        if (time == null) {
            throw new TarFormatException(at, "a header's time cannot be read");
        }
        return time;
    }

    private static int owner(long at, long value) throws TarFormatException {
        if (value < 0 || value >= 0xFFFF_FFFFL) {
            throw new TarFormatException(at, "an owner's number is out of range: " + value);
        }
        return (int) value;
    }

    private int device(long at, Type type, boolean ustar, int offset) throws TarFormatException {
        if (!ustar || type != Type.CHARACTER_DEVICE && type != Type.BLOCK_DEVICE) {
            return 0;
        }
        Long value = TarNumbers.field(block, offset, 8);
        if (value == null || value < 0 || value > Integer.MAX_VALUE) {
            throw new TarFormatException(at, "a device's number is out of range");
        }
        return value.intValue();
    }

    private static Map<String, byte[]> attributes(Extensions extensions) {
        Map<String, byte[]> attributes = new HashMap<>();
        extensions.records().forEach((key, value) -> {
            if (key.startsWith(XATTR)) {
                attributes.put(key.substring(XATTR.length()), value);
            }
        });
        return attributes;
    }

    private String text(int offset, int length) {
        int end = offset;
        while (end < offset + length && block[end] != 0) {
            end++;
        }
        return Names.decode(Arrays.copyOfRange(block, offset, end));
    }

    private void readRecords(long at, Map<String, byte[]> into) throws IOException {
        byte[] bytes = readExtension(at);
        int from = 0;
        List<byte[]> sparse = new ArrayList<>();
        while (from < bytes.length && bytes[from] != 0) {
            int blank = from;
            long length = 0;
            while (blank < bytes.length && bytes[blank] >= '0' && bytes[blank] <= '9' && length <= LARGEST_HEADER) {
                length = length * 10 + bytes[blank++] - '0';
            }
            int end = (int) Math.min(from + length, Integer.MAX_VALUE);
            if (blank == from
                    || end > bytes.length
                    || end <= blank + 1
                    || bytes[blank] != ' '
                    || bytes[end - 1] != '\n') {
                throw new TarFormatException(at, "an extended header is malformed");
            }
            int equals = blank + 1;
            while (equals < end && bytes[equals] != '=') {
                equals++;
            }
            if (equals == end) {
                throw new TarFormatException(at, "an extended header is malformed");
            }
            String key = Names.decode(Arrays.copyOfRange(bytes, blank + 1, equals));
            byte[] value = Arrays.copyOfRange(bytes, equals + 1, end - 1);
            if (SparseMap.isPair(key)) {
                sparse.add(value);
            } else if (value.length == 0 && !key.startsWith(XATTR)) {
                into.remove(key);
            } else {
                into.put(key, value);
            }
            from = end;
        }
        if (!sparse.isEmpty()) {
            into.put(SparseMap.MAP, SparseMap.join(sparse));
        }
    }

    private byte[] readLong(long at) throws IOException {
        byte[] bytes = readExtension(at);
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return Arrays.copyOf(bytes, end);
    }

    private byte[] readExtension(long at) throws IOException {
        Long size = TarNumbers.field(block, 124, 12);
        if (size == null || size < 0 || size > LARGEST_HEADER) {
            throw new TarFormatException(at, "an extended header is longer than " + LARGEST_HEADER + " bytes");
        }
        byte[] bytes = new byte[size.intValue()];
        readFully(bytes, "the archive ends within an extended header");
        skip(-size & BLOCK - 1);
        return bytes;
    }

    private void skipMember(long at) throws IOException {
        Long size = TarNumbers.field(block, 124, 12);
        if (size == null || size < 0) {
            throw new TarFormatException(at, "a header's number cannot be read");
        }
        skip(size);
        skip(-size & BLOCK - 1);
    }

    /** Takes a block out of the current member's data. */
    byte[] takeDataBlock(long at) throws IOException {
        if (remaining < BLOCK) {
            throw new TarFormatException(at, "a sparse file's map is truncated");
        }
        remaining -= BLOCK;
        return takeHeaderBlock();
    }

    /** Takes a block that continues the current member's header. */
    byte[] takeHeaderBlock() throws IOException {
        byte[] bytes = new byte[BLOCK];
        readFully(bytes, "the archive ends within a header");
        return bytes;
    }

    private boolean readBlock() throws IOException {
        if (input.window() == null) {
            return false;
        }
        readFully(block, "the archive ends within a header");
        return true;
    }

    private void readEnd(long at) throws IOException {
        if (readBlock() && !isZero(block)) {
            throw new TarFormatException(at, "a header is empty");
        }
        ByteBuffer window = input.window();
        while (window != null) {
            position += window.remaining();
            window.position(window.limit());
            window = input.window();
        }
    }

    private void readFully(byte[] bytes, String reason) throws IOException {
        int at = 0;
        while (at < bytes.length) {
            ByteBuffer window = require(reason);
            int count = Math.min(bytes.length - at, window.remaining());
            window.get(bytes, at, count);
            position += count;
            at += count;
        }
    }

    private void skip(long count) throws IOException {
        long left = count;
        while (left > 0) {
            ByteBuffer window = require("the archive ends within a file");
            int taken = (int) Math.min(left, window.remaining());
            window.position(window.position() + taken);
            position += taken;
            left -= taken;
        }
    }

    private static boolean isZero(byte[] block) {
        for (byte b : block) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    /** The sum of all bytes, the field itself counting as blanks; some writers summed signed bytes. */
    private void verifyChecksum(long at) throws TarFormatException {
        int unsigned = 0;
        int signed = 0;
        for (int i = 0; i < BLOCK; i++) {
            byte b = i >= 148 && i < 156 ? (byte) ' ' : block[i];
            unsigned += b & 0xFF;
            signed += b;
        }
        Long sum = TarNumbers.field(block, 148, 8);
        if (sum == null || sum != unsigned && sum != signed) {
            throw new TarFormatException(at, "a header's checksum is wrong");
        }
    }
}
