package org.felucca.core.osgi;

import java.util.Set;
import org.felucca.api.lease.Collector;
import org.felucca.api.metadata.RecordId;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The garbage collector as a service. */
@Component
public final class CollectorComponent implements Collector {
    private final Collector collector;

    /** Makes the service. */
    @Activate
    public CollectorComponent(@Reference OrchestratorComponent orchestrator) {
        collector = orchestrator.orchestrator().collector();
    }

    @Override
    public Freed collect() {
        return collector.collect();
    }

    @Override
    public Freed preview(Set<RecordId> without) {
        return collector.preview(without);
    }
}
