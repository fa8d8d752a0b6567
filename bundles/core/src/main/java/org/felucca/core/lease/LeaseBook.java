package org.felucca.core.lease;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.lease.Lease;
import org.felucca.api.lease.Leases;
import org.felucca.api.metadata.Durability;
import org.felucca.api.metadata.MetadataRecord;
import org.felucca.api.metadata.MetadataStore;
import org.felucca.api.metadata.RecordId;
import org.felucca.api.metadata.RecordKind;
import org.felucca.oci.json.Json;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;

/**
 * Leases as records, so that what a pull brought in is still there for the next attempt when the daemon dies. Within
 * one life of the daemon a lease also pins, which is what makes it safe against a collection under way. A lease without
 * resources has no record.
 */
public final class LeaseBook implements Leases {
    private final MetadataStore store;
    private final Pins pins;
    private final Clock clock;

    /** Makes the book over the records. */
    public LeaseBook(MetadataStore store, Pins pins, Clock clock) {
        this.store = store;
        this.pins = pins;
        this.clock = clock;
    }

    /** Returns what the leases of this life of the daemon pin. */
    public Pins pins() {
        return pins;
    }

    @Override
    public Lease open(String purpose, Duration ttl) {
        if (ttl.isNegative() || ttl.isZero()) {
            throw new FeluccaException(
                    ErrorCode.INVALID_ARGUMENT,
                    "cannot open a lease for " + purpose,
                    "its time to live is not positive");
        }
        return new Held(UUID.randomUUID().toString(), purpose, clock.instant().plus(ttl));
    }

    /** Returns {@code true} if the lease of a record is over. */
    public static boolean expired(MetadataRecord lease, Instant now) {
        ObjectReader document = JsonCursor.of("lease " + lease.id().key(), Json.parse("lease", lease.document()))
                .object();
        return Instant.parse(document.string("expires")).isBefore(now);
    }

    private final class Held implements Lease {
        private final String id;
        private final String document;
        private final Instant opened = clock.instant();
        private final Set<RecordId> resources = new LinkedHashSet<>();
        private boolean closed;

        Held(String id, String purpose, Instant expires) {
            this.id = id;
            this.document = Json.text(JsonObject.builder()
                    .put("purpose", purpose)
                    .put("expires", expires.toString())
                    .build());
        }

        @Override
        public String id() {
            return id;
        }

        @Override
        public synchronized void add(RecordId resource) {
            if (closed) {
                throw new FeluccaException(
                        ErrorCode.FAILED_PRECONDITION, "cannot add " + resource + " to lease " + id, "it is closed");
            }
            if (resources.contains(resource)) {
                return;
            }
            pins.pin(resource);
            resources.add(resource);
            RecordId record = new RecordId(RecordKind.LEASE, "", id);
            List<RecordId> references = List.copyOf(resources);
            store.update(Durability.NORMAL, transaction -> {
                transaction.put(new MetadataRecord(record, Map.of(), document, references, opened, clock.instant()));
                return null;
            });
        }

        @Override
        public synchronized void close() {
            if (closed) {
                return;
            }
            closed = true;
            resources.forEach(pins::unpin);
            if (!resources.isEmpty()) {
                store.update(
                        Durability.NORMAL, transaction -> transaction.remove(new RecordId(RecordKind.LEASE, "", id)));
            }
        }
    }
}
