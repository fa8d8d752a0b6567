package org.felucca.core.osgi;

import java.time.Clock;
import java.time.Duration;
import org.felucca.api.lease.Lease;
import org.felucca.api.lease.Leases;
import org.felucca.api.metadata.MetadataStore;
import org.felucca.core.lease.LeaseBook;
import org.felucca.core.lease.Pins;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The leases as a service. It stands on the records alone: the image service, which core uses, needs it to begin. */
@Component(service = {Leases.class, LeasesComponent.class})
public final class LeasesComponent implements Leases {
    private final LeaseBook book;

    /** Makes the service. */
    @Activate
    public LeasesComponent(@Reference MetadataStore store) {
        book = new LeaseBook(store, new Pins(), Clock.systemUTC());
    }

    LeaseBook book() {
        return book;
    }

    @Override
    public Lease open(String purpose, Duration ttl) {
        return book.open(purpose, ttl);
    }
}
