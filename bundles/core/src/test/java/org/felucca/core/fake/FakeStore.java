package org.felucca.core.fake;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.felucca.api.metadata.Durability;
import org.felucca.api.metadata.MetadataRecord;
import org.felucca.api.metadata.MetadataStore;
import org.felucca.api.metadata.RecordId;
import org.felucca.api.metadata.RecordKind;
import org.felucca.tck.metadata.MemoryMetadataStore;

/** Records in memory, counting transactions. */
public final class FakeStore implements MetadataStore {
    private final MemoryMetadataStore store = new MemoryMetadataStore();
    private final Faults faults;
    private final AtomicInteger updates = new AtomicInteger();
    private final AtomicInteger syncs = new AtomicInteger();

    /** Makes an empty store. */
    public FakeStore(Faults faults) {
        this.faults = faults;
    }

    /** Puts a record that no test counts. */
    public void put(MetadataRecord record) {
        store.update(Durability.NORMAL, transaction -> {
            transaction.put(record);
            return null;
        });
    }

    /** Removes a record without counting. */
    public void remove(RecordId id) {
        store.update(Durability.NORMAL, transaction -> transaction.remove(id));
    }

    /** Returns how many write transactions there were. */
    public int updates() {
        return updates.get();
    }

    /** Returns how many of them waited for the disk. */
    public int syncs() {
        return syncs.get();
    }

    @Override
    public Optional<MetadataRecord> get(RecordId id) {
        return store.get(id);
    }

    @Override
    public List<MetadataRecord> list(RecordKind kind, String scope) {
        return store.list(kind, scope);
    }

    @Override
    public List<MetadataRecord> list(RecordKind kind) {
        return store.list(kind);
    }

    @Override
    public <R> R update(Durability durability, Function<? super Transaction, ? extends R> work) {
        faults.at("store.update");
        updates.incrementAndGet();
        if (durability == Durability.FULL) {
            syncs.incrementAndGet();
        }
        return store.update(durability, work);
    }
}
