package org.felucca.content;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Says how much of an ingest had arrived without a gap, while pieces past it arrive too: a file beside the data, there
 * before the first such piece and gone when none is left. It holds a number that was true at some moment, so that a
 * process that is killed leaves no gap that counts as data; what a power cut damages is found by the digest. Confined to
 * one thread at a time.
 */
final class GapMark implements AutoCloseable {
    static final String FILE = "received";

    private final Path directory;
    private final FileOperations files;
    private final FileChannel channel;

    /** Makes the mark. */
    GapMark(Path directory, FileOperations files, long received) throws IOException {
        this.directory = directory;
        this.files = files;
        this.channel = files.open(
                directory.resolve(FILE),
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE);
        try {
            move(received);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Notes that so much has arrived. */
    void move(long received) throws IOException {
        files.write(channel, ByteBuffer.allocate(Long.BYTES).putLong(0, received), 0);
    }

    /** How much of an ingest arrived without a gap: all of it, unless there is a mark. */
    static long received(Path directory, long size) throws IOException {
        byte[] mark;
        try {
            mark = Files.readAllBytes(directory.resolve(FILE));
        } catch (NoSuchFileException e) {
            return size;
        }
        long received = mark.length == Long.BYTES ? ByteBuffer.wrap(mark).getLong() : 0;
        return received < 0 ? 0 : Math.min(received, size);
    }

    /** Takes the mark of an ingest away, if there is one. */
    static void delete(Path directory, FileOperations files) throws IOException {
        if (Files.exists(directory.resolve(FILE))) {
            files.delete(directory.resolve(FILE));
        }
    }

    /** Takes the mark away: the data has no gap any more. */
    void remove() throws IOException {
        close();
        delete(directory, files);
    }

    /** Leaves the mark for the next who opens the ingest. */
    @Override
    public void close() throws IOException {
        channel.close();
    }
}
