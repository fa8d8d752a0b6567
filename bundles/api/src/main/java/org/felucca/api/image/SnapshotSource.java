package org.felucca.api.image;

import org.felucca.api.snapshot.SnapshotKey;

/**
 * A file system that a snapshotter holds.
 *
 * @param snapshotter plugin id
 * @param key an active snapshot; it stays as it is
 */
public record SnapshotSource(String snapshotter, SnapshotKey key) {}
