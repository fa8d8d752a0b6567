package org.felucca.core.osgi;

import java.time.Duration;
import org.felucca.api.lease.Lease;
import org.felucca.api.lease.Leases;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The leases as a service. */
@Component
public final class LeasesComponent implements Leases {
    private final Leases leases;

    /** Makes the service. */
    @Activate
    public LeasesComponent(@Reference OrchestratorComponent orchestrator) {
        leases = orchestrator.orchestrator().leases();
    }

    @Override
    public Lease open(String purpose, Duration ttl) {
        return leases.open(purpose, ttl);
    }
}
