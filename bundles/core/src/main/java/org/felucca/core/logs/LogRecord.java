package org.felucca.core.logs;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One line of a log file.
 *
 * @param time when it was written
 * @param stderr whether it was written to standard error
 * @param full whether the line ends here
 * @param bytes the text, with its line end if it is full
 */
record LogRecord(Instant time, boolean stderr, boolean full, byte[] bytes) {
    private static final byte[] STDOUT = "stdout".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] STDERR = "stderr".getBytes(StandardCharsets.US_ASCII);

    /**
     * Reads a line.
     *
     * @param line the line without its line end
     * @return the record, or null if it is none: a damaged line is skipped, as kubelet does
     */
    static @Nullable LogRecord parse(byte[] line, int length) {
        int first = space(line, 0, length);
        int second = first < 0 ? -1 : space(line, first + 1, length);
        int third = second < 0 ? -1 : space(line, second + 1, length);
        if (third < 0) {
            return null;
        }
        boolean stderr = is(line, first + 1, second, STDERR);
        if (!stderr && !is(line, first + 1, second, STDOUT)) {
            return null;
        }
        char tag = (char) line[second + 1];
        if (tag != 'F' && tag != 'P') {
            return null;
        }
        try {
            Instant time = time(new String(line, 0, first, StandardCharsets.US_ASCII));
            boolean full = tag == 'F';
            byte[] bytes = Arrays.copyOfRange(line, third + 1, length + (full ? 1 : 0));
            if (full) {
                bytes[bytes.length - 1] = '\n';
            }
            return new LogRecord(time, stderr, full, bytes);
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static Instant time(String text) {
        return text.endsWith("Z")
                ? Instant.parse(text)
                : OffsetDateTime.parse(text).toInstant();
    }

    private static int space(byte[] line, int from, int length) {
        for (int i = from; i < length; i++) {
            if (line[i] == ' ') {
                return i;
            }
        }
        return -1;
    }

    private static boolean is(byte[] line, int from, int to, byte[] word) {
        return Arrays.equals(line, from, to, word, 0, word.length);
    }
}
