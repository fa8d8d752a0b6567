package org.felucca.core.gc;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.felucca.api.metadata.Durability;
import org.felucca.api.metadata.MetadataRecord;
import org.felucca.api.metadata.MetadataStore;
import org.felucca.api.metadata.RecordId;
import org.felucca.api.metadata.RecordKind;
import org.felucca.core.lease.LeaseBook;

/**
 * What is alive: everything reachable along references from images, containers and live leases, and what is pinned.
 * Immutable once made.
 */
public final class Mark {
    private final Map<RecordId, List<RecordId>> edges = new HashMap<>();
    private final Set<RecordId> live = new HashSet<>();
    private final Map<RecordId, List<RecordId>> containers = new HashMap<>();
    private final Set<RecordId> otherRoots = new HashSet<>();

    private Mark() {}

    /**
     * Marks.
     *
     * @param pinned ids that are roots besides the records
     * @param parents edges that are not in records: of snapshots to their parents
     * @param without records that do not count
     */
    public static Mark of(
            MetadataStore store,
            Set<RecordId> pinned,
            Map<RecordId, RecordId> parents,
            Set<RecordId> without,
            Instant now) {
        Mark mark = new Mark();
        mark.otherRoots.addAll(pinned);
        for (RecordKind kind : RecordKind.values()) {
            for (MetadataRecord record : store.list(kind)) {
                if (without.contains(record.id())) {
                    continue;
                }
                if (kind == RecordKind.CONTAINER) {
                    mark.containers.put(record.id(), record.references());
                    continue;
                }
                mark.edges.put(record.id(), record.references());
                if (kind == RecordKind.IMAGE || (kind == RecordKind.LEASE && !LeaseBook.expired(record, now))) {
                    mark.otherRoots.add(record.id());
                }
            }
        }
        parents.forEach((child, parent) -> mark.edges.merge(child, List.of(parent), Mark::joined));
        mark.reach(mark.otherRoots, mark.live);
        return mark;
    }

    private static List<RecordId> joined(List<RecordId> one, List<RecordId> other) {
        List<RecordId> both = new ArrayList<>(one);
        both.addAll(other);
        return both;
    }

    private void reach(Collection<RecordId> roots, Set<RecordId> reached) {
        Deque<RecordId> open = new ArrayDeque<>(roots);
        while (!open.isEmpty()) {
            RecordId next = open.pop();
            if (reached.add(next)) {
                open.addAll(edges.getOrDefault(next, List.of()));
            }
        }
    }

    /**
     * Adds what containers keep alive. A container's reference to the name of its image does not count: if that name
     * went, or points elsewhere, the container needs its snapshots only.
     *
     * @return the containers that alone keep something alive
     */
    public Set<RecordId> addContainers() {
        Set<RecordId> alone = new HashSet<>();
        List<RecordId> kept = new ArrayList<>();
        containers.forEach((container, references) -> {
            for (RecordId reference : references) {
                boolean own = reference.key().equals(container.scope() + "/" + container.key());
                if (reference.kind() != RecordKind.IMAGE && !own && !live.contains(reference)) {
                    alone.add(container);
                }
            }
            kept.add(container);
            references.stream()
                    .filter(reference -> reference.kind() != RecordKind.IMAGE)
                    .forEach(kept::add);
        });
        reach(kept, live);
        return alone;
    }

    /** Whether something is reached. */
    public boolean live(RecordId id) {
        return live.contains(id);
    }

    /** Removes the records of leases that are over. */
    static void dropExpired(MetadataStore store, Instant now) {
        List<RecordId> over = new ArrayList<>();
        for (MetadataRecord lease : store.list(RecordKind.LEASE)) {
            if (LeaseBook.expired(lease, now)) {
                over.add(lease.id());
            }
        }
        if (!over.isEmpty()) {
            store.update(Durability.NORMAL, transaction -> {
                over.forEach(transaction::remove);
                return null;
            });
        }
    }
}
