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

    /** Label, with the value {@code later}, of a commit whose sync is left to {@link Snapshotter#seal}. */
    public static final String LABEL_SEAL = "felucca.seal";

    /** Label, with the value {@code true}, of a committed layer that has a manifest beside its tree. */
    public static final String LABEL_MANIFEST = "felucca.manifest";

    /** Label of a committed layer that was found damaged, with what is wrong. It is mended when it is needed next. */
    public static final String LABEL_DAMAGED = "felucca.damaged";

    /** Label of a committed layer that lies on a damaged one, with that one's key. */
    public static final String LABEL_DAMAGED_BELOW = "felucca.damaged-below";

    /** Copies. */
    public SnapshotInfo {
        labels = Map.copyOf(labels);
    }

    /** Returns whether neither it nor anything below it is known to be damaged. */
    public boolean whole() {
        return !labels.containsKey(LABEL_DAMAGED) && !labels.containsKey(LABEL_DAMAGED_BELOW);
    }
}
