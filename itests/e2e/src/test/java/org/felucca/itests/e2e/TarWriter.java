package org.felucca.itests.e2e;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes a layer entry by entry, in any order and with any names, which tar(1) would not: POSIX ustar, with pax records
 * for extended attributes. Every entry has owner 0:0 and one time unless said otherwise. Confined to one thread.
 */
final class TarWriter implements AutoCloseable {
    static final long TIME = 1_700_000_000L;

    private final OutputStream out;
    private int uid;
    private int gid;
    private long time = TIME;
    private Map<String, String> xattrs = Map.of();

    TarWriter(Path file) {
        try {
            out = Files.newOutputStream(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The owner of the entries that follow. */
    TarWriter owner(int user, int group) {
        uid = user;
        gid = group;
        return this;
    }

    /** The time of the entries that follow. */
    TarWriter time(long seconds) {
        time = seconds;
        return this;
    }

    /** An extended attribute of the next entry alone. */
    TarWriter xattr(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(xattrs);
        more.put(name, value);
        xattrs = more;
        return this;
    }

    TarWriter directory(String name, int mode) {
        return entry(name + "/", '5', mode, "", new byte[0], 0, 0);
    }

    TarWriter file(String name, int mode, String content) {
        return file(name, mode, content.getBytes(StandardCharsets.UTF_8));
    }

    TarWriter file(String name, int mode, byte[] content) {
        return entry(name, '0', mode, "", content, 0, 0);
    }

    TarWriter symlink(String name, String target) {
        return entry(name, '2', 0777, target, new byte[0], 0, 0);
    }

    /** The mode is the target's: some unpackers apply it, some do not. */
    TarWriter hardlink(String name, int mode, String target) {
        return entry(name, '1', mode, target, new byte[0], 0, 0);
    }

    TarWriter device(String name, char type, int mode, int major, int minor) {
        return entry(name, type == 'c' ? '3' : '4', mode, "", new byte[0], major, minor);
    }

    TarWriter fifo(String name, int mode) {
        return entry(name, '6', mode, "", new byte[0], 0, 0);
    }

    /** Hides what the layers below have under this name. */
    TarWriter whiteout(String name) {
        int slash = name.lastIndexOf('/') + 1;
        return file(name.substring(0, slash) + ".wh." + name.substring(slash), 0, "");
    }

    /** Hides everything the layers below have in this directory. */
    TarWriter opaque(String directory) {
        return file(directory + "/.wh..wh..opq", 0, "");
    }

    private TarWriter entry(String name, char type, int mode, String target, byte[] content, int major, int minor) {
        try {
            if (!xattrs.isEmpty()) {
                ByteArrayOutputStream records = new ByteArrayOutputStream();
                for (Map.Entry<String, String> xattr : xattrs.entrySet()) {
                    records.writeBytes(record("SCHILY.xattr." + xattr.getKey(), xattr.getValue()));
                }
                xattrs = Map.of();
                header("pax", 'x', 0644, records.size(), "", 0, 0);
                body(records.toByteArray());
            }
            header(name, type, mode, content.length, target, major, minor);
            body(content);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A pax record starts with its own length in decimal. */
    private static byte[] record(String key, String value) {
        byte[] rest = (" " + key + "=" + value + "\n").getBytes(StandardCharsets.ISO_8859_1);
        int length = rest.length + 1;
        while (String.valueOf(length).length() + rest.length != length) {
            length++;
        }
        return (length + new String(rest, StandardCharsets.ISO_8859_1)).getBytes(StandardCharsets.ISO_8859_1);
    }

    private void header(String name, char type, int mode, long size, String target, int major, int minor)
            throws IOException {
        byte[] block = new byte[512];
        text(block, 0, 100, name);
        octal(block, 100, 8, mode);
        octal(block, 108, 8, uid);
        octal(block, 116, 8, gid);
        octal(block, 124, 12, size);
        octal(block, 136, 12, time);
        block[156] = (byte) type;
        text(block, 157, 100, target);
        text(block, 257, 8, "ustar\00000");
        octal(block, 329, 8, major);
        octal(block, 337, 8, minor);
        int sum = 8 * ' ';
        for (byte b : block) {
            sum += b & 0xff;
        }
        octal(block, 148, 7, sum);
        block[155] = ' ';
        out.write(block);
    }

    private void body(byte[] content) throws IOException {
        out.write(content);
        out.write(new byte[(512 - content.length % 512) % 512]);
    }

    private static void text(byte[] block, int at, int room, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.ISO_8859_1);
        if (bytes.length > room) {
            throw new IllegalArgumentException("too long for a ustar field: " + value);
        }
        System.arraycopy(bytes, 0, block, at, bytes.length);
    }

    private static void octal(byte[] block, int at, int room, long value) {
        text(block, at, room - 1, String.format("%0" + (room - 1) + "o", value));
    }

    @Override
    public void close() {
        try {
            out.write(new byte[1024]);
            out.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
