package org.felucca.runtime.engine.compiler;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;

/**
 * Connections of clients, each of one request and one answer. A client of another user gets no answer; one that does not
 * ask in time is let go, so that it holds up nobody. Thread-safe.
 */
public final class CompilerConnections {
    private static final int MOST_REQUEST = 16 << 20;
    private static final int WORKERS = 4;

    private final PlanService service;
    private final Duration patience;
    private final Consumer<String> report;
    private final ExecutorService workers;
    private final ScheduledThreadPoolExecutor deadlines;
    private final AtomicInteger busy = new AtomicInteger();
    private final String owner;

    /**
     * Starts no thread before the first connection.
     *
     * @param patience for the whole of a request and its answer
     * @param report is told of clients that were lost
     * @throws IOException if this process's own user cannot be told
     */
    public CompilerConnections(PlanService service, Duration patience, Consumer<String> report) throws IOException {
        this.service = service;
        this.patience = patience;
        this.report = report;
        this.owner = Files.getOwner(Path.of("/proc/self")).getName();
        this.workers = Executors.newFixedThreadPool(WORKERS, named("compiler-"));
        this.deadlines = new ScheduledThreadPoolExecutor(1, named("compiler-deadline-"));
        deadlines.setRemoveOnCancelPolicy(true);
        deadlines.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    private static ThreadFactory named(String prefix) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, prefix + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Answers the connection in its turn, and closes it. */
    public void accept(SocketChannel connection) {
        busy.incrementAndGet();
        workers.execute(() -> {
            try (connection) {
                answerInTime(connection);
            } catch (IOException e) {
                report.accept("a client was lost: " + (e.getMessage() == null ? "it took too long" : e.getMessage()));
            } finally {
                busy.decrementAndGet();
            }
        });
    }

    private void answerInTime(SocketChannel connection) throws IOException {
        Future<?> deadline = deadlines.schedule(() -> close(connection), patience.toMillis(), TimeUnit.MILLISECONDS);
        try {
            answer(connection);
        } finally {
            deadline.cancel(false);
        }
    }

    /** Whether no connection is open. */
    public boolean isIdle() {
        return busy.get() == 0;
    }

    /**
     * Takes no more connections, and waits for the answers to those that are there, no longer than it has patience.
     *
     * @throws InterruptedIOException if the thread is interrupted; its flag is set
     */
    public void finish() throws InterruptedIOException {
        workers.shutdown();
        try {
            if (!workers.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                report.accept("a client did not ask within " + patience.toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the last clients were answered");
        } finally {
            deadlines.shutdown();
        }
    }

    private void close(SocketChannel connection) {
        try {
            connection.close();
        } catch (IOException e) {
            report.accept("a client that took too long was not closed: " + e.getMessage());
        }
    }

    private void answer(SocketChannel connection) throws IOException {
        UnixDomainPrincipal peer = connection.getOption(ExtendedSocketOptions.SO_PEERCRED);
        if (!peer.user().getName().equals(owner)) {
            throw new IOException("it is of user " + peer.user().getName());
        }
        ByteBuffer header = read(connection, 4);
        int length = header.getInt();
        if (length < 0 || length > MOST_REQUEST) {
            throw new IOException("its request has " + length + " bytes");
        }
        byte[] answer = service.answer(read(connection, length));
        ByteBuffer out = ByteBuffer.allocate(4 + answer.length).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(answer.length).put(answer).flip();
        while (out.hasRemaining()) {
            connection.write(out);
        }
    }

    private static ByteBuffer read(SocketChannel connection, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (connection.read(bytes) < 0) {
                throw new EOFException("its request ended early");
            }
        }
        return bytes.flip();
    }
}
