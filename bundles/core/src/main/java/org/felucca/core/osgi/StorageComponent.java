package org.felucca.core.osgi;

import java.util.List;
import java.util.function.Consumer;
import org.felucca.api.storage.CheckReport;
import org.felucca.api.storage.CheckRequest;
import org.felucca.api.storage.Finding;
import org.felucca.api.storage.StorageService;
import org.felucca.api.storage.Usage;
import org.felucca.core.lifecycle.Orchestrator;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Checks and measures as a service. */
@Component
public final class StorageComponent implements StorageService {
    private final Orchestrator orchestrator;

    /** Makes the service. */
    @Activate
    public StorageComponent(@Reference OrchestratorComponent orchestrator) {
        this.orchestrator = orchestrator.orchestrator();
    }

    @Override
    public CheckReport check(CheckRequest request, Consumer<? super Finding> progress) {
        return orchestrator.check().check(request, progress);
    }

    @Override
    public List<Usage> usage() {
        return orchestrator.usage().measure();
    }
}
