package org.felucca.runtime.engine;

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
import org.felucca.api.runtime.Task;
import org.felucca.api.runtime.TaskId;
import org.felucca.api.runtime.TaskIo;
import org.felucca.api.runtime.TaskRequest;
import org.felucca.api.snapshot.SnapshotMount;
import org.felucca.oci.runtimespec.ConsoleSize;
import org.felucca.oci.runtimespec.Process;
import org.felucca.oci.runtimespec.Spec;
import org.felucca.oci.runtimespec.linux.Linux;
import org.felucca.posix.fs.Dir;
import org.felucca.posix.fs.Fd;
import org.felucca.runtime.engine.cgroup.CgroupDriver;
import org.felucca.runtime.engine.cgroup.CgroupLayout;
import org.felucca.runtime.engine.cgroup.NewCgroup;
import org.felucca.runtime.engine.cgroup.TaskCgroup;
import org.felucca.runtime.engine.rootfs.RootMounter;
import org.felucca.runtime.engine.task.Descriptors;
import org.felucca.runtime.engine.task.HeldProcess;
import org.felucca.runtime.engine.task.HostProbe;
import org.felucca.runtime.engine.task.LogDirectory;
import org.felucca.runtime.engine.task.MonitoredTask;
import org.felucca.runtime.engine.task.ProcessSpecs;
import org.felucca.runtime.engine.task.TaskFiles;
import org.felucca.runtime.engine.user.UserLookup;
import org.felucca.runtime.monitor.Adoption;
import org.felucca.runtime.monitor.AppletException;
import org.felucca.runtime.monitor.MessageLoop;
import org.felucca.runtime.monitor.SpawnClient;
import org.felucca.runtime.monitor.SpawnRequest;
import org.felucca.runtime.monitor.TaskDirectory;
import org.felucca.runtime.plan.compile.CompiledPlan;
import org.felucca.runtime.plan.compile.ContainerCompiler;
import org.felucca.runtime.plan.compile.ContainerFacts;
import org.felucca.runtime.plan.compile.HostFacts;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs containers on this host. Thread-safe. */
public final class LinuxRuntime implements RuntimeBackend, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LinuxRuntime.class);

    /** Newest version whose every required behaviour is there; newer properties are accepted or refused by name. */
    private static final String OCI_VERSION = "1.3.0";

    private final SpawnClient spawn;
    private final MessageLoop loop;
    private final ExecutorService executor;
    private final TaskFiles files;
    private final CgroupDriver cgroups;
    private final HostFacts host;
    private final String bootId;
    private final HostExec hostExec;
    private final SeccompFilters filters = new SeccompFilters();
    private final RootMounter roots = new RootMounter();
    private final AnticipatedRoots anticipated = new AnticipatedRoots();
    private final SpareNetworks networks;
    private final Map<TaskId, LinuxTask> tasks = new ConcurrentHashMap<>();

    /**
     * @param state the platform's state directory
     * @param cgroupParent absolute path, below each cgroup hierarchy's root, that holds the cgroups of tasks
     * @param executor runs what waits and what callers hang on futures; stays the caller's
     * @param hostExec runs hooks of containers whose monitor is gone
     */
    public LinuxRuntime(
            SpawnClient spawn,
            MessageLoop loop,
            ExecutorService executor,
            HostExec hostExec,
            Path state,
            String cgroupParent) {
        this(spawn, loop, executor, hostExec, state, new CgroupChoice(false, cgroupParent, "system.slice"));
    }

    /**
     * As the other, with the choice of who makes cgroups.
     *
     * @param choice who does
     */
    public LinuxRuntime(
            SpawnClient spawn,
            MessageLoop loop,
            ExecutorService executor,
            HostExec hostExec,
            Path state,
            CgroupChoice choice) {
        this.spawn = spawn;
        this.loop = loop;
        this.executor = executor;
        this.hostExec = hostExec;
        this.files = new TaskFiles(state);
        this.networks = new SpareNetworks(() -> spawn.newNetworkNamespace(true), executor);
        CgroupLayout layout = HostProbe.cgroups();
        this.cgroups = choice.open(layout, () -> HeldProcess.start(spawn));
        this.host = HostProbe.facts();
        this.bootId = HostProbe.bootId();
        LOG.info(
                "runtime linux: cgroups {} made by {}, AppArmor {}, SELinux {}",
                layout.describe(),
                choice.systemd() ? "systemd" : "the runtime",
                host.appArmor(),
                host.seLinux());
    }

    @Override
    public RuntimeFeatures features() {
        return new RuntimeFeatures(
                Set.of("linux"),
                Set.of(SnapshotMount.Kind.BIND, SnapshotMount.Kind.OVERLAY, SnapshotMount.Kind.FILE_SYSTEM),
                Set.of(RuntimeFeatures.Capability.values()),
                OCI_VERSION);
    }

    @Override
    public Task create(TaskRequest request) {
        files.create(request.id());
        try (Fd root = root(request)) {
            Spec spec = resolved(request, root);
            Linux linux = spec.linux();
            try (NewCgroup made = cgroups.make(
                    linux == null ? null : linux.cgroupsPath(),
                    cgroupName(request.id()),
                    linux == null ? null : linux.resources())) {
                return create(request, spec, root, made.cgroup());
            }
        } catch (RuntimeException e) {
            undo(() -> files.remove(request.id()), e);
            throw e;
        }
    }

    private Fd root(TaskRequest request) {
        return anticipated
                .take(request.id(), request.rootfs(), request.ephemeral())
                .orElseGet(() -> roots.mount(request.rootfs(), request.spec(), request.ephemeral()));
    }

    @Override
    public void anticipate(TaskId id, List<SnapshotMount> rootfs, boolean ephemeral) {
        anticipated.keep(id, rootfs, ephemeral, roots.mount(rootfs, ephemeral));
    }

    @Override
    public void forget(TaskId id) {
        anticipated.forget(id);
    }

    private Task create(TaskRequest request, Spec spec, Fd root, TaskCgroup cgroup) {
        try {
            LinuxTask task = spawn(request, spec, root, cgroup);
            tasks.put(request.id(), task);
            return task;
        } catch (RuntimeException e) {
            undo(() -> cgroups.remove(cgroup), e);
            throw e;
        }
    }

    private static void undo(Runnable step, RuntimeException failure) {
        try {
            step.run();
        } catch (FeluccaException e) {
            failure.addSuppressed(e);
        }
    }

    private static Spec resolved(TaskRequest request, Fd root) {
        Spec spec = request.spec();
        Process process = spec.process();
        if (request.user().isEmpty() || process == null) {
            return spec;
        }
        UserLookup.Identity identity = new UserLookup(root).find(request.user());
        return spec.toBuilder()
                .process(ProcessSpecs.withIdentity(process, identity))
                .build();
    }

    private LinuxTask spawn(TaskRequest request, Spec spec, Fd root, TaskCgroup cgroup) {
        boolean takesNetwork = ContainerCompiler.takesNetwork(spec);
        List<Fd> directories = cgroup.openAll();
        Optional<Fd> network = takesNetwork ? networks.take() : Optional.empty();
        try {
            LinuxTask task = spawn(request, spec, root, cgroup, directories, network);
            if (takesNetwork) {
                networks.replenish();
            }
            return task;
        } finally {
            directories.forEach(Fd::close);
            network.ifPresent(Fd::close);
        }
    }

    private LinuxTask spawn(
            TaskRequest request, Spec spec, Fd root, TaskCgroup cgroup, List<Fd> directories, Optional<Fd> network) {
        TaskId id = request.id();
        TaskIo io = request.io();
        List<Fd> slots = new ArrayList<>();
        slots.add(root);
        ContainerFacts facts = facts(request, spec, cgroup, network.isPresent());
        try (Fd directory = Dir.open(files.directory(id));
                LogDirectory log = LogDirectory.open(io)) {
            slots.addAll(directories);
            network.ifPresent(slots::add);
            CompiledPlan compiled = ContainerCompiler.compile(spec, host, facts);
            compiled.warnings().forEach(warning -> LOG.warn("container {}: {}", id, warning));
            LinuxTask task = new LinuxTask(id, spec, cgroup, context());
            Runnable record = () -> files.write(id, spec, cgroup);
            SpawnClient.Spawned spawned = Descriptors.withStreams(
                    io,
                    streams -> spawn.spawn(
                            new SpawnRequest(
                                    id.id(),
                                    request.startImmediately(),
                                    directory,
                                    streams,
                                    log.log(),
                                    compiled.plan().bytes(),
                                    slots),
                            task.listener(),
                            record));
            task.started(spawned.connection(), spawned.process(), spawned.running());
            if (Thread.currentThread().isInterrupted()) {
                FeluccaException cancelled =
                        new FeluccaException(ErrorCode.CANCELLED, "cannot create container " + id.id(), "interrupted");
                task.abandon(cancelled);
                throw cancelled;
            }
            return task;
        } catch (AppletException e) {
            throw Failures.of(e, "cannot create container " + id.id(), lastPlan(spec, facts), args(spec));
        }
    }

    private static List<String> args(Spec spec) {
        return spec.process() == null ? List.of() : spec.process().args();
    }

    /** The plan again, to name the property whose operation failed. */
    private org.felucca.runtime.plan.Plan lastPlan(Spec spec, ContainerFacts facts) {
        return ContainerCompiler.compile(spec, host, facts).plan();
    }

    /** Slots are the root, the cgroup's directories, and the network namespace. */
    private ContainerFacts facts(TaskRequest request, Spec spec, TaskCgroup cgroup, boolean network) {
        int slots = 1 + cgroup.directories().size();
        ContainerFacts facts = ContainerFacts.of(
                        request.id().id(), files.directory(request.id()).toString())
                .slotsGiven(network ? slots + 1 : slots)
                .cgroups(cgroup.hierarchies(1))
                .reaper(request.reaper());
        facts = network ? facts.network(slots) : facts;
        facts = filters.filter(spec).map(facts::seccomp).orElse(facts);
        return withTerminal(facts, request.io(), spec.process());
    }

    /** The size is the client's, else the document's. */
    static ContainerFacts withTerminal(ContainerFacts facts, TaskIo io, @Nullable Process process) {
        if (!io.terminal()) {
            return facts;
        }
        ConsoleSize size = process == null ? null : process.consoleSize();
        if (size == null || io.window().rows() != 0 || io.window().columns() != 0) {
            return facts.terminal(
                    new ContainerFacts.Terminal(io.window().rows(), io.window().columns()));
        }
        return facts.terminal(new ContainerFacts.Terminal((int) size.height(), (int) size.width()));
    }

    LinuxTask.Context context() {
        return new LinuxTask.Context(
                new MonitoredTask.Context(files, loop, executor, bootId, tasks::remove),
                host,
                filters,
                hostExec,
                cgroups);
    }

    @Override
    public Optional<Task> recover(TaskId id) {
        LinuxTask known = tasks.get(id);
        if (known != null) {
            return Optional.of(known);
        }
        if (!files.list().contains(id)) {
            return Optional.empty();
        }
        TaskCgroup cgroup = files.cgroup(id);
        Optional<Spec> spec = files.config(id);
        LinuxTask task =
                new LinuxTask(id, spec.orElseGet(() -> Spec.builder("1.0.2").build()), cgroup, context());
        Adoption.Result found = Adoption.adopt(new TaskDirectory(files.directory(id)), bootId, loop, task.listener());
        if (found instanceof Adoption.Result.Nothing) {
            discard(id, cgroup);
            return Optional.empty();
        }
        task.adopted(found);
        if (spec.isEmpty()) {
            LOG.warn("container {} was being created when the daemon died; it is removed", id);
            task.abandon(new FeluccaException(ErrorCode.ABORTED, "cannot recover container " + id, "half made"));
            discard(id, cgroup);
            return Optional.empty();
        }
        LinuxTask other = tasks.putIfAbsent(id, task);
        return Optional.of(other == null ? task : other);
    }

    /** What was half made may have a process already: killing it ends its monitor. */
    private void discard(TaskId id, TaskCgroup recorded) {
        cgroups.remove(recorded);
        cgroups.discard(cgroupName(id));
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
        tasks.values().forEach(LinuxTask::letGo);
        tasks.clear();
        networks.close();
        anticipated.close();
        cgroups.close();
    }
}
