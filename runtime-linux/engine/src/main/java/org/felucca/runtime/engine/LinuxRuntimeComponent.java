package org.felucca.runtime.engine;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.plugin.PluginId;
import org.felucca.api.process.HostExec;
import org.felucca.api.runtime.RuntimeBackend;
import org.felucca.api.runtime.RuntimeFeatures;
import org.felucca.api.runtime.Task;
import org.felucca.api.runtime.TaskId;
import org.felucca.api.runtime.TaskRequest;
import org.felucca.api.snapshot.SnapshotMount;
import org.felucca.runtime.engine.task.TaskThreads;
import org.felucca.runtime.monitor.ProcessService;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.propertytypes.SatisfyingConditionTarget;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The runtime backend {@code linux}. */
@Component(
        service = RuntimeBackend.class,
        configurationPid = LinuxRuntimeComponent.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@SatisfyingConditionTarget("(osgi.condition.id=felucca.host.linux)")
@PluginId("linux")
@Designate(ocd = LinuxRuntimeComponent.Settings.class)
public final class LinuxRuntimeComponent implements RuntimeBackend {
    /** Name of the configuration. */
    public static final String PID = "org.felucca.engine";

    private static final String STATE = "felucca.state";

    private final ExecutorService executor;
    private final LinuxRuntime runtime;

    /** What the configuration holds. */
    @ObjectClassDefinition(name = "Felucca runtime linux", description = "Containers of this host.")
    public @interface Settings {
        /** Path, below each cgroup hierarchy's root, of the cgroup that holds those of containers. */
        @AttributeDefinition(
                description = "Path, below each cgroup hierarchy's root, of the cgroup that holds those of containers.")
        String cgroupParent() default "/felucca";

        /** Who makes the cgroups of containers: {@code cgroupfs} is this runtime itself, {@code systemd} systemd. */
        @AttributeDefinition(
                description = "Who makes the cgroups of containers: cgroupfs is this runtime itself, systemd systemd.")
        String cgroupDriver() default "cgroupfs";

        /** Slice that systemd makes the cgroups of containers in. */
        @AttributeDefinition(description = "Slice that systemd makes the cgroups of containers in.")
        String slice() default "system.slice";

        /** Most threads that wait for monitors and run what callers hang on futures. */
        @AttributeDefinition(description = "Most threads that wait for monitors and run what callers hang on futures.")
        int threads() default 4;
    }

    /** Opens the state directory. */
    @Activate
    public LinuxRuntimeComponent(
            BundleContext framework,
            Settings settings,
            @Reference(target = "(component.name=org.felucca.runtime.engine.ProcessServiceComponent)")
                    HostExec hostExec,
            @Reference ProcessService processes) {
        String state = framework.getProperty(STATE);
        if (state == null) {
            throw new FeluccaException(
                    ErrorCode.FAILED_PRECONDITION, "cannot run containers", "the property " + STATE + " is not set");
        }
        this.executor = TaskThreads.pool("tasks", settings.threads());
        this.runtime = new LinuxRuntime(
                processes.spawn(), processes.loop(), executor, hostExec, Path.of(state), choice(settings));
    }

    private static CgroupChoice choice(Settings settings) {
        return CgroupChoice.of(settings.cgroupDriver(), settings.cgroupParent(), settings.slice());
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
    public void anticipate(TaskId id, List<SnapshotMount> rootfs, boolean ephemeral) {
        runtime.anticipate(id, rootfs, ephemeral);
    }

    @Override
    public void forget(TaskId id) {
        runtime.forget(id);
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
