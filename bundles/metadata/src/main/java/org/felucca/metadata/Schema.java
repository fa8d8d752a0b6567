package org.felucca.metadata;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;

/**
 * The tables and how they came to be: a list of migrations, applied once each, in order, each in one transaction with
 * the version it leads to. Append-only: a migration that was released is never edited. Immutable.
 */
final class Schema {
    /** Tells our databases from others: "FLCA" in {@code PRAGMA application_id}. */
    static final int APPLICATION_ID = 0x464c4341;

    private static final String RECORD_TABLE = "CREATE TABLE %s (scope TEXT NOT NULL, key TEXT NOT NULL,"
            + " labels TEXT NOT NULL, document TEXT NOT NULL, refs TEXT NOT NULL, created TEXT NOT NULL,"
            + " updated TEXT NOT NULL, PRIMARY KEY (scope, key)) STRICT";

    /** Small records: one page less to write for each, as long as a row stays well below a quarter of a page. */
    private static final String SMALL_RECORD_TABLE = RECORD_TABLE + ", WITHOUT ROWID";

    /** What this version of the platform works with. */
    static final Schema CURRENT = new Schema(List.of(
            // 1: a table per kind, and what is kept alive by whom, found by what is kept alive
            List.of(
                    SMALL_RECORD_TABLE.formatted("namespace"),
                    RECORD_TABLE.formatted("image"),
                    RECORD_TABLE.formatted("container"),
                    SMALL_RECORD_TABLE.formatted("lease"),
                    SMALL_RECORD_TABLE.formatted("snapshot"),
                    SMALL_RECORD_TABLE.formatted("content"),
                    "CREATE TABLE reference (target_kind TEXT NOT NULL, target_scope TEXT NOT NULL,"
                            + " target_key TEXT NOT NULL, kind TEXT NOT NULL, scope TEXT NOT NULL, key TEXT NOT NULL,"
                            + " PRIMARY KEY (target_kind, target_scope, target_key, kind, scope, key))"
                            + " STRICT, WITHOUT ROWID"),
            // 2: how often the copies of the records were brought up to date
            List.of(
                    "CREATE TABLE copies (id INTEGER PRIMARY KEY CHECK (id = 1), flush INTEGER NOT NULL) STRICT",
                    "INSERT INTO copies VALUES (1, 0)")));

    private final List<List<String>> migrations;

    /**
     * Takes migrations.
     *
     * @param migrations the statements that lead from version {@code i} to {@code i + 1}
     */
    Schema(List<List<String>> migrations) {
        this.migrations = migrations.stream().map(List::copyOf).toList();
    }

    /** Returns the version all migrations lead to. */
    int version() {
        return migrations.size();
    }

    /**
     * Brings a database to this schema's version.
     *
     * @param connection in auto-commit mode
     * @throws FeluccaException FAILED_PRECONDITION if it is not ours or a newer platform made it
     * @throws SQLException if a migration fails; those before it stay
     */
    void migrate(Connection connection, Path file) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            int from = number(statement, "PRAGMA user_version");
            int application = number(statement, "PRAGMA application_id");
            if (from == 0 && application == 0 && number(statement, "SELECT count(*) FROM sqlite_schema") == 0) {
                application = APPLICATION_ID;
            }
            if (application != APPLICATION_ID) {
                throw new FeluccaException(
                        ErrorCode.FAILED_PRECONDITION,
                        "cannot open " + file,
                        "it is a database of another program (application id " + application + ")",
                        "move it away");
            }
            if (from > version()) {
                throw new FeluccaException(
                        ErrorCode.FAILED_PRECONDITION,
                        "cannot open " + file,
                        "a newer version of the platform wrote it (schema " + from + ", this one knows up to "
                                + version() + ")",
                        "start that version, or one after it");
            }
            for (int version = from; version < version(); version++) {
                apply(statement, version);
            }
        }
    }

    private void apply(Statement statement, int from) throws SQLException {
        statement.execute("BEGIN IMMEDIATE");
        try {
            for (String sql : migrations.get(from)) {
                statement.execute(sql);
            }
            statement.execute("PRAGMA application_id = " + APPLICATION_ID);
            statement.execute("PRAGMA user_version = " + (from + 1));
            statement.execute("COMMIT");
        } catch (SQLException e) {
            try {
                statement.execute("ROLLBACK");
            } catch (SQLException undo) {
                e.addSuppressed(undo);
            }
            throw e;
        }
    }

    private static int number(Statement statement, String sql) throws SQLException {
        try (ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getInt(1);
        }
    }
}
