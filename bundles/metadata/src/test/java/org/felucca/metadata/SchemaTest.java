package org.felucca.metadata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.metadata.RecordKind;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchemaTest {
    private static final List<String> FIRST = List.of("CREATE TABLE reference (kind TEXT, old TEXT) STRICT");
    private static final List<String> SECOND =
            List.of("ALTER TABLE reference ADD COLUMN added TEXT", "UPDATE reference SET added = old || '!'");

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void name() {
        file = directory.resolve("felucca.db");
    }

    @Test
    void open_empty_hasATablePerKind() throws Exception {
        Database.open(file, Schema.CURRENT).close();
        Set<String> expected = new TreeSet<>(Set.of("reference", "copies"));
        for (RecordKind kind : RecordKind.values()) {
            expected.add(kind.label());
        }
        assertEquals(expected, new TreeSet<>(column("SELECT name FROM sqlite_schema WHERE type = 'table'")));
        assertEquals(List.of(String.valueOf(Schema.CURRENT.version())), column("PRAGMA user_version"));
    }

    @Test
    void open_olderSchema_appliesWhatIsMissingAndKeepsData() throws Exception {
        Database.open(file, new Schema(List.of(FIRST))).close();
        execute("INSERT INTO reference VALUES ('k', 'v')");
        Database.open(file, new Schema(List.of(FIRST, SECOND))).close();
        assertEquals(List.of("v!"), column("SELECT added FROM reference"));
        assertEquals(List.of("2"), column("PRAGMA user_version"));
        Database.open(file, new Schema(List.of(FIRST, SECOND))).close();
        assertEquals(List.of("v!"), column("SELECT added FROM reference"));
    }

    @Test
    void open_migrationFailsHalfway_leavesTheVersionBefore() throws Exception {
        Database.open(file, new Schema(List.of(FIRST))).close();
        List<String> broken = List.of(SECOND.get(0), "INSERT INTO nowhere VALUES (1)");
        assertThrows(FeluccaException.class, () -> Database.open(file, new Schema(List.of(FIRST, broken))));
        assertEquals(List.of("1"), column("PRAGMA user_version"));
        assertEquals(List.of("kind", "old"), column("SELECT name FROM pragma_table_info('reference')"));
    }

    @Test
    void open_newerSchema_isRefusedByVersion() {
        Database.open(file, new Schema(List.of(FIRST, SECOND))).close();
        FeluccaException thrown =
                assertThrows(FeluccaException.class, () -> Database.open(file, new Schema(List.of(FIRST))));
        assertEquals(ErrorCode.FAILED_PRECONDITION, thrown.code());
        assertTrue(thrown.getMessage().contains("schema 2, this one knows up to 1"), thrown.getMessage());
    }

    @Test
    void open_databaseOfAnotherProgram_isRefused() throws Exception {
        execute("CREATE TABLE theirs (a)");
        FeluccaException thrown = assertThrows(FeluccaException.class, () -> Database.open(file, Schema.CURRENT));
        assertEquals(ErrorCode.FAILED_PRECONDITION, thrown.code());
        assertTrue(thrown.getMessage().contains("another program"), thrown.getMessage());
        assertEquals(List.of("theirs"), column("SELECT name FROM sqlite_schema"));
    }

    @Test
    void open_directoryCannotBeMade_saysWhere() throws Exception {
        Path blocker = Files.createFile(directory.resolve("blocker"));
        SqliteMetadataStore store =
                new SqliteMetadataStore(blocker.resolve("metadata").resolve("felucca.db"));
        try {
            FeluccaException thrown = assertThrows(FeluccaException.class, () -> store.list(RecordKind.IMAGE));
            assertEquals(ErrorCode.FAILED_PRECONDITION, thrown.code(), thrown.getMessage());
            assertTrue(thrown.getMessage().contains(blocker.toString()), thrown.getMessage());
        } finally {
            store.close();
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private List<String> column(String sql) throws SQLException {
        List<String> values = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                values.add(rows.getString(1));
            }
        }
        return values;
    }
}
