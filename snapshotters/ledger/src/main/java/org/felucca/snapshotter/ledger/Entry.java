package org.felucca.snapshotter.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.felucca.api.metadata.MetadataRecord;
import org.felucca.api.metadata.RecordId;
import org.felucca.api.metadata.RecordKind;
import org.felucca.api.snapshot.SnapshotInfo;
import org.felucca.api.snapshot.SnapshotKey;
import org.felucca.api.snapshot.SnapshotKind;
import org.felucca.api.snapshot.SnapshotUsage;
import org.felucca.oci.json.Json;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;

/**
 * A snapshot with what only its snapshotter knows.
 *
 * @param info what everybody sees
 * @param storage the number of its directory
 * @param below numbers of the directories of its ancestors, the parent's first
 * @param ephemeral whether its contents need not survive a crash of the host
 * @param usage what was measured, once it is committed and somebody asked
 * @param unsealed the boot during which it was committed without a sync; empty once it is durable
 */
public record Entry(
        SnapshotInfo info,
        long storage,
        List<Long> below,
        boolean ephemeral,
        Optional<SnapshotUsage> usage,
        Optional<String> unsealed) {

    public Entry {
        below = List.copyOf(below);
    }

    /** The directories that a child of this snapshot lies on: this one's, then those below it. */
    public List<Long> stack() {
        List<Long> stack = new ArrayList<>(below.size() + 1);
        stack.add(storage);
        stack.addAll(below);
        return stack;
    }

    /** The same snapshot, with its size. */
    public Entry measured(SnapshotUsage measured) {
        return new Entry(info, storage, below, ephemeral, Optional.of(measured), unsealed);
    }

    /** The same snapshot on other directories. */
    Entry on(List<Long> stack) {
        return new Entry(info, storage, stack, ephemeral, usage, unsealed);
    }

    /** The same snapshot, durable. */
    Entry sealed() {
        return new Entry(info, storage, below, ephemeral, usage, Optional.empty());
    }

    MetadataRecord toRecord(String scope) {
        JsonObject.Builder document = JsonObject.builder()
                .put("kind", info.kind().name())
                .put("storage", storage)
                .strings("below", below.stream().map(String::valueOf).toList())
                .flag("ephemeral", ephemeral);
        unsealed.ifPresent(boot -> document.put("unsealed", boot));
        usage.ifPresent(size -> document.put("bytes", size.bytes()).put("inodes", size.inodes()));
        List<RecordId> references =
                info.parent().map(parent -> List.of(id(scope, parent))).orElse(List.of());
        return new MetadataRecord(
                id(scope, info.key()),
                info.labels(),
                Json.text(document.build()),
                references,
                info.created(),
                info.updated());
    }

    static Entry of(MetadataRecord record) {
        SnapshotKey key = SnapshotKey.of(record.id().key());
        JsonCursor cursor = JsonCursor.of("snapshot " + key, Json.parse("snapshot " + key, record.document()));
        ObjectReader document = cursor.object();
        SnapshotKind kind = SnapshotKind.valueOf(document.string("kind"));
        long storage = document.required("storage", JsonCursor::int64);
        List<Long> below = document.strings("below").stream().map(Long::valueOf).toList();
        boolean ephemeral = document.flag("ephemeral");
        Long bytes = document.optionalInt64("bytes");
        Long inodes = document.optionalInt64("inodes");
        Optional<SnapshotUsage> usage =
                bytes == null || inodes == null ? Optional.empty() : Optional.of(new SnapshotUsage(bytes, inodes));
        Optional<SnapshotKey> parent = record.references().stream().findFirst().map(id -> SnapshotKey.of(id.key()));
        SnapshotInfo info = new SnapshotInfo(key, kind, parent, record.labels(), record.created(), record.updated());
        return new Entry(
                info, storage, below, ephemeral, usage, Optional.ofNullable(document.optionalString("unsealed")));
    }

    static RecordId id(String scope, SnapshotKey key) {
        return new RecordId(RecordKind.SNAPSHOT, scope, key.value());
    }
}
