package org.felucca.layers;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.felucca.posix.fs.Names;

/** Writes pax archives, also such as no tool would write. */
public final class TarBuilder {

    private static final int BLOCK = 512;
    private static final long TIME = 1_600_000_000;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Map<String, byte[]> records = new LinkedHashMap<>();
    private int mode = -1;
    private int uid;
    private int gid;
    private long mtime = TIME;

    /** The next member's permissions. */
    public TarBuilder mode(int value) {
        mode = value;
        return this;
    }

    /** The next member's owner. */
    public TarBuilder owner(int user, int group) {
        uid = user;
        gid = group;
        return this;
    }

    /** The next member's time. */
    public TarBuilder mtime(long seconds) {
        mtime = seconds;
        return this;
    }

    /** A pax record of the next member. */
    public TarBuilder record(String key, byte[] value) {
        records.put(key, value);
        return this;
    }

    public TarBuilder record(String key, String value) {
        return record(key, value.getBytes(StandardCharsets.UTF_8));
    }

    public TarBuilder attribute(String name, String value) {
        return record("SCHILY.xattr." + name, value);
    }

    public TarBuilder directory(String path) {
        return member('5', path, "", mode < 0 ? 0755 : mode, 0, 0, new byte[0]);
    }

    public TarBuilder file(String path, String content) {
        return file(path, content.getBytes(StandardCharsets.UTF_8));
    }

    public TarBuilder file(String path, byte[] content) {
        return member('0', path, "", mode < 0 ? 0644 : mode, 0, 0, content);
    }

    public TarBuilder symlink(String path, String target) {
        return member('2', path, target, mode < 0 ? 0777 : mode, 0, 0, new byte[0]);
    }

    public TarBuilder hardLink(String path, String target) {
        return member('1', path, target, mode < 0 ? 0644 : mode, 0, 0, new byte[0]);
    }

    public TarBuilder characterDevice(String path, int major, int minor) {
        return member('3', path, "", mode < 0 ? 0666 : mode, major, minor, new byte[0]);
    }

    public TarBuilder blockDevice(String path, int major, int minor) {
        return member('4', path, "", mode < 0 ? 0660 : mode, major, minor, new byte[0]);
    }

    public TarBuilder fifo(String path) {
        return member('6', path, "", mode < 0 ? 0600 : mode, 0, 0, new byte[0]);
    }

    /** A file that deletes {@code path} below. */
    public TarBuilder whiteout(String path) {
        int slash = path.lastIndexOf('/') + 1;
        return file(path.substring(0, slash) + ".wh." + path.substring(slash), "");
    }

    /** A file that hides everything below in {@code directory}. */
    public TarBuilder opaque(String directory) {
        return file((directory.isEmpty() ? "" : directory + "/") + ".wh..wh..opq", "");
    }

    /** Any member. */
    public TarBuilder member(
            char type, String path, String link, int permissions, int major, int minor, byte[] content) {
        byte[] name = Names.encode(path);
        byte[] target = Names.encode(link);
        if (name.length > 100) {
            record("path", name);
        }
        if (target.length > 100) {
            record("linkpath", target);
        }
        if (!records.isEmpty()) {
            byte[] body = body();
            records.clear();
            header('x', "PaxHeaders/x".getBytes(StandardCharsets.US_ASCII), new byte[0], 0644, 0, 0, body.length);
            data(body);
        }
        header(type, name, target, permissions, major, minor, content.length);
        data(content);
        mode = -1;
        uid = 0;
        gid = 0;
        mtime = TIME;
        return this;
    }

    private byte[] body() {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        records.forEach((key, value) -> {
            byte[] text = key.getBytes(StandardCharsets.UTF_8);
            int length = text.length + value.length + 3;
            int digits =
                    String.valueOf(length + String.valueOf(length).length()).length();
            body.writeBytes((length + digits + " ").getBytes(StandardCharsets.US_ASCII));
            body.writeBytes(text);
            body.write('=');
            body.writeBytes(value);
            body.write('\n');
        });
        return body.toByteArray();
    }

    private void header(char type, byte[] name, byte[] link, int permissions, int major, int minor, long size) {
        byte[] block = new byte[BLOCK];
        System.arraycopy(name, 0, block, 0, Math.min(100, name.length));
        octal(block, 100, 8, permissions);
        octal(block, 108, 8, uid);
        octal(block, 116, 8, gid);
        octal(block, 124, 12, size);
        octal(block, 136, 12, mtime);
        block[156] = (byte) type;
        System.arraycopy(link, 0, block, 157, Math.min(100, link.length));
        System.arraycopy("ustar\00000".getBytes(StandardCharsets.US_ASCII), 0, block, 257, 8);
        octal(block, 329, 8, major);
        octal(block, 337, 8, minor);
        Arrays.fill(block, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte b : block) {
            sum += b & 0xFF;
        }
        octal(block, 148, 7, sum);
        out.writeBytes(block);
    }

    private static void octal(byte[] block, int offset, int length, long value) {
        String digits = String.format("%0" + (length - 1) + "o", value);
        System.arraycopy(digits.getBytes(StandardCharsets.US_ASCII), 0, block, offset, length - 1);
        block[offset + length - 1] = 0;
    }

    private void data(byte[] content) {
        out.writeBytes(content);
        out.writeBytes(new byte[-content.length & BLOCK - 1]);
    }

    /** The archive so far, without its end. */
    public byte[] open() {
        return out.toByteArray();
    }

    /** The archive. */
    public byte[] build() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(out.toByteArray());
        all.writeBytes(new byte[2 * BLOCK]);
        return all.toByteArray();
    }

    /** The archive, compressed with gzip. */
    public byte[] gzip() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (java.util.zip.GZIPOutputStream gzip = new java.util.zip.GZIPOutputStream(bytes)) {
            gzip.write(build());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return bytes.toByteArray();
    }
}
