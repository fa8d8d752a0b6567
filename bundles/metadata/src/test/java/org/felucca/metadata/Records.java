package org.felucca.metadata;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.felucca.api.metadata.MetadataRecord;
import org.felucca.api.metadata.RecordId;
import org.felucca.api.metadata.RecordKind;

/** Records to test with. */
final class Records {
    static final Instant THEN = Instant.parse("2026-11-25T03:00:00.123456789Z");

    private Records() {}

    static RecordId container(String key) {
        return new RecordId(RecordKind.CONTAINER, "default", key);
    }

    static RecordId snapshot(String key) {
        return new RecordId(RecordKind.SNAPSHOT, "overlay", key);
    }

    static MetadataRecord record(RecordId id, String document, RecordId... references) {
        return new MetadataRecord(id, Map.of(), document, List.of(references), THEN, THEN);
    }
}
