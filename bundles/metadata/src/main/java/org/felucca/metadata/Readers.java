package org.felucca.metadata;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
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

    /** Connections that nobody uses; an empty element, which stays, once this is closed. */
    private final BlockingQueue<Optional<RecordTables>> idle = new ArrayBlockingQueue<>(CONNECTIONS);

    Readers(Database database) throws SQLException {
        for (int i = 0; i < CONNECTIONS; i++) {
            Connection connection = database.connection();
            idle.add(Optional.of(new RecordTables(connection)));
        }
    }

    /**
     * Asks.
     *
     * @throws FeluccaException CANCELLED if the thread is interrupted while it waits for a connection; UNAVAILABLE
     *     after the close
     */
    <T> @Nullable T read(String subject, Query<T> query) throws SQLException {
        RecordTables tables = take(subject);
        try {
            return query.run(tables);
        } finally {
            idle.add(Optional.of(tables));
        }
    }

    /** Waits for the queries under way; those that wait for a connection are refused. */
    @Override
    public void close() {
        for (int i = 0; i < CONNECTIONS; i++) {
            takeUninterruptibly();
        }
        idle.add(Optional.empty());
    }

    private RecordTables take(String subject) {
        try {
            Optional<RecordTables> taken = idle.take();
            if (taken.isEmpty()) {
                idle.add(taken);
                throw new FeluccaException(
                        ErrorCode.UNAVAILABLE, subject, "the metadata database is closed: the daemon is stopping");
            }
            return taken.get();
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
