package org.example.felucca;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.felucca.api.metadata.MetadataRecord;
import org.felucca.api.metadata.RecordId;
import org.felucca.api.metadata.RecordKind;
import org.felucca.api.snapshot.SnapshotInfo;
import org.felucca.api.snapshot.SnapshotKey;
import org.felucca.api.snapshot.SnapshotKind;
import org.felucca.oci.json.Json;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;

/**
 * A snapshot as this plugin records it.
 *
 * @param key its name
 * @param kind what it is
 * @param parent the committed snapshot it was copied from
 * @param directory name of its directory
 * @param ephemeral whether it may not be committed
 * @param labels free names and values
 * @param created when it was prepared
 * @param updated when it was committed, or prepared
 */
record Entry(
        SnapshotKey key,
        SnapshotKind kind,
        Optional<SnapshotKey> parent,
        String directory,
        boolean ephemeral,
        Map<String, String> labels,
        Instant created,
        Instant updated) {

    static Entry of(MetadataRecord record) {
        ObjectReader document = JsonCursor.of(record.id().toString(), Json.parse(record.id().toString(), record.document()))
                .object();
        return new Entry(
                SnapshotKey.of(record.id().key()),
                document.required("kind", c -> c.oneOf(SnapshotKind.values(), Entry::label)),
                Optional.ofNullable(document.optionalString("parent")).map(SnapshotKey::of),
                document.string("directory"),
                document.flag("ephemeral"),
                record.labels(),
                record.created(),
                record.updated());
    }

    MetadataRecord toRecord() {
        JsonObject document = JsonObject.builder()
                .put("kind", label(kind))
                .optional("parent", parent.map(SnapshotKey::value).orElse(null))
                .put("directory", directory)
                .flag("ephemeral", ephemeral)
                .build();
        List<RecordId> references = parent.stream()
                .map(p -> new RecordId(RecordKind.SNAPSHOT, PlainStore.ID, p.value()))
                .toList();
        return new MetadataRecord(
                new RecordId(RecordKind.SNAPSHOT, PlainStore.ID, key.value()),
                labels,
                Json.text(document),
                references,
                created,
                updated);
    }

    SnapshotInfo info() {
        return new SnapshotInfo(key, kind, parent, labels, created, updated);
    }

    Path tree(Path base) {
        return base.resolve(directory);
    }

    private static String label(SnapshotKind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }
}
