package org.felucca.metadata;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves the write-ahead log into the database, on a thread and a connection of its own, each time enough has changed, so
 * that the log starts over and its pages, which are in memory, are written again: appending to an ever longer log costs
 * the writer twice as much. Passive checkpoints block nobody, but only one that overtakes the last commit lets the log
 * start over; when some tries did not, the small rest is moved under the writer's lock. Thread-safe.
 */
final class Checkpoints implements AutoCloseable {
    /** So many changed records make a checkpoint worth its syncs: some megabytes of log. */
    static final int CHANGES = 1_000;

    private static final int PASSIVE_TRIES = 3;

    private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);

    private final Database database;
    private final Connection connection;
    private final Lock writer;
    private final AtomicInteger changes = new AtomicInteger();
    private final Semaphore due = new Semaphore(0);
    private final Thread thread = new Thread(this::loop, "felucca-metadata-checkpoint");
    private volatile boolean closed;

    /**
     * Starts the thread.
     *
     * @param connection its own
     * @param writer held by whoever writes
     */
    Checkpoints(Database database, Connection connection, Lock writer) {
        this.database = database;
        this.connection = connection;
        this.writer = writer;
        thread.setDaemon(true);
        thread.start();
    }

    /** Counts records that a commit changed. */
    void changed(int records) {
        int before = changes.getAndAdd(records);
        if (before < CHANGES && before + records >= CHANGES) {
            due.release();
        }
    }

    /** Asks for a checkpoint now: the disk is full, and after one the log starts over in the space it has. */
    void soon() {
        due.release();
    }

    private void loop() {
        while (true) {
            due.acquireUninterruptibly();
            if (closed) {
                return;
            }
            changes.set(0);
            try {
                startLogOver();
            } catch (SQLException e) {
                LOG.warn(
                        "cannot checkpoint {}: {}; its log grows until it works again",
                        database.file(),
                        e.getMessage());
            }
        }
    }

    private void startLogOver() throws SQLException {
        for (int i = 0; i < PASSIVE_TRIES; i++) {
            if (checkpoint("PASSIVE") == 0) {
                return;
            }
        }
        writer.lock();
        try {
            checkpoint("PASSIVE");
        } finally {
            writer.unlock();
        }
    }

    /** Returns how many pages of the log could not be moved. */
    private int checkpoint(String mode) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("PRAGMA wal_checkpoint(" + mode + ")")) {
            rows.next();
            return rows.getInt(2) - rows.getInt(3);
        }
    }

    /** Ends the thread after the checkpoint under way. */
    @Override
    public void close() {
        closed = true;
        due.release();
        Threads.join(thread);
    }
}
