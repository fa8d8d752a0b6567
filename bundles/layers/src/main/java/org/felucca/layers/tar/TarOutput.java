package org.felucca.layers.tar;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.felucca.posix.fs.Names;

/**
 * Writes a tar archive: ustar headers, and a pax header before each member that has more to say (long or non-ASCII
 * names, large numbers, fractions of seconds, attributes). What it writes depends on the members alone. Names are as
 * {@link Names} has them: any bytes. Confined to one thread.
 *
 * @see <a href="https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html">POSIX pax</a>
 */
public final class TarOutput {
    private static final int BLOCK = 512;
    private static final int NAME = 100;
    private static final long MOST_ID = 07777777;
    private static final long MOST_SIZE = 077777777777L;

    private final OutputStream out;
    private final byte[] block = new byte[BLOCK];
    private long left;
    private int padding;

    /** @param out where bytes go; not closed */
    public TarOutput(OutputStream out) {
        this.out = out;
    }

    /**
     * Begins a member. The {@link TarEntry#size} bytes of a regular file follow by {@link #content}. Access times are
     * not written, and sparse files not as such.
     *
     * @throws IllegalStateException if content of the member before is missing
     */
    public void begin(TarEntry entry) throws IOException {
        requireComplete();
        byte[] name = name(entry);
        byte[] link = Names.encode(entry.link());
        Map<String, byte[]> records = records(entry, name, link);
        if (!records.isEmpty()) {
            byte[] pax = pax(records);
            header('x', "PaxHeaders/0".getBytes(StandardCharsets.US_ASCII), new byte[0], plain(pax.length));
            out.write(pax);
            pad(pax.length);
        }
        header(flag(entry.type()), name, link, entry);
        left = entry.size();
        padding = (int) ((BLOCK - entry.size() % BLOCK) % BLOCK);
        if (left == 0) {
            endContent();
        }
    }

    /** Writes bytes of the member's content. */
    public void content(byte[] bytes, int offset, int length) throws IOException {
        if (length > left) {
            throw new IllegalStateException("the member has " + left + " bytes left, not " + length);
        }
        out.write(bytes, offset, length);
        left -= length;
        if (left == 0) {
            endContent();
        }
    }

    /** Writes the end mark. */
    public void finish() throws IOException {
        requireComplete();
        out.write(new byte[2 * BLOCK]);
        out.flush();
    }

    private void requireComplete() {
        if (left > 0) {
            throw new IllegalStateException(left + " bytes of the member are missing");
        }
    }

    private void endContent() throws IOException {
        out.write(new byte[padding]);
        padding = 0;
    }

    private static byte[] name(TarEntry entry) {
        boolean slash = entry.type() == TarEntry.Type.DIRECTORY && !entry.path().endsWith("/");
        return Names.encode(slash ? entry.path() + "/" : entry.path());
    }

    private static TarEntry plain(long size) {
        return new TarEntry(
                "",
                TarEntry.Type.REGULAR,
                0644,
                0,
                0,
                size,
                Instant.EPOCH,
                Instant.EPOCH,
                "",
                0,
                0,
                Map.of(),
                List.of());
    }

    private static char flag(TarEntry.Type type) {
        return switch (type) {
            case REGULAR -> '0';
            case HARD_LINK -> '1';
            case SYMLINK -> '2';
            case CHARACTER_DEVICE -> '3';
            case BLOCK_DEVICE -> '4';
            case DIRECTORY -> '5';
            case FIFO -> '6';
        };
    }

    /** What does not fit the header. */
    private static Map<String, byte[]> records(TarEntry entry, byte[] name, byte[] link) {
        Map<String, byte[]> records = new TreeMap<>();
        if (!fits(name)) {
            records.put("path", name);
        }
        if (!fits(link)) {
            records.put("linkpath", link);
        }
        if (unsigned(entry.uid()) > MOST_ID) {
            records.put("uid", ascii(Long.toString(unsigned(entry.uid()))));
        }
        if (unsigned(entry.gid()) > MOST_ID) {
            records.put("gid", ascii(Long.toString(unsigned(entry.gid()))));
        }
        if (entry.size() > MOST_SIZE) {
            records.put("size", ascii(Long.toString(entry.size())));
        }
        Instant time = entry.mtime();
        if (time.getNano() != 0 || time.getEpochSecond() < 0 || time.getEpochSecond() > MOST_SIZE) {
            records.put("mtime", ascii(seconds(time)));
        }
        entry.attributes().forEach((attribute, value) -> records.put("SCHILY.xattr." + attribute, value));
        return records;
    }

    private static long unsigned(int id) {
        return Integer.toUnsignedLong(id);
    }

    private static boolean fits(byte[] text) {
        if (text.length > NAME) {
            return false;
        }
        for (byte one : text) {
            if (one < 0) {
                return false;
            }
        }
        return true;
    }

    /** Seconds since 1970 with their fraction; before 1970 both are below zero together. */
    private static String seconds(Instant time) {
        long seconds = time.getEpochSecond();
        int nanos = time.getNano();
        boolean negative = seconds < 0;
        if (negative && nanos > 0) {
            seconds++;
            nanos = 1_000_000_000 - nanos;
        }
        String whole = (negative ? "-" : "") + Math.abs(seconds);
        return nanos == 0 ? whole : (whole + "." + String.format(Locale.ROOT, "%09d", nanos)).replaceAll("0+$", "");
    }

    private static byte[] pax(Map<String, byte[]> records) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        records.forEach((key, value) -> {
            byte[] name = Names.encode(key);
            // "<length> <key>=<value>\n", whose length counts its own digits
            int rest = name.length + value.length + 3;
            int length = rest + Integer.toString(rest).length();
            length = rest + Integer.toString(length).length();
            text.writeBytes(ascii(length + " "));
            text.writeBytes(name);
            text.write('=');
            text.writeBytes(value);
            text.write('\n');
        });
        return text.toByteArray();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private void header(char flag, byte[] name, byte[] link, TarEntry entry) throws IOException {
        Arrays.fill(block, (byte) 0);
        put(0, name, NAME);
        octal(100, entry.permissions(), 7);
        octal(108, within(unsigned(entry.uid()), MOST_ID), 7);
        octal(116, within(unsigned(entry.gid()), MOST_ID), 7);
        octal(124, within(entry.size(), MOST_SIZE), 11);
        octal(136, within(entry.mtime().getEpochSecond(), MOST_SIZE), 11);
        put(148, ascii("        "), 8);
        block[156] = (byte) flag;
        put(157, link, NAME);
        put(257, ascii("ustar\00000"), 8);
        if (entry.type() == TarEntry.Type.CHARACTER_DEVICE || entry.type() == TarEntry.Type.BLOCK_DEVICE) {
            octal(329, entry.major(), 7);
            octal(337, entry.minor(), 7);
        }
        int sum = 0;
        for (byte one : block) {
            sum += one & 0xff;
        }
        octal(148, sum, 6);
        block[154] = 0;
        block[155] = ' ';
        out.write(block);
    }

    private static long within(long value, long most) {
        return value < 0 || value > most ? 0 : value;
    }

    private void put(int at, byte[] text, int room) {
        System.arraycopy(text, 0, block, at, Math.min(room, text.length));
    }

    private void octal(int at, long value, int digits) {
        long rest = value;
        for (int i = digits - 1; i >= 0; i--) {
            block[at + i] = (byte) ('0' + (rest & 7));
            rest >>>= 3;
        }
    }

    private void pad(long size) throws IOException {
        out.write(new byte[(int) ((BLOCK - size % BLOCK) % BLOCK)]);
    }
}
