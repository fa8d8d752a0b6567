package org.felucca.core.logs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.concurrent.CompletionStage;
import org.felucca.api.container.LogRequest;
import org.felucca.api.container.LogSink;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.core.spec.HostFiles;
import org.jspecify.annotations.Nullable;

/**
 * Reads logs, and follows them by the host's file events until their container has ended. Stateless; a read is confined
 * to its thread.
 */
public final class LogReader {
    /** Makes a reader. */
    public LogReader() {}

    /**
     * Reads a log; blocks while it follows.
     *
     * @param file the current file
     * @param request which part
     * @param sink takes it
     * @param ended completes when nothing more is written
     * @throws FeluccaException CANCELLED on interrupt; INTERNAL if the file cannot be read; what the sink throws
     */
    public void read(Path file, LogRequest request, LogSink sink, CompletionStage<?> ended) {
        try {
            new Read(file, request, sink).run(ended);
        } catch (IOException e) {
            throw HostFiles.failure("cannot read log " + file, e);
        }
    }

    private static final class Read {
        private final Path file;
        private final LogRequest request;
        private final LogSink sink;
        private final ArrayDeque<LogRecord> tail = new ArrayDeque<>();
        private long tailLines;
        private boolean tailFlushed;
        private boolean past;

        Read(Path file, LogRequest request, LogSink sink) {
            this.file = file;
            this.request = request;
            this.sink = sink;
        }

        void run(CompletionStage<?> ended) throws IOException {
            try (LogFiles files = new LogFiles(file)) {
                if (!request.follow()) {
                    open(files);
                    drain(files);
                    flushTail();
                    return;
                }
                try (WatchService watcher = watch()) {
                    boolean open = open(files);
                    drain(files);
                    flushTail();
                    if (watcher != null) {
                        ended.whenComplete((exit, failure) -> close(watcher));
                        follow(files, open, watcher);
                    }
                }
            }
        }

        /** A tail needs the end alone, unless what counts as the end lies before it. */
        private boolean open(LogFiles files) throws IOException {
            return request.tail() >= 0 && request.until() == null ? files.openNearEnd(request.tail()) : files.open();
        }

        /** Watches the log's directory; null if it is gone, and so nobody writes any more. */
        private @Nullable WatchService watch() throws IOException {
            Path directory = file.toAbsolutePath().getParent();
            if (directory == null) {
                throw new IllegalArgumentException("no log: " + file);
            }
            WatchService watcher = file.getFileSystem().newWatchService();
            try {
                directory.register(
                        watcher,
                        StandardWatchEventKinds.ENTRY_CREATE,
                        StandardWatchEventKinds.ENTRY_MODIFY,
                        StandardWatchEventKinds.ENTRY_DELETE);
                return watcher;
            } catch (NoSuchFileException | NotDirectoryException e) {
                watcher.close();
                return null;
            } catch (IOException e) {
                watcher.close();
                throw e;
            }
        }

        private static void close(WatchService watcher) {
            try {
                watcher.close();
            } catch (IOException e) {
                throw new UncheckedIOException("closing a watch failed", e);
            }
        }

        private void follow(LogFiles files, boolean opened, WatchService watcher) throws IOException {
            boolean open = opened;
            boolean more = true;
            while (more && !past) {
                more = await(watcher);
                open = open || files.open();
                drain(files);
            }
        }

        /** Waits for a change; {@code false} if none will come. */
        private boolean await(WatchService watcher) {
            try {
                WatchKey key = watcher.take();
                key.pollEvents();
                return key.reset();
            } catch (ClosedWatchServiceException e) {
                return false;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new FeluccaException(
                        ErrorCode.CANCELLED, "cannot follow log " + file, "the caller gave up", null, e);
            }
        }

        private void drain(LogFiles files) throws IOException {
            int length = files.next();
            while (length >= 0 && !past) {
                LogRecord record = LogRecord.parse(files.bytes(), length);
                if (record != null) {
                    take(record);
                }
                length = past ? -1 : files.next();
            }
            if (tailFlushed) {
                sink.caughtUp();
            }
        }

        private void take(LogRecord record) {
            Instant until = request.until();
            Instant since = request.since();
            if (until != null && record.time().isAfter(until)) {
                past = true;
                return;
            }
            if (since != null && record.time().isBefore(since)) {
                return;
            }
            if (tailFlushed || request.tail() < 0) {
                sink.accept(record.time(), record.stderr(), record.bytes());
                return;
            }
            tail.add(record);
            tailLines += record.full() ? 1 : 0;
            long beyond = record.full() ? request.tail() : request.tail() - 1;
            while (tailLines > 0 && tailLines > Math.max(0, beyond) && !tail.isEmpty()) {
                LogRecord dropped = tail.removeFirst();
                tailLines -= dropped.full() ? 1 : 0;
            }
        }

        private void flushTail() {
            tailFlushed = true;
            if (request.tail() != 0) {
                tail.forEach(record -> sink.accept(record.time(), record.stderr(), record.bytes()));
            }
            tail.clear();
            sink.caughtUp();
        }
    }
}
