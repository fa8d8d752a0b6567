package org.felucca.metadata;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.metadata.MetadataRecord;
import org.felucca.api.metadata.RecordId;
import org.felucca.api.metadata.RecordKind;
import org.felucca.oci.OciFormatException;
import org.felucca.oci.json.Json;
import org.felucca.oci.json.JsonArray;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.JsonValue;
import org.jspecify.annotations.Nullable;

/**
 * The SQL about records, on one connection: statements are prepared once and kept. Confined to whoever holds the
 * connection.
 */
final class RecordTables {
    private static final String SELECT = "SELECT scope, key, labels, document, refs, created, updated FROM %1$s";
    private static final String ORDER = " ORDER BY scope, key";

    private enum Operation {
        GET(SELECT + " WHERE scope = ? AND key = ?"),
        LIST_SCOPE(SELECT + " WHERE scope = ?" + ORDER),
        LIST(SELECT + ORDER),
        INSERT("INSERT INTO %1$s (scope, key, labels, document, refs, created, updated) VALUES (?, ?, ?, ?, ?, ?, ?)"),
        UPDATE("UPDATE %1$s SET labels = ?, document = ?, refs = ?, updated = ? WHERE scope = ? AND key = ?"),
        DELETE("DELETE FROM %1$s WHERE scope = ? AND key = ?"),
        INSERT_REFERENCE("INSERT OR IGNORE INTO reference (scope, key, target_kind, target_scope, target_key, kind)"
                + " VALUES (?, ?, ?, ?, ?, '%1$s')"),
        DELETE_REFERENCE("DELETE FROM reference WHERE scope = ? AND key = ? AND target_kind = ? AND target_scope = ?"
                + " AND target_key = ? AND kind = '%1$s'"),
        REFERRERS("SELECT kind, scope, key FROM reference WHERE target_kind = '%1$s' AND target_scope = ?"
                + " AND target_key = ? ORDER BY kind, scope, key");

        private final String sql;

        Operation(String sql) {
            this.sql = sql;
        }
    }

    private final Connection connection;
    private final Map<Operation, Map<RecordKind, PreparedStatement>> statements = new EnumMap<>(Operation.class);

    RecordTables(Connection connection) {
        this.connection = connection;
    }

    @Nullable
    MetadataRecord get(RecordId id) throws SQLException {
        List<MetadataRecord> found = read(id.kind(), at(Operation.GET, id));
        return found.isEmpty() ? null : found.get(0);
    }

    List<MetadataRecord> list(RecordKind kind, String scope) throws SQLException {
        PreparedStatement statement = statement(Operation.LIST_SCOPE, kind);
        statement.setString(1, scope);
        return read(kind, statement);
    }

    List<MetadataRecord> list(RecordKind kind) throws SQLException {
        return read(kind, statement(Operation.LIST, kind));
    }

    List<RecordId> referrers(RecordId id) throws SQLException {
        List<RecordId> referrers = new ArrayList<>();
        try (ResultSet rows = at(Operation.REFERRERS, id).executeQuery()) {
            while (rows.next()) {
                referrers.add(new RecordId(kind(rows.getString(1)), rows.getString(2), rows.getString(3)));
            }
        }
        return referrers;
    }

    /** Reads every page of the database: {@code ok}, or what is wrong. */
    String quickCheck() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("PRAGMA quick_check(1)")) {
            return rows.next() ? rows.getString(1) : "no answer to quick_check";
        }
    }

    /**
     * Reads every record, and compares what they refer to with the table of references.
     *
     * @throws MalformedRowException if a row is none that was written
     */
    void checkRows() throws SQLException {
        Set<List<String>> expected = new HashSet<>();
        for (RecordKind kind : RecordKind.values()) {
            for (MetadataRecord record : list(kind)) {
                record.references().forEach(target -> expected.add(reference(record.id(), target)));
            }
        }
        Set<List<String>> found = new HashSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT kind, scope, key, target_kind, target_scope, target_key FROM reference")) {
            while (rows.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= 6; i++) {
                    row.add(rows.getString(i));
                }
                found.add(row);
            }
        }
        if (!found.equals(expected)) {
            throw new MalformedRowException("the table of references is not what the records say", null);
        }
    }

    private static List<String> reference(RecordId id, RecordId target) {
        return List.of(id.kind().label(), id.scope(), id.key(), target.kind().label(), target.scope(), target.key());
    }

    void insert(MetadataRecord record) throws SQLException {
        PreparedStatement statement = at(Operation.INSERT, record.id());
        statement.setString(3, labels(record.labels()));
        statement.setString(4, record.document());
        statement.setString(5, references(record.references()));
        statement.setString(6, record.created().toString());
        statement.setString(7, record.updated().toString());
        statement.executeUpdate();
        changeReferences(Operation.INSERT_REFERENCE, record);
    }

    /** Writes {@code next} over {@code previous}, which is what the tables hold; {@code created} stays. */
    void update(MetadataRecord previous, MetadataRecord next) throws SQLException {
        RecordId id = next.id();
        PreparedStatement statement = statement(Operation.UPDATE, id.kind());
        statement.setString(1, labels(next.labels()));
        statement.setString(2, next.document());
        statement.setString(3, references(next.references()));
        statement.setString(4, next.updated().toString());
        statement.setString(5, id.scope());
        statement.setString(6, id.key());
        statement.executeUpdate();
        if (!previous.references().equals(next.references())) {
            changeReferences(Operation.DELETE_REFERENCE, previous);
            changeReferences(Operation.INSERT_REFERENCE, next);
        }
    }

    /** Removes what the tables hold. */
    void delete(MetadataRecord previous) throws SQLException {
        at(Operation.DELETE, previous.id()).executeUpdate();
        changeReferences(Operation.DELETE_REFERENCE, previous);
    }

    private void changeReferences(Operation operation, MetadataRecord record) throws SQLException {
        for (RecordId target : distinct(record.references())) {
            PreparedStatement statement = at(operation, record.id());
            statement.setString(3, target.kind().label());
            statement.setString(4, target.scope());
            statement.setString(5, target.key());
            statement.executeUpdate();
        }
    }

    private static Collection<RecordId> distinct(List<RecordId> references) {
        return references.size() < 2 ? references : new LinkedHashSet<>(references);
    }

    /** A statement whose first two parameters are a record's scope and key. */
    private PreparedStatement at(Operation operation, RecordId id) throws SQLException {
        PreparedStatement statement = statement(operation, id.kind());
        statement.setString(1, id.scope());
        statement.setString(2, id.key());
        return statement;
    }

    private PreparedStatement statement(Operation operation, RecordKind kind) throws SQLException {
        Map<RecordKind, PreparedStatement> prepared =
                statements.computeIfAbsent(operation, key -> new EnumMap<>(RecordKind.class));
        PreparedStatement statement = prepared.get(kind);
        if (statement == null) {
            statement = connection.prepareStatement(operation.sql.formatted(kind.label()));
            prepared.put(kind, statement);
        }
        return statement;
    }

    private static List<MetadataRecord> read(RecordKind kind, PreparedStatement select) throws SQLException {
        List<MetadataRecord> records = new ArrayList<>();
        try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                RecordId id = new RecordId(kind, rows.getString(1), rows.getString(2));
                records.add(new MetadataRecord(
                        id,
                        labels(id, rows.getString(3)),
                        rows.getString(4),
                        references(id, rows.getString(5)),
                        instant(id, rows.getString(6)),
                        instant(id, rows.getString(7))));
            }
        }
        return records;
    }

    private static String labels(Map<String, String> labels) {
        if (labels.isEmpty()) {
            return "{}";
        }
        JsonObject.Builder object = JsonObject.builder();
        labels.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(e -> object.put(e.getKey(), e.getValue()));
        return Json.text(object.build());
    }

    private static Map<String, String> labels(RecordId id, String text) throws SQLException {
        if (text.equals("{}")) {
            return Map.of();
        }
        try {
            return JsonCursor.of("labels of " + id, Json.parse("labels of " + id, text))
                    .map(JsonCursor::string);
        } catch (OciFormatException e) {
            throw new MalformedRowException(String.valueOf(e.getMessage()), e);
        }
    }

    private static String references(List<RecordId> references) {
        if (references.isEmpty()) {
            return "[]";
        }
        return Json.text(new JsonArray(references.stream()
                .<JsonValue>map(id -> JsonArray.ofStrings(List.of(id.kind().label(), id.scope(), id.key())))
                .toList()));
    }

    private static List<RecordId> references(RecordId id, String text) throws SQLException {
        if (text.equals("[]")) {
            return List.of();
        }
        try {
            List<RecordId> references = new ArrayList<>();
            String subject = "references of " + id;
            JsonCursor list = JsonCursor.of(subject, Json.parse(subject, text));
            for (List<String> parts : list.list(triple -> triple.list(JsonCursor::string))) {
                if (parts.size() != 3) {
                    throw new MalformedRowException(subject + " are not triples of kind, scope and key", null);
                }
                references.add(new RecordId(kind(parts.get(0)), parts.get(1), parts.get(2)));
            }
            return references;
        } catch (OciFormatException | FeluccaException e) {
            throw new MalformedRowException(String.valueOf(e.getMessage()), e);
        }
    }

    private static Instant instant(RecordId id, String text) throws SQLException {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw new MalformedRowException("time '" + text + "' of " + id + " is not a time", e);
        }
    }

    private static RecordKind kind(String label) throws SQLException {
        for (RecordKind kind : RecordKind.values()) {
            if (kind.label().equals(label)) {
                return kind;
            }
        }
        throw new MalformedRowException("there is no kind of record named '" + label + "'", null);
    }

    /** A row that this class did not write. */
    static final class MalformedRowException extends SQLException {
        private static final long serialVersionUID = 1L;

        MalformedRowException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
