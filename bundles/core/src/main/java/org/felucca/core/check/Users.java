package org.felucca.core.check;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.felucca.api.metadata.MetadataRecord;
import org.felucca.api.metadata.MetadataStore;
import org.felucca.api.metadata.RecordId;
import org.felucca.api.metadata.RecordKind;

/** Who uses what, as of the moment this is made: references of records, walked backwards. Immutable. */
final class Users {
    private final Map<RecordId, MetadataRecord> records = new HashMap<>();
    private final Map<RecordId, List<RecordId>> referrers = new HashMap<>();

    /** @param parents edges that are not in records: of snapshots to their parents */
    Users(MetadataStore store, Map<RecordId, RecordId> parents) {
        for (RecordKind kind : RecordKind.values()) {
            for (MetadataRecord record : store.list(kind)) {
                records.put(record.id(), record);
                for (RecordId reference : record.references()) {
                    add(reference, record.id());
                }
            }
        }
        parents.forEach((child, parent) -> add(parent, child));
    }

    private void add(RecordId target, RecordId referrer) {
        // The name of its image keeps nothing alive, and is no use of it.
        if (target.kind() != RecordKind.IMAGE) {
            referrers.computeIfAbsent(target, key -> new ArrayList<>()).add(referrer);
        }
    }

    /** The images and containers that reach a thing. */
    Set<RecordId> of(RecordId id) {
        Set<RecordId> seen = new HashSet<>();
        Deque<RecordId> open = new ArrayDeque<>(List.of(id));
        Set<RecordId> found = new HashSet<>();
        while (!open.isEmpty()) {
            RecordId next = open.pop();
            if (seen.add(next)) {
                if (next.kind() == RecordKind.IMAGE || next.kind() == RecordKind.CONTAINER) {
                    found.add(next);
                }
                open.addAll(referrers.getOrDefault(next, List.of()));
            }
        }
        return found;
    }

    /** The same for people, sorted: {@code image docker.io/library/a:1}, {@code container web}. */
    List<String> names(RecordId id) {
        Set<String> names = new TreeSet<>();
        for (RecordId user : of(id)) {
            if (user.kind() == RecordKind.IMAGE) {
                names.add("image " + user.key());
            } else {
                names.add("container " + containerName(user));
            }
        }
        return List.copyOf(names);
    }

    String containerName(RecordId container) {
        MetadataRecord record = records.get(container);
        return record == null ? container.key() : record.labels().getOrDefault("felucca.name", container.key());
    }

    /** Whether anything refers to it. */
    boolean isReferred(RecordId id) {
        return referrers.containsKey(id);
    }

    /** The records of a kind. */
    List<MetadataRecord> records(RecordKind kind) {
        return records.values().stream()
                .filter(record -> record.id().kind() == kind)
                .toList();
    }
}
