package org.felucca.api.lease;

import java.time.Duration;
import org.osgi.annotation.versioning.ProviderType;

/** Gives out leases. Thread-safe. */
@ProviderType
public interface Leases {
    /**
     * Opens a lease.
     *
     * @param purpose who holds it, for people
     * @param ttl after which it ends by itself if it is not closed
     */
    Lease open(String purpose, Duration ttl);
}
