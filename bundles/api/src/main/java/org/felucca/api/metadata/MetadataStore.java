package org.felucca.api.metadata;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.storage.Finding;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The embedded database of records. Thread-safe. Reads see committed transactions only; writes are serialised, and a
 * write transaction sees its own writes. A transaction that throws leaves no trace.
 *
 * <p>All methods throw UNAVAILABLE while the store is closing, RESOURCE_EXHAUSTED when the disk is full and DATA_LOSS
 * when the database is damaged.
 */
@ProviderType
public interface MetadataStore {
    /** Returns a record, if it is there. */
    Optional<MetadataRecord> get(RecordId id);

    /** Returns the records of a kind and scope, by key. */
    List<MetadataRecord> list(RecordKind kind, String scope);

    /** Returns the records of a kind over all scopes, by scope and key. */
    List<MetadataRecord> list(RecordKind kind);

    /**
     * Runs a write transaction and waits until it is as durable as asked.
     *
     * @param durability what the caller may promise afterwards
     * @param work reads and writes; runs at most once, on the calling thread; must not block on anything else
     * @return the result of {@code work}
     * @throws FeluccaException what {@code work} throws, after everything was rolled back
     */
    <R> R update(Durability durability, Function<? super Transaction, ? extends R> work);

    /**
     * Checks the database and the copies of its records on disk against each other. A store without copies finds
     * nothing.
     *
     * @param repair whether copies that differ are written again
     * @param found told what is not as it should be
     * @return how many records were checked
     */
    default int check(boolean repair, Consumer<? super Finding> found) {
        return 0;
    }

    /** A write transaction under way. Confined to the thread that runs it; dead afterwards. */
    @ProviderType
    interface Transaction {
        /** Returns a record, if it is there. */
        Optional<MetadataRecord> get(RecordId id);

        /** Returns the records of a kind and scope, by key. */
        List<MetadataRecord> list(RecordKind kind, String scope);

        /** Returns the ids of the records that refer to this one. */
        List<RecordId> referrers(RecordId id);

        /**
         * Inserts a record.
         *
         * @throws FeluccaException ALREADY_EXISTS if the id is in use
         */
        void insert(MetadataRecord record);

        /** Inserts or replaces a record; {@code created} of an existing one stays. */
        void put(MetadataRecord record);

        /** Removes a record; returns {@code false} if it was not there. References to it stay as they are. */
        boolean remove(RecordId id);
    }
}
