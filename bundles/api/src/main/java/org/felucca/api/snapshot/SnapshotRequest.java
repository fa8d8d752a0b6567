package org.felucca.api.snapshot;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What to prepare. Immutable; each wither returns a new request, so that the class can grow without breaking plugins.
 */
public final class SnapshotRequest {
    /**
     * Label, with the value {@code true}, of a snapshot that the usual mounts of a container go over. A snapshotter may
     * show what they cover beneath everything else: the empty directories {@code dev}, {@code proc} and {@code sys}, and
     * the empty files {@code hosts}, {@code hostname} and {@code resolv.conf} in {@code etc}. They are no changes of the
     * snapshot then; without them a runtime makes them in it, which takes longer.
     */
    public static final String LABEL_MOUNT_POINTS = "felucca.snapshot.mount-points";

    /**
     * Label, with the value {@code true}, of a snapshot without parent that is going to be committed onto one (capability
     * {@link SnapshotCapability#REBASE}). Its mount is an overlay over nothing, so that what deletes or hides something of
     * the parent can be written.
     */
    public static final String LABEL_ISOLATED = "felucca.snapshot.isolated";

    private final SnapshotKey key;
    private final @Nullable SnapshotKey parent;
    private final Map<String, String> labels;
    private final boolean ephemeral;

    private SnapshotRequest(
            SnapshotKey key, @Nullable SnapshotKey parent, Map<String, String> labels, boolean ephemeral) {
        this.key = key;
        this.parent = parent;
        this.labels = labels;
        this.ephemeral = ephemeral;
    }

    /** Asks for an empty snapshot with this key, without parent and labels. */
    public static SnapshotRequest of(SnapshotKey key) {
        return new SnapshotRequest(key, null, Map.of(), false);
    }

    /** Asks for a snapshot on top of a committed one. */
    public SnapshotRequest parent(SnapshotKey committed) {
        return new SnapshotRequest(key, committed, labels, ephemeral);
    }

    /** Asks for labels; replaces those of this request. */
    public SnapshotRequest labels(Map<String, String> newLabels) {
        return new SnapshotRequest(key, parent, Map.copyOf(newLabels), ephemeral);
    }

    /**
     * Says that the contents need not survive a crash of the host (capability {@link SnapshotCapability#VOLATILE}; a
     * snapshotter without it ignores the permission, which is safe). Such a snapshot cannot be committed.
     */
    public SnapshotRequest ephemeral(boolean throwAway) {
        return new SnapshotRequest(key, parent, labels, throwAway);
    }

    /** Returns the key. */
    public SnapshotKey key() {
        return key;
    }

    /** Returns the committed snapshot below, if any. */
    public Optional<SnapshotKey> parent() {
        return Optional.ofNullable(parent);
    }

    /** Returns the labels; immutable. */
    public Map<String, String> labels() {
        return labels;
    }

    /** Returns {@code true} if contents need not survive a crash of the host. */
    public boolean ephemeral() {
        return ephemeral;
    }
}
