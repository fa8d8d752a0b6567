package org.felucca.api.lease;

import org.felucca.api.metadata.RecordId;
import org.osgi.annotation.versioning.ProviderType;

/** A lease that is held. Thread-safe. Closing it, once, ends the protection. */
@ProviderType
public interface Lease extends AutoCloseable {
    /** Returns its id. */
    String id();

    /** Protects a record, there or about to be there, from garbage collection. */
    void add(RecordId resource);

    @Override
    void close();
}
