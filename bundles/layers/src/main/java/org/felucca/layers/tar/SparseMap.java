package org.felucca.layers.tar;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.felucca.layers.tar.TarEntry.Extent;
import org.jspecify.annotations.Nullable;

/**
 * Where the data of a sparse file lie, in GNU tar's four forms: in the header and blocks after it (old), in pax
 * records one by one (0.0) or as one list (0.1), or in front of the data (1.0).
 *
 * @see <a href="https://www.gnu.org/software/tar/manual/html_node/Sparse-Formats.html">GNU tar, Storing Sparse
 *     Files</a>
 */
record SparseMap(List<Extent> extents, long size) {

    static final String MAP = "GNU.sparse.map";

    private static final int MOST_EXTENTS = 1 << 20;
    private static final int OLD_IN_HEADER = 4;
    private static final int OLD_IN_BLOCK = 21;
    private static final int PAIR = 24;

    /** Whether a pax record is one of many of the same name, whose order counts. */
    static boolean isPair(String key) {
        return key.equals("GNU.sparse.offset") || key.equals("GNU.sparse.numbytes");
    }

    /** The values of such records as the list that form 0.1 has. */
    static byte[] join(List<byte[]> values) {
        StringBuilder list = new StringBuilder();
        for (byte[] value : values) {
            list.append(list.length() == 0 ? "" : ",").append(new String(value, StandardCharsets.ISO_8859_1));
        }
        return list.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Reads what the header, the records and the blocks that follow say. @return null if the file is not sparse */
    static @Nullable SparseMap read(
            TarReader reader, long at, char typeFlag, byte[] header, Map<String, byte[]> records) throws IOException {
        if (typeFlag == 'S') {
            return readOld(reader, at, header.clone());
        }
        byte[] list = records.get(MAP);
        if (list != null) {
            byte[] size =
                    records.getOrDefault("GNU.sparse.size", records.getOrDefault("GNU.sparse.realsize", new byte[0]));
            List<Extent> extents = new ArrayList<>();
            String[] numbers = new String(list, StandardCharsets.ISO_8859_1).split(",", -1);
            if (numbers.length % 2 != 0) {
                throw malformed(at);
            }
            for (int i = 0; i < numbers.length; i += 2) {
                extents.add(new Extent(decimal(at, numbers[i]), decimal(at, numbers[i + 1])));
            }
            return new SparseMap(extents, decimal(at, new String(size, StandardCharsets.ISO_8859_1)));
        }
        byte[] major = records.get("GNU.sparse.major");
        if (major != null && new String(major, StandardCharsets.ISO_8859_1).equals("1")) {
            byte[] size = records.getOrDefault("GNU.sparse.realsize", new byte[0]);
            return new SparseMap(readFront(reader, at), decimal(at, new String(size, StandardCharsets.ISO_8859_1)));
        }
        return null;
    }

    private static SparseMap readOld(TarReader reader, long at, byte[] header) throws IOException {
        List<Extent> extents = new ArrayList<>();
        addOld(at, header, 386, OLD_IN_HEADER, extents);
        boolean more = header[482] != 0;
        while (more) {
            byte[] block = reader.takeHeaderBlock();
            addOld(at, block, 0, OLD_IN_BLOCK, extents);
            more = block[504] != 0;
        }
        Long size = TarNumbers.field(header, 483, 12);
        if (size == null) {
            throw malformed(at);
        }
        return new SparseMap(extents, size);
    }

    private static void addOld(long at, byte[] block, int offset, int count, List<Extent> extents) throws IOException {
        for (int i = 0; i < count; i++) {
            int pair = offset + i * PAIR;
            if (block[pair] == 0) {
                return;
            }
            Long start = TarNumbers.field(block, pair, 12);
            Long length = TarNumbers.field(block, pair + 12, 12);
            if (start == null || length == null || extents.size() == MOST_EXTENTS) {
                throw malformed(at);
            }
            extents.add(new Extent(start, length));
        }
    }

    /** Decimal numbers, one a line, in whole blocks: how many extents, then offset and length of each. */
    private static List<Extent> readFront(TarReader reader, long at) throws IOException {
        Lines lines = new Lines(reader, at);
        long count = lines.next();
        if (count > MOST_EXTENTS) {
            throw malformed(at);
        }
        List<Extent> extents = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            extents.add(new Extent(lines.next(), lines.next()));
        }
        return extents;
    }

    private static final class Lines {
        private final TarReader reader;
        private final long at;
        private byte[] block = new byte[0];
        private int place;

        Lines(TarReader reader, long at) {
            this.reader = reader;
            this.at = at;
        }

        long next() throws IOException {
            StringBuilder line = new StringBuilder();
            while (true) {
                if (place == block.length) {
                    block = reader.takeDataBlock(at);
                    place = 0;
                }
                byte b = block[place++];
                if (b == '\n') {
                    return decimal(at, line.toString());
                }
                if (line.length() > 20) {
                    throw malformed(at);
                }
                line.append((char) b);
            }
        }
    }

    /** In order, without overlap, inside the file, and as long as the data that follow. */
    void verify(long at, long data) throws TarFormatException {
        long end = 0;
        long sum = 0;
        for (Extent extent : extents) {
            if (extent.offset() < end || extent.length() < 0 || extent.length() > size - extent.offset()) {
                throw malformed(at);
            }
            end = extent.offset() + extent.length();
            sum += extent.length();
        }
        if (sum != data || size < 0) {
            throw malformed(at);
        }
    }

    private static long decimal(long at, String text) throws TarFormatException {
        Long value = TarNumbers.decimal(text);
        if (value == null || value < 0) {
            throw malformed(at);
        }
        return value;
    }

    private static TarFormatException malformed(long at) {
        return new TarFormatException(at, "a sparse file's map is malformed");
    }
}
