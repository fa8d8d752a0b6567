package org.felucca.core.record;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.metadata.Durability;
import org.felucca.api.metadata.MetadataRecord;
import org.felucca.api.metadata.MetadataStore;
import org.felucca.api.metadata.RecordKind;
import org.felucca.oci.OciFormatException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Containers in the metadata store: one transaction per call. Thread-safe. */
public final class Records {
    private static final Logger LOG = LoggerFactory.getLogger(Records.class);

    private final MetadataStore store;
    private final Clock clock;

    /** Uses a store. */
    public Records(MetadataStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /** Records a new container. */
    public void insert(ContainerRecord container, Durability durability) {
        MetadataRecord stored = container.toMetadata(clock.instant());
        store.update(durability, transaction -> {
            transaction.insert(stored);
            return null;
        });
    }

    /** Records what changed about a container. */
    public void put(ContainerRecord container, Durability durability) {
        MetadataRecord stored = container.toMetadata(clock.instant());
        store.update(durability, transaction -> {
            transaction.put(stored);
            return null;
        });
    }

    /** Forgets a container; does nothing if it is not recorded. */
    public void remove(ContainerKey key) {
        store.update(Durability.NORMAL, transaction -> transaction.remove(key.record()));
    }

    /**
     * Returns every recorded container. A record that cannot be read is logged and left where it is: it still keeps
     * alive what it refers to.
     */
    public List<ContainerRecord> load() {
        List<ContainerRecord> result = new ArrayList<>();
        for (MetadataRecord stored : store.list(RecordKind.CONTAINER)) {
            try {
                result.add(ContainerJson.read(stored));
            } catch (OciFormatException | FeluccaException | java.time.DateTimeException e) {
                LOG.error(
                        "cannot read the record of container {}: {}",
                        stored.id().key(),
                        e.getMessage());
            }
        }
        return result;
    }

    /** Returns what to throw when a name is taken. */
    public static FeluccaException nameInUse(String name, String owner) {
        return new FeluccaException(
                ErrorCode.ALREADY_EXISTS,
                "cannot use container name " + name,
                "container " + owner.substring(0, Math.min(12, owner.length())) + " has it",
                "choose another one, or remove or rename that container");
    }
}
