package org.felucca.runtime.ocicli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.process.HostExec;
import org.felucca.api.runtime.RuntimeBackend;
import org.felucca.api.runtime.RuntimeFeatures;
import org.felucca.api.runtime.Task;
import org.felucca.api.runtime.TaskId;
import org.felucca.api.runtime.TaskRequest;
import org.felucca.runtime.engine.task.TaskThreads;
import org.felucca.runtime.monitor.ProcessService;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** One backend, made by {@link RuntimeConfiguration} for a program that is there. */
@Component(service = RuntimeBackend.class, factory = OciCliComponent.FACTORY)
public final class OciCliComponent implements RuntimeBackend {
    /** Name of the component's factory. */
    static final String FACTORY = "org.felucca.runtime.ocicli.backend";

    private static final String STATE = "felucca.state";

    private final ExecutorService executor;
    private final OciCliRuntime runtime;

    /** Opens the state directory. */
    @Activate
    public OciCliComponent(
            BundleContext framework,
            RuntimeConfiguration.Settings settings,
            @Reference(target = "(component.name=org.felucca.runtime.engine.ProcessServiceComponent)")
                    HostExec hostExec,
            @Reference ProcessService processes) {
        String state = framework.getProperty(STATE);
        if (state == null) {
            throw new FeluccaException(
                    ErrorCode.FAILED_PRECONDITION, "cannot run containers", "the property " + STATE + " is not set");
        }
        this.executor = TaskThreads.pool(settings.id(), settings.threads());
        this.runtime = new OciCliRuntime(
                new RuntimeSettings(
                        settings.id(),
                        Path.of(settings.binary()),
                        List.of(settings.args()),
                        List.of(settings.env()),
                        List.of(settings.hide()),
                        Duration.ofSeconds(settings.deadlineSeconds())),
                processes,
                executor,
                hostExec,
                Path.of(state, "oci-cli", settings.id()),
                settings.cgroupParent());
    }

    @Override
    public RuntimeFeatures features() {
        return runtime.features();
    }

    @Override
    public Task create(TaskRequest request) {
        return runtime.create(request);
    }

    @Override
    public Optional<Task> recover(TaskId id) {
        return runtime.recover(id);
    }

    @Override
    public List<TaskId> tasks() {
        return runtime.tasks();
    }

    @Deactivate
    void close() throws InterruptedException {
        runtime.close();
        executor.shutdown();
        executor.awaitTermination(5, TimeUnit.SECONDS);
    }
}
