package org.felucca.core.logs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.felucca.api.container.LogRequest;
import org.felucca.api.container.LogSink;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogReaderTest {
    private static final CompletableFuture<Boolean> ENDED = CompletableFuture.completedFuture(true);
    private static final LogRequest FOLLOW = new LogRequest(true, -1, null, null);

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void name() {
        file = directory.resolve("container.log");
    }

    private static String line(int second, String stream, String tag, String text) {
        return String.format("2026-01-01T00:00:%02d.000000001Z %s %s %s%n", second, stream, tag, text);
    }

    private void append(String text) throws IOException {
        Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private List<String> read(LogRequest request) {
        List<String> out = new ArrayList<>();
        new LogReader()
                .read(
                        file,
                        request,
                        (time, stderr, bytes) ->
                                out.add((stderr ? "E:" : "O:") + new String(bytes, StandardCharsets.UTF_8)),
                        ENDED);
        return out;
    }

    private static LogRequest tail(long lines) {
        return new LogRequest(false, lines, null, null);
    }

    @Test
    void read_givesLinesWithTheirEndsAndPartsWithout() throws IOException {
        append(line(1, "stdout", "F", "one") + line(2, "stderr", "P", "par") + line(2, "stderr", "F", "tial é"));

        assertEquals(List.of("O:one\n", "E:par", "E:tial é\n"), read(LogRequest.ALL));
    }

    @Test
    void read_saysWhenItHasCaughtUp() throws IOException {
        append(line(1, "stdout", "F", "one") + line(2, "stdout", "F", "two"));
        List<String> seen = new ArrayList<>();

        new LogReader()
                .read(
                        file,
                        tail(1),
                        new LogSink() {
                            @Override
                            public void accept(Instant time, boolean stderr, byte[] bytes) {
                                seen.add(new String(bytes, StandardCharsets.UTF_8));
                            }

                            @Override
                            public void caughtUp() {
                                seen.add("caught up");
                            }
                        },
                        ENDED);

        assertEquals(List.of("two\n", "caught up"), seen);
    }

    @Test
    void read_withoutAFile_givesNothing() {
        assertEquals(List.of(), read(LogRequest.ALL));
        assertEquals(List.of(), read(FOLLOW));
    }

    @Test
    void read_ofADirectoryThatIsGone_whileFollowing_givesNothing() {
        file = directory.resolve("gone").resolve("container.log");

        assertEquals(List.of(), read(FOLLOW));
    }

    @Test
    void read_skipsDamagedLinesAndTheUnfinishedOne() throws IOException {
        append("rubbish\n" + line(1, "stdout", "F", "one") + "2026-01-01T00:00:02Z stdout F unfini");

        assertEquals(List.of("O:one\n"), read(LogRequest.ALL));
    }

    @Test
    void read_takesTimesWithAnOffset() throws IOException {
        append("2026-01-01T02:00:01+02:00 stdout F one\n");
        List<Instant> times = new ArrayList<>();

        new LogReader().read(file, LogRequest.ALL, (time, stderr, bytes) -> times.add(time), ENDED);

        assertEquals(List.of(Instant.parse("2026-01-01T00:00:01Z")), times);
    }

    @Test
    void read_startsWithTheOldestRotatedFile() throws IOException {
        Files.writeString(directory.resolve("container.log.2"), line(1, "stdout", "F", "one"));
        Files.writeString(directory.resolve("container.log.1"), line(2, "stdout", "F", "two"));
        append(line(3, "stdout", "F", "three"));

        assertEquals(List.of("O:one\n", "O:two\n", "O:three\n"), read(LogRequest.ALL));
        assertEquals(List.of("O:two\n", "O:three\n"), read(tail(2)));
    }

    @Test
    void tail_countsLinesNotParts() throws IOException {
        append(line(1, "stdout", "F", "one")
                + line(2, "stdout", "P", "t")
                + line(2, "stdout", "F", "wo")
                + line(3, "stdout", "P", "open"));

        assertEquals(List.of("O:open"), read(tail(1)));
        assertEquals(List.of("O:t", "O:wo\n", "O:open"), read(tail(2)));
        assertEquals(List.of("O:one\n", "O:t", "O:wo\n", "O:open"), read(tail(3)));
        assertEquals(List.of(), read(tail(0)));
    }

    @Test
    void tail_ofAnyLength_isTheEndOfTheWhole() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            text.append(line(1, i % 5 == 0 ? "stderr" : "stdout", i % 3 == 0 ? "P" : "F", "number " + i));
        }
        Files.writeString(directory.resolve("container.log.1"), text);
        append(text.toString());
        List<String> all = read(LogRequest.ALL);
        long whole = all.stream().filter(piece -> piece.endsWith("\n")).count();

        for (long lines : new long[] {0, 1, 7, 1_000, 5_000, whole / 2, whole / 2 + 1, whole - 1, whole, whole + 1}) {
            List<String> expected = new ArrayList<>(all);
            for (long left = whole; left > lines; left--) {
                while (!expected.remove(0).endsWith("\n")) {
                    assertFalse(expected.isEmpty());
                }
            }
            assertEquals(expected, read(tail(lines)), () -> "tail " + lines);
        }
    }

    @Test
    void tail_ofAHugeLog_readsItsEndAlone() throws IOException {
        // A hole: whoever reads it from the start finds a line that fits into no array.
        try (RandomAccessFile hole = new RandomAccessFile(file.toFile(), "rw")) {
            hole.setLength(1L << 34);
        }
        append("\n" + line(1, "stdout", "F", "text").repeat(5_000) + line(1, "stdout", "F", "end"));

        assertEquals(List.of("O:text\n", "O:end\n"), read(tail(2)));
    }

    @Test
    void sinceAndUntil_cutOff() throws IOException {
        append(line(1, "stdout", "F", "one") + line(2, "stdout", "F", "two") + line(3, "stdout", "F", "three"));
        Instant two = Instant.parse("2026-01-01T00:00:02Z");

        assertEquals(List.of("O:two\n", "O:three\n"), read(new LogRequest(false, -1, two, null)));
        assertEquals(List.of("O:one\n"), read(new LogRequest(false, -1, null, two)));
    }

    /** A follow under way on its own thread. */
    private final class Follow {
        private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        private final CompletableFuture<Boolean> ended = new CompletableFuture<>();
        private final CompletableFuture<ErrorCode> failed = new CompletableFuture<>();
        private final Thread thread = new Thread(() -> {
            try {
                new LogReader()
                        .read(
                                file,
                                FOLLOW,
                                (time, stderr, bytes) -> lines.add(new String(bytes, StandardCharsets.UTF_8)),
                                ended);
            } catch (FeluccaException e) {
                failed.complete(e.code());
            }
        });

        Follow() {
            thread.start();
        }

        String next() throws InterruptedException {
            String line = lines.poll(10, TimeUnit.SECONDS);
            return line == null ? "nothing came" : line;
        }

        List<String> end() throws InterruptedException {
            ended.complete(true);
            thread.join(10_000);
            return List.copyOf(lines);
        }
    }

    @Test
    void follow_givesWhatIsWrittenUntilTheEnd() throws Exception {
        append(line(1, "stdout", "F", "one"));
        Follow follow = new Follow();
        assertEquals("one\n", follow.next());

        append(line(2, "stdout", "F", "two"));
        assertEquals("two\n", follow.next());
        append("2026-01-01T00:00:03Z stdout F thr");
        append("ee\n");
        assertEquals("three\n", follow.next());

        append(line(4, "stdout", "F", "last"));
        assertEquals(List.of("last\n"), follow.end(), "what was written before the end is not lost");
    }

    @Test
    void follow_waitsForAFileThatIsNotThereYet() throws Exception {
        Follow follow = new Follow();
        append(line(1, "stdout", "F", "one"));
        assertEquals("one\n", follow.next());
        follow.end();
    }

    @Test
    void follow_goesThroughRotations() throws Exception {
        append(line(1, "stdout", "F", "one"));
        Follow follow = new Follow();
        assertEquals("one\n", follow.next());

        append(line(2, "stdout", "F", "two"));
        Files.move(file, directory.resolve("container.log.1"));
        append(line(3, "stdout", "F", "three"));
        Files.move(directory.resolve("container.log.1"), directory.resolve("container.log.2"));
        Files.move(file, directory.resolve("container.log.1"));
        append(line(4, "stdout", "F", "four"));

        assertEquals("two\n", follow.next());
        assertEquals("three\n", follow.next());
        assertEquals("four\n", follow.next());
        follow.end();
    }

    @Test
    void follow_whoseDirectoryWasRemovedAtTheEnd_losesNothing() throws Exception {
        append(line(1, "stdout", "F", "one"));
        Follow follow = new Follow();
        assertEquals("one\n", follow.next());

        append(line(2, "stdout", "F", "two"));
        Files.delete(file);
        Files.delete(directory);

        assertEquals("two\n", follow.next());
        assertEquals(List.of(), follow.end());
        assertFalse(follow.thread.isAlive());
        Files.createDirectory(directory);
    }

    @Test
    void follow_interrupted_throwsCancelled() throws Exception {
        append(line(1, "stdout", "F", "one"));
        Follow follow = new Follow();
        assertEquals("one\n", follow.next());

        follow.thread.interrupt();

        assertEquals(ErrorCode.CANCELLED, follow.failed.get(10, TimeUnit.SECONDS));
    }

    @Test
    void sinkThatThrows_endsTheRead() throws IOException {
        append(line(1, "stdout", "F", "one") + line(2, "stdout", "F", "two"));

        assertThrows(
                IllegalStateException.class,
                () -> new LogReader()
                        .read(
                                file,
                                LogRequest.ALL,
                                (time, stderr, bytes) -> {
                                    throw new IllegalStateException("the client is gone");
                                },
                                ENDED));
    }
}
