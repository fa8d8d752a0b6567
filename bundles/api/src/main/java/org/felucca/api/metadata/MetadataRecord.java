package org.felucca.api.metadata;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A record.
 *
 * @param id its identity
 * @param labels free names and values; copied
 * @param document what the owner of the kind stores, as a JSON object in text
 * @param references what this record keeps alive; copied
 * @param created when it was first put
 * @param updated when it was last put
 */
public record MetadataRecord(
        RecordId id,
        Map<String, String> labels,
        String document,
        List<RecordId> references,
        Instant created,
        Instant updated) {
    /** Copies. */
    public MetadataRecord {
        labels = Map.copyOf(labels);
        references = List.copyOf(references);
    }
}
