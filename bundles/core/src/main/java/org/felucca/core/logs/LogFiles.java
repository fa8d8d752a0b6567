package org.felucca.core.logs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The files of one log as a single stream of lines, oldest first, while they grow and rotate. A file that is open keeps
 * being read after it was renamed or removed. Confined to one thread.
 */
final class LogFiles implements AutoCloseable {
    private static final int BLOCK = 64 << 10;

    private final Path current;
    private final ByteBuffer block = ByteBuffer.allocate(BLOCK).flip();
    private byte[] line = new byte[1024];
    private int length;
    private @Nullable SeekableByteChannel channel;
    private @Nullable Object key;

    LogFiles(Path current) {
        this.current = current;
    }

    private Path rotated(int number) {
        return number == 0 ? current : current.resolveSibling(current.getFileName() + "." + number);
    }

    /** Opens the oldest file there is; {@code false} if there is none. */
    boolean open() throws IOException {
        int oldest = 0;
        while (Files.exists(rotated(oldest + 1))) {
            oldest++;
        }
        for (int number = oldest; number >= 0; number--) {
            if (open(rotated(number))) {
                return true;
            }
        }
        return false;
    }

    /**
     * Opens a place with more than the given number of whole lines of output behind it, as near to the end as is cheap to
     * find, or the oldest file; {@code false} if there is none.
     */
    boolean openNearEnd(long lines) throws IOException {
        for (long window = BLOCK; ; window *= 4) {
            if (!open(current)) {
                break;
            }
            SeekableByteChannel opened = channel;
            if (opened == null || opened.size() <= window) {
                break;
            }
            long start = opened.size() - window;
            seek(opened, start);
            if (hasMoreThan(lines) && opened == channel) {
                seek(opened, start);
                return true;
            }
        }
        return open();
    }

    /** Goes to the first line that begins behind an offset. */
    private void seek(SeekableByteChannel opened, long offset) throws IOException {
        opened.position(offset);
        block.clear().flip();
        length = 0;
        next();
    }

    private boolean hasMoreThan(long lines) throws IOException {
        long count = 0;
        for (int size = next(); size >= 0; size = next()) {
            LogRecord record = LogRecord.parse(line, size);
            if (record != null && record.full() && ++count > lines) {
                return true;
            }
        }
        return false;
    }

    private boolean open(Path file) throws IOException {
        SeekableByteChannel opened;
        try {
            opened = Files.newByteChannel(file, StandardOpenOption.READ);
        } catch (NoSuchFileException e) {
            return false;
        }
        closeChannel();
        channel = opened;
        key = keyOf(file);
        block.clear().flip();
        length = 0;
        return true;
    }

    private static @Nullable Object keyOf(Path file) throws IOException {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /**
     * Returns the next whole line, without its line end, in {@link #bytes()}.
     *
     * @return its length; -1 if there is none at present
     */
    int next() throws IOException {
        while (true) {
            int found = fromBlock();
            if (found >= 0) {
                return found;
            }
            if (channel == null) {
                return -1;
            }
            block.clear();
            int read = channel.read(block);
            block.flip();
            if (read <= 0 && !advance()) {
                return -1;
            }
        }
    }

    /** The buffer that holds the line last returned; valid until the next call. */
    byte[] bytes() {
        return line;
    }

    private int fromBlock() {
        while (block.hasRemaining()) {
            byte next = block.get();
            if (next == '\n') {
                int result = length;
                length = 0;
                return result;
            }
            if (length == line.length) {
                line = Arrays.copyOf(line, 2 * length);
            }
            line[length++] = next;
        }
        return -1;
    }

    /** At the end of the open file: goes on with the one that followed it, if it was rotated. */
    private boolean advance() throws IOException {
        SeekableByteChannel open = channel;
        Object now = keyOf(current);
        if (open == null || now == null || now.equals(key)) {
            return restartIfTruncated(open);
        }
        // What was written between the last read and the rotation is still in the open file.
        block.clear();
        int rest = open.read(block);
        block.flip();
        if (rest > 0) {
            return true;
        }
        for (Path file : newerThanOpen()) {
            if (open(file)) {
                return true;
            }
        }
        return open(current);
    }

    private boolean restartIfTruncated(@Nullable SeekableByteChannel open) throws IOException {
        if (open != null && open.position() > open.size()) {
            open.position(0);
            length = 0;
            return true;
        }
        return false;
    }

    /** The files written after the open one, oldest first. */
    private List<Path> newerThanOpen() throws IOException {
        List<Path> newer = new ArrayList<>();
        newer.add(current);
        for (int number = 1; ; number++) {
            Object other = keyOf(rotated(number));
            if (other == null || other.equals(key)) {
                break;
            }
            newer.add(rotated(number));
        }
        Collections.reverse(newer);
        return newer;
    }

    private void closeChannel() throws IOException {
        if (channel != null) {
            channel.close();
            channel = null;
        }
    }

    @Override
    public void close() throws IOException {
        closeChannel();
    }
}
