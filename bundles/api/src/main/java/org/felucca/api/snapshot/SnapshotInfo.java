package org.felucca.api.snapshot;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A snapshot as recorded.
 *
 * @param key its name
 * @param kind what it is
 * @param parent the committed snapshot below it, if any
 * @param labels free names and values; copied
 * @param created when it was prepared
 * @param updated when it was last changed (committed)
 */
public record SnapshotInfo(
        SnapshotKey key,
        SnapshotKind kind,
        Optional<SnapshotKey> parent,
        Map<String, String> labels,
        Instant created,
        Instant updated) {
    /** Label with the chain id (OCI image-spec, "Layer ChainID") of a committed layer. */
    public static final String LABEL_CHAIN_ID = "felucca.chain-id";

    /** Label with the diffID of the layer that this snapshot adds to its parent. */
    public static final String LABEL_DIFF_ID = "felucca.diff-id";

    /** Copies. */
    public SnapshotInfo {
        labels = Map.copyOf(labels);
    }
}
