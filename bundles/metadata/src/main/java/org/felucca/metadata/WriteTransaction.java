package org.felucca.metadata;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.metadata.MetadataRecord;
import org.felucca.api.metadata.MetadataStore;
import org.felucca.api.metadata.RecordId;
import org.felucca.api.metadata.RecordKind;
import org.jspecify.annotations.Nullable;

/**
 * One write transaction on the writer's connection. Confined to the thread that holds the writer's lock. It remembers
 * what it changed: for its own reads, and for the cache once it is committed.
 */
final class WriteTransaction implements MetadataStore.Transaction {
    private final RecordTables tables;
    private final RecordCache cache;
    private final Path file;
    private final Map<RecordId, Optional<MetadataRecord>> changes = new LinkedHashMap<>();
    private boolean ended;
    private boolean inDoubt;

    WriteTransaction(RecordTables tables, RecordCache cache, Path file) {
        this.tables = tables;
        this.cache = cache;
        this.file = file;
    }

    /** Returns what the records concerned are now; removed ones are empty. */
    Map<RecordId, Optional<MetadataRecord>> changes() {
        return changes;
    }

    /** Returns {@code true} if a statement failed in a way that leaves the transaction's outcome open. */
    boolean inDoubt() {
        return inDoubt;
    }

    /** From here on every use is a mistake. */
    void end() {
        ended = true;
    }

    @Override
    public Optional<MetadataRecord> get(RecordId id) {
        requireAlive();
        return Optional.ofNullable(find(id));
    }

    @Override
    public List<MetadataRecord> list(RecordKind kind, String scope) {
        requireAlive();
        try {
            return tables.list(kind, scope);
        } catch (SQLException e) {
            throw failed("cannot list " + kind.label() + " records", e);
        }
    }

    @Override
    public List<RecordId> referrers(RecordId id) {
        requireAlive();
        try {
            return tables.referrers(id);
        } catch (SQLException e) {
            throw failed("cannot list what refers to " + id, e);
        }
    }

    @Override
    public void insert(MetadataRecord record) {
        requireAlive();
        RecordId id = record.id();
        Optional<MetadataRecord> changed = changes.get(id);
        if (changed == null ? cache.get(id) != null : changed.isPresent()) {
            throw exists(id, null);
        }
        try {
            tables.insert(record);
        } catch (SQLException e) {
            if (SqlFailure.isDuplicate(e)) {
                throw exists(id, e);
            }
            throw failed("cannot store " + id, e);
        }
        changes.put(id, Optional.of(record));
    }

    @Override
    public void put(MetadataRecord record) {
        requireAlive();
        RecordId id = record.id();
        MetadataRecord previous = find(id);
        MetadataRecord next = previous == null || previous.created().equals(record.created())
                ? record
                : new MetadataRecord(
                        id,
                        record.labels(),
                        record.document(),
                        record.references(),
                        previous.created(),
                        record.updated());
        try {
            if (previous == null) {
                tables.insert(next);
            } else {
                tables.update(previous, next);
            }
        } catch (SQLException e) {
            throw failed("cannot store " + id, e);
        }
        changes.put(id, Optional.of(next));
    }

    @Override
    public boolean remove(RecordId id) {
        requireAlive();
        MetadataRecord previous = find(id);
        if (previous == null) {
            return false;
        }
        try {
            tables.delete(previous);
        } catch (SQLException e) {
            throw failed("cannot remove " + id, e);
        }
        changes.put(id, Optional.empty());
        return true;
    }

    private @Nullable MetadataRecord find(RecordId id) {
        Optional<MetadataRecord> changed = changes.get(id);
        if (changed != null) {
            return changed.orElse(null);
        }
        MetadataRecord cached = cache.get(id);
        if (cached != null) {
            return cached;
        }
        long stamp = cache.stamp();
        try {
            MetadataRecord found = tables.get(id);
            if (found != null) {
                cache.offer(stamp, found);
            }
            return found;
        } catch (SQLException e) {
            throw failed("cannot read " + id, e);
        }
    }

    private void requireAlive() {
        if (ended) {
            throw new IllegalStateException("the transaction has ended");
        }
    }

    private FeluccaException failed(String subject, SQLException failure) {
        inDoubt = true;
        return SqlFailure.of(subject, file, failure);
    }

    private static FeluccaException exists(RecordId id, @Nullable Throwable cause) {
        return new FeluccaException(
                ErrorCode.ALREADY_EXISTS, "cannot create " + id, "it is already there", "choose another name", cause);
    }
}
