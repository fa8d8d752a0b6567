package org.felucca.layers.manifest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.felucca.posix.fs.FileType;
import org.felucca.posix.fs.Names;
import org.felucca.posix.fs.Stat;
import org.jspecify.annotations.Nullable;

/** What writing and reading a manifest have in common. Stateless. */
final class Format {
    static final String HEADER = "#felucca-layer-manifest 1";
    /** Of a version to come, or of one that has gone. */
    static final Pattern OTHER_HEADER = Pattern.compile("#felucca-layer-manifest [0-9]+");

    static final String END = "#end ";
    static final String UP = "..";
    static final String DIGEST = "crc32c:";
    static final String NONE = "-";
    static final char SPARSE = 's';
    static final char REGULAR = 'f';
    static final char DIRECTORY = 'd';
    static final char SYMLINK = 'l';

    private static final int SECTOR = 512;
    private static final String HEX = "0123456789ABCDEF";

    private Format() {}

    static String digest(int checksum) {
        return DIGEST + String.format("%08x", checksum);
    }

    static String digest(CRC32C checksum) {
        return digest((int) checksum.getValue());
    }

    static char letter(FileType type) {
        return switch (type) {
            case DIRECTORY -> DIRECTORY;
            case REGULAR -> REGULAR;
            case SYMLINK -> SYMLINK;
            case CHARACTER_DEVICE -> 'c';
            case BLOCK_DEVICE -> 'b';
            case FIFO -> 'p';
            case SOCKET -> 'o';
            case UNKNOWN -> '?';
        };
    }

    /** Whether a file has holes, which are not worth reading. */
    static boolean isSparse(Stat stat) {
        return stat.size() > SECTOR * 8 && stat.blocks() * SECTOR < stat.size() / 2;
    }

    /** The fields that every entry has. */
    static void attributes(StringBuilder line, char letter, Stat stat) {
        line.append(letter)
                .append(" 0")
                .append(Integer.toOctalString(stat.permissions()))
                .append(' ')
                .append(stat.uid())
                .append(' ')
                .append(stat.gid())
                .append(' ');
    }

    static void name(StringBuilder line, String name) {
        for (byte b : Names.encode(name)) {
            int c = b & 0xff;
            if (c > ' ' && c < 0x7f && c != '%') {
                line.append((char) c);
            } else {
                line.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
            }
        }
    }

    /** @throws IllegalArgumentException if it is no name that {@link #name} wrote */
    static String name(String text) {
        byte[] bytes = new byte[text.length()];
        int length = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                if (i + 2 >= text.length()) {
                    throw new IllegalArgumentException("the name " + text + " is cut");
                }
                bytes[length++] = (byte) Integer.parseInt(text.substring(i + 1, i + 3), 16);
                i += 2;
            } else {
                bytes[length++] = (byte) c;
            }
        }
        return Names.decode(Arrays.copyOf(bytes, length));
    }

    /** Reads a line, without its end; null at the end of the stream. */
    static @Nullable String line(InputStream in, CRC32C checksum) throws IOException {
        StringBuilder line = new StringBuilder(80);
        int c = in.read();
        if (c < 0) {
            return null;
        }
        while (c >= 0 && c != '\n') {
            line.append((char) c);
            c = in.read();
        }
        if (!line.toString().startsWith(END)) {
            checksum.update(line.append('\n').toString().getBytes(StandardCharsets.ISO_8859_1));
            line.setLength(line.length() - 1);
        }
        return line.toString();
    }
}
