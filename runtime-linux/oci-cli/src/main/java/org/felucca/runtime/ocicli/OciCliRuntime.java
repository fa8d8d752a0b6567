package org.felucca.runtime.ocicli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.process.HostExec;
import org.felucca.api.runtime.RuntimeBackend;
import org.felucca.api.runtime.RuntimeFeatures;
import org.felucca.api.runtime.RuntimeFeatures.Capability;
import org.felucca.api.runtime.Task;
import org.felucca.api.runtime.TaskId;
import org.felucca.api.runtime.TaskRequest;
import org.felucca.api.snapshot.SnapshotMount;
import org.felucca.oci.runtimespec.Spec;
import org.felucca.oci.runtimespec.linux.Linux;
import org.felucca.oci.runtimespec.linux.Namespace;
import org.felucca.oci.runtimespec.linux.NamespaceType;
import org.felucca.posix.fs.Dir;
import org.felucca.posix.fs.Fd;
import org.felucca.runtime.engine.cgroup.Cgroups;
import org.felucca.runtime.engine.cgroup.TaskCgroup;
import org.felucca.runtime.engine.rootfs.RootMounter;
import org.felucca.runtime.engine.task.Descriptors;
import org.felucca.runtime.engine.task.HostProbe;
import org.felucca.runtime.engine.task.LogDirectory;
import org.felucca.runtime.engine.task.MonitoredTask;
import org.felucca.runtime.engine.task.TaskFiles;
import org.felucca.runtime.monitor.Adoption;
import org.felucca.runtime.monitor.AppletException;
import org.felucca.runtime.monitor.ProcessService;
import org.felucca.runtime.monitor.SpawnClient;
import org.felucca.runtime.monitor.SpawnRequest;
import org.felucca.runtime.monitor.TaskDirectory;
import org.felucca.runtime.plan.Plan;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs containers with the program of another runtime. Thread-safe. */
final class OciCliRuntime implements RuntimeBackend, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OciCliRuntime.class);

    private final String backend;
    private final ProcessService processes;
    private final ExecutorService executor;
    private final TaskFiles files;
    private final Path programRoot;
    private final RuntimeProgram program;
    private final RuntimePlans plans;
    private final Cgroups cgroups;
    private final int lastCapability;
    private final String bootId;
    private final RootMounter roots = new RootMounter();
    private final Map<TaskId, OciCliTask> tasks = new ConcurrentHashMap<>();

    /**
     * @param state directory of this backend alone
     * @param cgroupParent absolute path, below each cgroup hierarchy's root, that holds the cgroups of tasks
     * @param executor runs what waits and what callers hang on futures; stays the caller's
     * @param hostExec runs the program
     */
    OciCliRuntime(
            RuntimeSettings settings,
            ProcessService processes,
            ExecutorService executor,
            HostExec hostExec,
            Path state,
            String cgroupParent) {
        this.backend = settings.id();
        this.processes = processes;
        this.executor = executor;
        this.files = new TaskFiles(state);
        this.programRoot = state.resolve("program");
        this.program = new RuntimeProgram(settings, programRoot, hostExec);
        this.plans = new RuntimePlans(program);
        this.cgroups = new Cgroups(HostProbe.cgroups(), cgroupParent);
        this.lastCapability = HostProbe.facts().lastCapability();
        this.bootId = HostProbe.bootId();
    }

    @Override
    public RuntimeFeatures features() {
        return new RuntimeFeatures(
                Set.of("linux"),
                Set.of(SnapshotMount.Kind.BIND, SnapshotMount.Kind.OVERLAY, SnapshotMount.Kind.FILE_SYSTEM),
                Set.of(Capability.PAUSE, Capability.UPDATE, Capability.STATS),
                program.newestVersion().toString());
    }

    @Override
    public Task create(TaskRequest request) {
        TaskId id = request.id();
        files.create(id);
        @Nullable TaskCgroup cgroup = null;
        try (Fd root = roots.mount(request.rootfs(), request.spec(), request.ephemeral())) {
            Linux linux = request.spec().linux();
            String configured = linux == null ? null : linux.cgroupsPath();
            Spec spec = BundleSpec.of(
                    request, root, cgroups.absolutePath(configured, cgroupName(id)), program.newestVersion(), backend);
            cgroup = cgroups.makeBare(configured, cgroupName(id));
            files.write(id, spec, cgroup);
            BundleFiles.makeDirectory(files.directory(id).resolve(RuntimePlans.ROOT));
            BundleFiles.makeDirectory(programRoot);
            OciCliTask task = spawn(request, spec, root, cgroup);
            tasks.put(id, task);
            return task;
        } catch (RuntimeException e) {
            undo(id, cgroup, e);
            throw e;
        }
    }

    private void undo(TaskId id, @Nullable TaskCgroup cgroup, RuntimeException failure) {
        try {
            if (cgroup != null) {
                program.forceDelete(id);
                cgroup.remove();
            }
            files.remove(id);
        } catch (FeluccaException e) {
            failure.addSuppressed(e);
        }
    }

    private OciCliTask spawn(TaskRequest request, Spec spec, Fd root, TaskCgroup cgroup) {
        TaskId id = request.id();
        List<Fd> slots = new ArrayList<>();
        slots.add(root);
        List<Fd> directories = cgroup.openAll();
        try (Fd directory = Dir.open(files.directory(id));
                LogDirectory log = LogDirectory.open(request.io())) {
            slots.addAll(directories);
            Plan plan = plans.container(
                    id, files.directory(id), cgroup, request.io().terminal(), sharesProcesses(spec));
            OciCliTask task = new OciCliTask(id, spec, cgroup, context());
            SpawnClient.Spawned spawned = Descriptors.withStreams(
                    request.io(),
                    streams -> processes
                            .spawn()
                            .spawn(
                                    new SpawnRequest(
                                            id.id(),
                                            request.startImmediately(),
                                            directory,
                                            streams,
                                            log.log(),
                                            plan.bytes(),
                                            slots),
                                    task.listener(),
                                    () -> {}));
            task.started(spawned.connection(), spawned.process(), spawned.running());
            if (Thread.currentThread().isInterrupted()) {
                FeluccaException cancelled =
                        new FeluccaException(ErrorCode.CANCELLED, "cannot create container " + id.id(), "interrupted");
                task.abandon(cancelled);
                throw cancelled;
            }
            return task;
        } catch (AppletException e) {
            List<String> args =
                    spec.process() == null ? List.of() : spec.process().args();
            throw RuntimeLog.failure(
                    "cannot create container " + id.id(),
                    RuntimeLog.lastError(RuntimePlans.log(files.directory(id)))
                            .map(said -> backend + ": " + said)
                            .orElse(e.text()),
                    args.isEmpty() ? "" : args.get(0),
                    e);
        } finally {
            directories.forEach(Fd::close);
        }
    }

    /** Whether processes of the container outlive its first one, because that is no init of theirs. */
    private static boolean sharesProcesses(Spec spec) {
        return spec.linux() == null
                || spec.linux().namespaces().stream().map(Namespace::type).noneMatch(type -> type == NamespaceType.PID);
    }

    private OciCliTask.Context context() {
        return new OciCliTask.Context(
                new MonitoredTask.Context(files, processes.loop(), executor, bootId, tasks::remove),
                program,
                plans,
                lastCapability);
    }

    @Override
    public Optional<Task> recover(TaskId id) {
        OciCliTask known = tasks.get(id);
        if (known != null) {
            return Optional.of(known);
        }
        if (!files.list().contains(id)) {
            return Optional.empty();
        }
        TaskCgroup cgroup = files.cgroup(id);
        Optional<Spec> spec = files.config(id);
        if (spec.isEmpty()) {
            discard(id, cgroup);
            return Optional.empty();
        }
        OciCliTask task = new OciCliTask(id, spec.get(), cgroup, context());
        Adoption.Result found =
                Adoption.adopt(new TaskDirectory(files.directory(id)), bootId, processes.loop(), task.listener());
        if (found instanceof Adoption.Result.Nothing) {
            LOG.warn("container {} was being created when the daemon died; it is removed", id);
            discard(id, cgroup);
            return Optional.empty();
        }
        task.adopted(found);
        OciCliTask other = tasks.putIfAbsent(id, task);
        return Optional.of(other == null ? task : other);
    }

    /** What was half made may have a process already: killing it ends its monitor. */
    private void discard(TaskId id, TaskCgroup recorded) {
        program.forceDelete(id);
        recorded.remove();
        cgroups.find(cgroupName(id)).remove();
        files.remove(id);
    }

    private static String cgroupName(TaskId id) {
        return id.namespace() + "-" + id.id();
    }

    @Override
    public List<TaskId> tasks() {
        return files.list();
    }

    /** Lets go of every task; they run on. */
    @Override
    public void close() {
        tasks.values().forEach(OciCliTask::letGo);
        tasks.clear();
        cgroups.close();
    }
}
