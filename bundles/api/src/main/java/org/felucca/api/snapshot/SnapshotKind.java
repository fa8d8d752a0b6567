package org.felucca.api.snapshot;

/** What a snapshot is at present. */
public enum SnapshotKind {
    /** Writable; made by {@code prepare}; becomes committed or is removed. */
    ACTIVE,
    /** Read-only; made by {@code view}; is removed. */
    VIEW,
    /** Immutable; may be a parent. */
    COMMITTED
}
