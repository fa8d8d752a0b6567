package org.felucca.core.osgi;

import org.felucca.api.container.ContainerService;
import org.felucca.core.lifecycle.Containers;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The container service. */
@Component(service = ContainerService.class)
public final class ContainersComponent extends Containers {
    /** Makes the service. */
    @Activate
    public ContainersComponent(@Reference OrchestratorComponent orchestrator) {
        super(orchestrator.orchestrator());
    }
}
