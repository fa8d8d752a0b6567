package org.felucca.metadata;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.jspecify.annotations.Nullable;

/** A few connections that only read, each a snapshot of what is committed. Thread-safe. */
final class Readers implements AutoCloseable {
    /** What to ask. */
    @FunctionalInterface
    interface Query<T> {
        @Nullable
        T run(RecordTables tables) throws SQLException;
    }

    private static final int CONNECTIONS = 2;

    private final BlockingQueue<RecordTables> idle = new ArrayBlockingQueue<>(CONNECTIONS);

    Readers(Database database) throws SQLException {
        for (int i = 0; i < CONNECTIONS; i++) {
            Connection connection = database.connection();
            idle.add(new RecordTables(connection));
        }
    }

    /**
     * Asks.
     *
     * @throws FeluccaException CANCELLED if the thread is interrupted while it waits for a connection
     */
    <T> @Nullable T read(String subject, Query<T> query) throws SQLException {
        RecordTables tables = take(subject);
        try {
            return query.run(tables);
        } finally {
            idle.add(tables);
        }
    }

    /** Waits for the queries under way. */
    @Override
    public void close() {
        for (int i = 0; i < CONNECTIONS; i++) {
            takeUninterruptibly();
        }
    }

    private RecordTables take(String subject) {
        try {
            return idle.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FeluccaException(ErrorCode.CANCELLED, subject, "interrupted", null, e);
        }
    }

    private void takeUninterruptibly() {
        boolean interrupted = false;
        while (true) {
            try {
                idle.take();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
