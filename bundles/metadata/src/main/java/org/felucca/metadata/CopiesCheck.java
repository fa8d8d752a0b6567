package org.felucca.metadata;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.metadata.Durability;
import org.felucca.api.metadata.MetadataRecord;
import org.felucca.api.metadata.MetadataStore;
import org.felucca.api.metadata.RecordId;
import org.felucca.api.metadata.RecordKind;
import org.felucca.api.storage.Finding;
import org.felucca.api.storage.Finding.Outcome;
import org.felucca.api.storage.Finding.Part;
import org.felucca.oci.OciFormatException;
import org.jspecify.annotations.Nullable;

/**
 * Compares the database with the copies of its records, beside those who write. What differs is looked at again after a
 * flush: it may have been on its way. Used once.
 */
final class CopiesCheck {
    private static final int LOOKS = 3;

    private final Path file;
    private final MetadataStore store;
    private final Sidecars copies;
    private final Mirror mirror;
    private final boolean repair;
    private final Consumer<? super Finding> found;

    CopiesCheck(
            Path file,
            MetadataStore store,
            Sidecars copies,
            Mirror mirror,
            boolean repair,
            Consumer<? super Finding> found) {
        this.file = file;
        this.store = store;
        this.copies = copies;
        this.mirror = mirror;
        this.repair = repair;
        this.found = found;
    }

    /** Runs it; returns how many records were compared. */
    int run() {
        try {
            for (Path aside : Rebuild.putAside(file)) {
                found.accept(Finding.of(
                        Part.RECORDS,
                        aside.toString(),
                        "it was damaged and was rebuilt from the copies of its records; remove it when nothing is missed",
                        Outcome.REPAIRED));
            }
            mirror.flush();
            Sidecars.Contents contents = copies.read();
            for (Path damaged : contents.damaged()) {
                damaged(damaged);
            }
            Map<RecordId, MetadataRecord> records = all(store::list);
            Set<RecordId> suspects = new LinkedHashSet<>();
            records.forEach((id, record) -> {
                if (!record.equals(contents.records().get(id))) {
                    suspects.add(id);
                }
            });
            contents.records().keySet().stream()
                    .filter(id -> !records.containsKey(id))
                    .forEach(suspects::add);
            for (RecordId id : suspects) {
                compare(id);
            }
            return records.size();
        } catch (IOException e) {
            throw new FeluccaException(
                    ErrorCode.INTERNAL, "cannot check the records", String.valueOf(e.getMessage()), null, e);
        }
    }

    /** Every record that has a copy. */
    static Map<RecordId, MetadataRecord> all(Function<RecordKind, List<MetadataRecord>> list) {
        Map<RecordId, MetadataRecord> records = new HashMap<>();
        for (RecordKind kind : RecordKind.values()) {
            if (Sidecars.covers(kind)) {
                list.apply(kind).forEach(record -> records.put(record.id(), record));
            }
        }
        return records;
    }

    /** What copies lack that are as they were read. */
    static Map<RecordId, Optional<MetadataRecord>> lag(
            Map<RecordId, MetadataRecord> records, Sidecars.Contents contents) {
        Map<RecordId, Optional<MetadataRecord>> lag = new HashMap<>();
        records.forEach((id, record) -> {
            if (!record.equals(contents.records().get(id))) {
                lag.put(id, Optional.of(record));
            }
        });
        contents.records().keySet().stream()
                .filter(id -> !records.containsKey(id))
                .forEach(id -> lag.put(id, Optional.empty()));
        return lag;
    }

    /** A damaged copy is of no use to anybody; its record is found lacking one, and gets another. */
    private void damaged(Path path) throws IOException {
        if (repair) {
            Files.deleteIfExists(path);
        }
        found.accept(Finding.of(
                Part.RECORDS,
                path.toString(),
                "this copy of a record is damaged",
                repair ? Outcome.REPAIRED : Outcome.FOUND));
    }

    private void compare(RecordId id) throws IOException {
        for (int look = 0; look < LOOKS; look++) {
            mirror.flush();
            @Nullable MetadataRecord record = store.get(id).orElse(null);
            @Nullable MetadataRecord copy = copy(id);
            if (record == null ? copy == null : record.equals(copy)) {
                return;
            }
            boolean rowChanged =
                    record != null && copy != null && record.updated().equals(copy.updated());
            if (look == LOOKS - 1) {
                differs(id, record, record == null || rowChanged ? copy : null);
            }
        }
    }

    private @Nullable MetadataRecord copy(RecordId id) throws IOException {
        Path path = copies.path(id);
        try {
            return Files.exists(path) ? Sidecar.read(path.toString(), Files.readAllBytes(path)) : null;
        } catch (OciFormatException e) {
            return null;
        }
    }

    /**
     * A copy has a digest and a row has none: of the same change, the copy is right; and a copy goes with its row, so
     * that a row which is missing is one that was lost.
     */
    private void differs(RecordId id, @Nullable MetadataRecord record, @Nullable MetadataRecord right) {
        String problem = right == null
                ? "its copy on disk is missing or old"
                : record == null ? "the database has lost it" : "the database has something else than was written";
        if (repair) {
            if (right != null) {
                store.update(Durability.FULL, transaction -> {
                    transaction.put(right);
                    return null;
                });
            } else {
                mirror.changed(Durability.NORMAL, List.of(Map.entry(id, Optional.ofNullable(record))));
                mirror.flush();
            }
        }
        found.accept(Finding.of(Part.RECORDS, id.toString(), problem, repair ? Outcome.REPAIRED : Outcome.FOUND));
    }
}
