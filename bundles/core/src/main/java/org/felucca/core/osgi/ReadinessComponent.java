package org.felucca.core.osgi;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.felucca.api.plugin.Readiness;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The readiness as a service. */
@Component
public final class ReadinessComponent implements Readiness {
    private final Readiness ready;

    /** Makes the service. */
    @Activate
    public ReadinessComponent(@Reference OrchestratorComponent orchestrator) {
        ready = orchestrator.orchestrator().ready();
    }

    @Override
    public List<String> waitingFor() {
        return ready.waitingFor();
    }

    @Override
    public Optional<Instant> readySince() {
        return ready.readySince();
    }

    @Override
    public CompletionStage<Void> whenReady() {
        return ready.whenReady();
    }
}
