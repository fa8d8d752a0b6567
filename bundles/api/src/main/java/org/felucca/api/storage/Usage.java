package org.felucca.api.storage;

/**
 * What one kind of thing takes on the disk.
 *
 * @param kind what it is
 * @param total how many there are
 * @param active how many of them are in use by a container
 * @param bytes bytes they take; what two share is counted once
 * @param reclaimable bytes that nothing needs
 */
public record Usage(Kind kind, int total, int active, long bytes, long reclaimable) {
    /** What takes space. Append-only. */
    public enum Kind {
        /** Names of images; the bytes are those of their blobs. */
        IMAGES,
        /** Containers; the bytes are those of their writable layers. */
        CONTAINERS,
        /** Committed snapshots: unpacked layers. */
        SNAPSHOTS,
        /** Transfers that are under way or were broken off. */
        INGESTS
    }
}
