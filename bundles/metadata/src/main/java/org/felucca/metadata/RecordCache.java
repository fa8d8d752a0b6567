package org.felucca.metadata;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.felucca.api.metadata.MetadataRecord;
import org.felucca.api.metadata.RecordId;
import org.jspecify.annotations.Nullable;

/**
 * The committed records used last. Thread-safe; every field is guarded by the instance's lock.
 *
 * <p>A writer announces what it is about to commit and says afterwards what came of it. In between the records concerned
 * are not here, and nothing a reader found before or meanwhile is taken in: so a record found here is never older than
 * the database, and never newer than what a reader of the database may see.
 */
final class RecordCache {
    private final int capacity;
    private final Map<RecordId, MetadataRecord> records;
    private long changes;
    private boolean changing;

    RecordCache(int capacity) {
        this.capacity = capacity;
        this.records = new LinkedHashMap<>(capacity * 2, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<RecordId, MetadataRecord> eldest) {
                return size() > RecordCache.this.capacity;
            }
        };
    }

    synchronized @Nullable MetadataRecord get(RecordId id) {
        return records.get(id);
    }

    /** Returns a token to take before a read of the database. */
    synchronized long stamp() {
        return changes;
    }

    /** Takes in what a read found, unless a commit came between the token and now. */
    synchronized void offer(long stamp, MetadataRecord found) {
        if (stamp == changes && !changing) {
            records.put(found.id(), found);
        }
    }

    /** A commit of these records is about to happen; one at a time. */
    synchronized void beginChange(Set<RecordId> ids) {
        changes++;
        changing = true;
        ids.forEach(records::remove);
    }

    /** The commit happened with these results (removed ones are empty), or failed (no results). */
    synchronized void endChange(Collection<Map.Entry<RecordId, Optional<MetadataRecord>>> results) {
        changes++;
        changing = false;
        for (Map.Entry<RecordId, Optional<MetadataRecord>> result : results) {
            result.getValue().ifPresent(record -> records.put(result.getKey(), record));
        }
    }
}
