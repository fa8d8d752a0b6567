package org.felucca.api.snapshot;

/** What a snapshotter can do beyond the core of its contract. What is not declared is refused with UNSUPPORTED. */
public enum SnapshotCapability {
    /** {@code commit} takes a parent: a layer unpacked in isolation is put on its chain afterwards. */
    REBASE,
    /** {@code prepare} takes {@code ephemeral}: contents need not survive a crash of the host and are never synced. */
    VOLATILE,
    /** Mounts may be idmapped for a user namespace. */
    IDMAP,
    /** {@code prepare} takes a size limit. */
    QUOTA
}
