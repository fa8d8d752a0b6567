package org.felucca.metadata;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one connection that writes. A connection whose rollback fails is replaced: SQLite ends a transaction by itself
 * when the disk is full or a read fails, and what is left then is not worth reasoning about. Guarded by the store's
 * writer lock.
 */
final class Writer {
    private static final Logger LOG = LoggerFactory.getLogger(Writer.class);

    private final Database database;
    private @Nullable Connection connection;
    private @Nullable RecordTables tables;

    Writer(Database database) throws SQLException {
        this.database = database;
        tables();
    }

    /** Returns the tables, inside a transaction that takes its lock with the first write. */
    RecordTables tables() throws SQLException {
        RecordTables current = tables;
        if (current == null) {
            Connection fresh = database.connection();
            fresh.setAutoCommit(false);
            connection = fresh;
            current = new RecordTables(fresh);
            tables = current;
        }
        return current;
    }

    /** Writes how often the copies were brought up to date; the caller commits. */
    void countFlush(long flush) throws SQLException {
        tables();
        Connection current = connection;
        if (current != null) {
            Rebuild.count(current, flush);
        }
    }

    void commit() throws SQLException {
        Connection current = connection;
        if (current != null) {
            current.commit();
        }
    }

    /** Undoes; what goes wrong is added to the failure that led here, if there was one. */
    void rollback(@Nullable Throwable failure) {
        Connection current = connection;
        if (current == null) {
            return;
        }
        try {
            current.rollback();
        } catch (SQLException e) {
            if (failure == null) {
                LOG.warn(
                        "cannot end a transaction in {}: {}; its connection is replaced",
                        database.file(),
                        e.getMessage());
            } else {
                failure.addSuppressed(e);
            }
            connection = null;
            tables = null;
            database.discard(current);
        }
    }
}
