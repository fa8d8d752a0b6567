package org.felucca.images.archive;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Writes a tar archive that depends on names and contents alone: no times, no owners. Ustar, with a pax header where a
 * name or a size does not fit. Confined to one thread.
 *
 * @see <a href="https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html">POSIX, pax</a>
 */
public final class TarWriter implements Sink {
    private static final int BLOCK = 512;
    private static final int NAME = 100;
    private static final long LARGEST = 077777777777L;

    private final OutputStream out;

    /** @param out where bytes go; it is not closed */
    public TarWriter(OutputStream out) {
        this.out = out;
    }

    @Override
    public void directory(String path) throws IOException {
        header(path + "/", 0, '5', 0755);
    }

    @Override
    public void file(String path, byte[] content) throws IOException {
        open(path, content.length);
        out.write(content);
        pad(content.length);
    }

    @Override
    public void file(String path, long size, InputStream content) throws IOException {
        open(path, size);
        long written = content.transferTo(out);
        if (written != size) {
            throw new IOException(path + " has " + written + " bytes, not " + size);
        }
        pad(size);
    }

    /** Writes the end mark. */
    public void finish() throws IOException {
        out.write(new byte[2 * BLOCK]);
        out.flush();
    }

    private void open(String path, long size) throws IOException {
        StringBuilder records = new StringBuilder();
        if (path.length() > NAME) {
            records.append(record("path", path));
        }
        if (size > LARGEST) {
            records.append(record("size", Long.toString(size)));
        }
        if (!records.isEmpty()) {
            byte[] pax = records.toString().getBytes(StandardCharsets.UTF_8);
            header("pax", pax.length, 'x', 0644);
            out.write(pax);
            pad(pax.length);
        }
        header(path.substring(0, Math.min(NAME, path.length())), size > LARGEST ? 0 : size, '0', 0644);
    }

    /** {@code <length of all this> <key>=<value>\n}, whose length counts its own digits. */
    private static String record(String key, String value) {
        int rest = key.length() + value.length() + 3;
        int length = rest + Integer.toString(rest).length();
        length = rest + Integer.toString(length).length();
        return length + " " + key + "=" + value + "\n";
    }

    private void header(String name, long size, char type, int mode) throws IOException {
        byte[] block = new byte[BLOCK];
        put(block, 0, name);
        put(block, 100, octal(mode, 7));
        put(block, 108, octal(0, 7));
        put(block, 116, octal(0, 7));
        put(block, 124, octal(size, 11));
        put(block, 136, octal(0, 11));
        put(block, 148, "        ");
        block[156] = (byte) type;
        put(block, 257, "ustar\00000");
        int sum = 0;
        for (byte one : block) {
            sum += one & 0xff;
        }
        put(block, 148, octal(sum, 6) + "\0 ");
        out.write(block);
    }

    private static String octal(long value, int digits) {
        return String.format(Locale.ROOT, "%0" + digits + "o", value);
    }

    private static void put(byte[] block, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, block, at, bytes.length);
    }

    private void pad(long size) throws IOException {
        int beyond = (int) (size % BLOCK);
        if (beyond > 0) {
            out.write(new byte[BLOCK - beyond]);
        }
    }
}
