package org.felucca.images;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.metadata.Durability;
import org.felucca.api.metadata.MetadataRecord;
import org.felucca.api.metadata.MetadataStore;
import org.felucca.api.metadata.RecordId;
import org.felucca.api.metadata.RecordKind;

/** Records in memory; a transaction works on a copy. */
final class FakeMetadata implements MetadataStore {
    private Map<RecordId, MetadataRecord> records = new HashMap<>();

    @Override
    public synchronized Optional<MetadataRecord> get(RecordId id) {
        return Optional.ofNullable(records.get(id));
    }

    @Override
    public List<MetadataRecord> list(RecordKind kind, String scope) {
        return list(kind).stream()
                .filter(record -> record.id().scope().equals(scope))
                .toList();
    }

    @Override
    public synchronized List<MetadataRecord> list(RecordKind kind) {
        return records.values().stream()
                .filter(record -> record.id().kind() == kind)
                .sorted(Comparator.comparing(record -> record.id().toString()))
                .toList();
    }

    @Override
    public synchronized <R> R update(Durability durability, Function<? super Transaction, ? extends R> work) {
        Map<RecordId, MetadataRecord> copy = new HashMap<>(records);
        R result = work.apply(new CopyTransaction(copy));
        records = copy;
        return result;
    }

    private record CopyTransaction(Map<RecordId, MetadataRecord> copy) implements Transaction {
        @Override
        public Optional<MetadataRecord> get(RecordId id) {
            return Optional.ofNullable(copy.get(id));
        }

        @Override
        public List<MetadataRecord> list(RecordKind kind, String scope) {
            return copy.values().stream()
                    .filter(record ->
                            record.id().kind() == kind && record.id().scope().equals(scope))
                    .toList();
        }

        @Override
        public List<RecordId> referrers(RecordId id) {
            return copy.values().stream()
                    .filter(record -> record.references().contains(id))
                    .map(MetadataRecord::id)
                    .toList();
        }

        @Override
        public void insert(MetadataRecord record) {
            if (copy.putIfAbsent(record.id(), record) != null) {
                throw new FeluccaException(ErrorCode.ALREADY_EXISTS, "cannot insert " + record.id(), "it is there");
            }
        }

        @Override
        public void put(MetadataRecord record) {
            MetadataRecord old = copy.get(record.id());
            copy.put(
                    record.id(),
                    old == null
                            ? record
                            : new MetadataRecord(
                                    record.id(),
                                    record.labels(),
                                    record.document(),
                                    record.references(),
                                    old.created(),
                                    record.updated()));
        }

        @Override
        public boolean remove(RecordId id) {
            return copy.remove(id) != null;
        }
    }
}
