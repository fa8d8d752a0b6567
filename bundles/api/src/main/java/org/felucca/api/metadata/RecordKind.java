package org.felucca.api.metadata;

import java.util.Locale;

/** The kinds of records there are. Append-only. */
public enum RecordKind {
    /** A tenant. */
    NAMESPACE,
    /** An image name and what it points to; a root of garbage collection. */
    IMAGE,
    /** A container; a root of garbage collection. */
    CONTAINER,
    /** A lease; a root of garbage collection until it expires. */
    LEASE,
    /** A snapshot; scope is the snapshotter's id. */
    SNAPSHOT,
    /** A blob in a content store, with references to the blobs it names; scope is the store's id. */
    CONTENT;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** Returns the lower-case name used in messages and in the database. */
    public String label() {
        return label;
    }
}
