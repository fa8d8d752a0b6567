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
    QUOTA,
    /**
     * Every snapshot holds its whole tree, its parent's files included. Who unpacks a chain of layers writes them all into
     * one snapshot and commits that as the topmost: the others would be copies that nobody looks at.
     */
    WHOLE
}
