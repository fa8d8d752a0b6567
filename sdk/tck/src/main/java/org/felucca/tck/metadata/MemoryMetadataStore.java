package org.felucca.tck.metadata;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.metadata.Durability;
import org.felucca.api.metadata.MetadataRecord;
import org.felucca.api.metadata.MetadataStore;
import org.felucca.api.metadata.RecordId;
import org.felucca.api.metadata.RecordKind;
import org.jspecify.annotations.Nullable;

/**
 * A metadata store that forgets with the process. Thread-safe: writes are serialised by its monitor, and readers see
 * whole transactions.
 */
public final class MemoryMetadataStore implements MetadataStore {

    private static final Comparator<RecordId> ORDER =
            Comparator.comparing(RecordId::kind).thenComparing(RecordId::scope).thenComparing(RecordId::key);

    private volatile SortedMap<RecordId, MetadataRecord> records = new TreeMap<>(ORDER);
    private @Nullable FeluccaException nextFailure;

    /** The next transaction throws this after its work was done, and leaves no trace. */
    public synchronized void failNextUpdate(FeluccaException failure) {
        nextFailure = failure;
    }

    @Override
    public Optional<MetadataRecord> get(RecordId id) {
        return Optional.ofNullable(records.get(id));
    }

    @Override
    public List<MetadataRecord> list(RecordKind kind, String scope) {
        return list(records, id -> id.kind() == kind && id.scope().equals(scope));
    }

    @Override
    public List<MetadataRecord> list(RecordKind kind) {
        return list(records, id -> id.kind() == kind);
    }

    private static List<MetadataRecord> list(Map<RecordId, MetadataRecord> records, Predicate<RecordId> wanted) {
        return records.values().stream()
                .filter(record -> wanted.test(record.id()))
                .toList();
    }

    @Override
    public synchronized <R> R update(Durability durability, Function<? super Transaction, ? extends R> work) {
        Work transaction = new Work(records);
        try {
            R result = work.apply(transaction);
            FeluccaException failure = nextFailure;
            if (failure != null) {
                nextFailure = null;
                throw failure;
            }
            records = transaction.records;
            return result;
        } finally {
            transaction.dead = true;
        }
    }

    private static final class Work implements Transaction {
        private final SortedMap<RecordId, MetadataRecord> records;
        private boolean dead;

        Work(SortedMap<RecordId, MetadataRecord> before) {
            this.records = new TreeMap<>(before);
        }

        private void requireAlive() {
            if (dead) {
                throw new IllegalStateException("the transaction is over");
            }
        }

        @Override
        public Optional<MetadataRecord> get(RecordId id) {
            requireAlive();
            return Optional.ofNullable(records.get(id));
        }

        @Override
        public List<MetadataRecord> list(RecordKind kind, String scope) {
            requireAlive();
            return MemoryMetadataStore.list(
                    records, id -> id.kind() == kind && id.scope().equals(scope));
        }

        @Override
        public List<RecordId> referrers(RecordId id) {
            requireAlive();
            List<RecordId> referrers = new ArrayList<>();
            for (MetadataRecord record : records.values()) {
                if (record.references().contains(id)) {
                    referrers.add(record.id());
                }
            }
            return referrers;
        }

        @Override
        public void insert(MetadataRecord record) {
            requireAlive();
            if (records.putIfAbsent(record.id(), record) != null) {
                throw new FeluccaException(
                        ErrorCode.ALREADY_EXISTS, "cannot insert record " + record.id(), "the id is in use");
            }
        }

        @Override
        public void put(MetadataRecord record) {
            requireAlive();
            MetadataRecord before = records.get(record.id());
            records.put(
                    record.id(),
                    before == null
                            ? record
                            : new MetadataRecord(
                                    record.id(),
                                    record.labels(),
                                    record.document(),
                                    record.references(),
                                    before.created(),
                                    record.updated()));
        }

        @Override
        public boolean remove(RecordId id) {
            requireAlive();
            return records.remove(id) != null;
        }
    }
}
