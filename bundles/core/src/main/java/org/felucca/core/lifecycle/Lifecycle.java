package org.felucca.core.lifecycle;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.felucca.api.container.Composition;
import org.felucca.api.container.ContainerRequest;
import org.felucca.api.container.ContainerService.Started;
import org.felucca.api.container.ContainerService.Streams;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.event.Events;
import org.felucca.api.image.ImageDetail;
import org.felucca.api.image.Progress;
import org.felucca.api.metadata.Durability;
import org.felucca.api.metadata.RecordId;
import org.felucca.api.plugin.Provider;
import org.felucca.api.plugin.Providers;
import org.felucca.api.plugin.Role;
import org.felucca.api.runtime.RuntimeBackend;
import org.felucca.api.runtime.Task;
import org.felucca.api.runtime.TaskIo;
import org.felucca.api.runtime.TaskIo.LogFile;
import org.felucca.api.runtime.TaskRequest;
import org.felucca.api.runtime.TaskState;
import org.felucca.api.snapshot.SnapshotKey;
import org.felucca.api.snapshot.SnapshotMount;
import org.felucca.api.snapshot.SnapshotRequest;
import org.felucca.core.compose.Composer;
import org.felucca.core.lease.Pins;
import org.felucca.core.record.ContainerKey;
import org.felucca.core.record.ContainerRecord;
import org.felucca.core.record.Entry;
import org.felucca.core.record.Launch;
import org.felucca.core.record.Phase;
import org.felucca.core.record.Records;
import org.felucca.core.record.Table;
import org.felucca.core.spec.HostFiles;
import org.felucca.core.spec.Launches;
import org.felucca.core.spec.LinuxSpec;
import org.felucca.core.supervise.Directories;
import org.felucca.core.supervise.Removal;
import org.felucca.core.supervise.Supervisor;
import org.felucca.core.supervise.Tasks;
import org.felucca.oci.runtimespec.Spec;
import org.jspecify.annotations.Nullable;

/**
 * Makes and starts containers, step by step:
 *
 * <pre>
 *   make:   compose → image → name → document (checked) → pins → snapshot → record
 *   start:  (mounts) → directory and files → task, started → record
 * </pre>
 *
 * <p>A step that fails takes back those before it, in reverse. A crash in between is dealt with by recovery: a snapshot
 * without a record is garbage, a record of a container that is removed at its end and has no task is removed. Until its
 * record is there, a snapshot is pinned in memory. Thread-safe.
 */
final class Lifecycle {
    private static final int NAME_ATTEMPTS = 100;
    private static final Map<String, String> MOUNT_POINTS = Map.of(SnapshotRequest.LABEL_MOUNT_POINTS, "true");

    private final Composer composer;
    private final ImageStep images;
    private final Providers providers;
    private final Records records;
    private final Table table;
    private final Pins pins;
    private final LinuxSpec specs;
    private final HostFiles files;
    private final Directories directories;
    private final Removal removal;
    private final Supervisor supervisor;
    private final Events events;
    private final Clock clock;
    private final LogLimits logLimits;
    private final Identities identities = new Identities();
    private final Spares spares;

    /**
     * How large the logs of containers get.
     *
     * @param maxBytes size at which a file is rotated; 0 for never
     * @param maxFiles how many files are kept
     */
    record LogLimits(long maxBytes, int maxFiles) {}

    Lifecycle(
            Composer composer,
            ImageStep images,
            Providers providers,
            Records records,
            Table table,
            Pins pins,
            LinuxSpec specs,
            HostFiles files,
            Directories directories,
            Removal removal,
            Supervisor supervisor,
            Events events,
            Clock clock,
            LogLimits logLimits,
            Executor executor) {
        this.composer = composer;
        this.images = images;
        this.providers = providers;
        this.records = records;
        this.table = table;
        this.pins = pins;
        this.specs = specs;
        this.files = files;
        this.directories = directories;
        this.removal = removal;
        this.supervisor = supervisor;
        this.events = events;
        this.clock = clock;
        this.logLimits = logLimits;
        this.spares = new Spares(
                providers,
                pins,
                identities,
                (key, kind) -> prepare(key, kind.snapshotter(), kind.parent(), kind.ephemeral()),
                executor,
                Spares.Clockwork.REAL);
    }

    /** The roots that were made ahead. */
    Spares spares() {
        return spares;
    }

    /** A container that was made, with what its first start needs. */
    private record Made(
            Entry entry, Spec spec, List<SnapshotMount> rootfs, Spares.Kind kind, Optional<Spares.Spare> spare) {}

    /** See {@link org.felucca.api.container.ContainerService#create}. */
    Entry create(ContainerRequest request, Progress progress) {
        String subject = "cannot create a container from " + request.image();
        Entry entry = make(new Steps(subject), request, progress, Durability.FULL, false)
                .entry();
        publish(entry, "create");
        return entry;
    }

    /** See {@link org.felucca.api.container.ContainerService#run}. */
    Started run(ContainerRequest request, Streams streams, Progress progress) {
        Steps steps = new Steps("cannot run a container from " + request.image());
        Made made = make(steps, request, progress, request.autoRemove() ? Durability.NORMAL : Durability.FULL, true);
        Entry entry = made.entry();
        publish(entry, "create");
        try {
            Started started = entry.turn()
                    .hold(
                            "cannot start container " + entry.record().name(),
                            () -> start(entry, streams, made.spec(), made.rootfs()));
            spares.ran(made.kind());
            return started;
        } catch (RuntimeException | Error failure) {
            made.spare().ifPresent(spares::forget);
            if (request.autoRemove()) {
                takeBack(entry, failure);
            }
            throw failure;
        }
    }

    private void takeBack(Entry entry, Throwable failure) {
        boolean interrupted = Thread.interrupted();
        try {
            entry.turn().hold("cannot remove container " + entry.record().name(), () -> {
                if (!entry.gone()) {
                    removal.remove(entry, false);
                }
            });
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
        entry.ended().complete(supervisor.unknown("it never started"));
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** @param runs whether it is started at once, so that a root that was made ahead serves it */
    private Made make(Steps steps, ContainerRequest request, Progress progress, Durability durability, boolean runs) {
        return steps.run(() -> {
            Composition composition = composer.compose(request);
            String snapshotter = composition.id(Role.SNAPSHOTTER.name());
            ImageDetail image = images.ensure(request, composer.platform(request), snapshotter, progress);
            requireLinux(image);
            SnapshotKey parent = image.chain().isEmpty() ? null : image.topSnapshot();
            Spares.Kind kind = new Spares.Kind(
                    request.namespace(),
                    snapshotter,
                    composition.id(Role.RUNTIME.name()),
                    parent,
                    request.autoRemove());
            Optional<Spares.Spare> spare = runs
                    ? steps.step(() -> spares.take(kind), taken -> taken.ifPresent(spares::discard))
                    : Optional.empty();
            ContainerKey key = spare.map(Spares.Spare::key)
                    .orElseGet(() -> new ContainerKey(request.namespace(), identities.id()));
            Launch launch = Launches.of(request, image.config().defaults());
            String name = steps.step(() -> reserve(key, request.name()), taken -> table.release(key, taken));
            ContainerRecord container = new ContainerRecord(
                    key,
                    name,
                    request.toBuilder()
                            .name(name)
                            .labels(Launches.labels(request, image.config().defaults()))
                            .build(),
                    image.image().name().toString(),
                    image.id(),
                    parent,
                    launch,
                    composition,
                    Phase.CREATED,
                    clock.instant(),
                    null,
                    null);
            Spec spec = specs.of(container, directories.of(key));
            List<RecordId> pinned = container.snapshots();
            pinned.forEach(pins::pin);
            try {
                Made made = place(steps, container, spec, durability, kind, spare);
                spare.ifPresent(spares::used);
                return made;
            } finally {
                pinned.forEach(pins::unpin);
            }
        });
    }

    private Made place(
            Steps steps,
            ContainerRecord container,
            Spec spec,
            Durability durability,
            Spares.Kind kind,
            Optional<Spares.Spare> spare) {
        Provider<RuntimeBackend> runtime = providers.require(Role.RUNTIME, container.runtime());
        List<SnapshotMount> rootfs = spare.isPresent()
                ? spare.get().rootfs()
                : steps.step(
                        () -> prepare(container.key(), kind.snapshotter(), kind.parent(), kind.ephemeral()),
                        prepared -> removal.removeSnapshot(container));
        composer.requireMountable(rootfs, runtime, container.snapshotter());
        Entry entry = new Entry(container);
        steps.step(() -> records.insert(container, durability), () -> records.remove(container.key()));
        steps.step(() -> table.add(entry), () -> table.remove(entry));
        return new Made(entry, spec, rootfs, kind, spare);
    }

    private static void requireLinux(ImageDetail image) {
        if (!image.platform().os().equals("linux")) {
            throw new FeluccaException(
                    ErrorCode.UNSUPPORTED,
                    "cannot run image " + image.image().name(),
                    "it is for " + image.platform() + ", of which this platform makes no containers",
                    "choose a Linux image");
        }
    }

    private String reserve(ContainerKey key, String wanted) {
        if (!wanted.isEmpty()) {
            Identities.requireName(wanted);
            if (!table.reserve(key, wanted)) {
                String owner = table.owner(key.namespace(), wanted);
                throw Records.nameInUse(wanted, owner == null ? "another" : owner);
            }
            return wanted;
        }
        for (int attempt = 0; attempt < NAME_ATTEMPTS; attempt++) {
            String name = identities.name(attempt);
            if (table.reserve(key, name)) {
                return name;
            }
        }
        // So many containers that names run out: the id is a name as well.
        String name = key.id().substring(0, 12);
        table.reserve(key, name);
        return name;
    }

    private List<SnapshotMount> prepare(
            ContainerKey key, String snapshotter, @Nullable SnapshotKey parent, boolean ephemeral) {
        SnapshotRequest request =
                SnapshotRequest.of(key.snapshot()).labels(MOUNT_POINTS).ephemeral(ephemeral);
        SnapshotRequest full = parent == null ? request : request.parent(parent);
        return providers.require(Role.SNAPSHOTTER, snapshotter).call(provider -> provider.prepare(full));
    }

    /**
     * Starts a container that is created or exited. The caller holds its turn.
     *
     * @param made its document, if it was just made
     * @param mounts its root file system, if it was just prepared
     */
    Started start(Entry entry, Streams streams, @Nullable Spec made, @Nullable List<SnapshotMount> mounts) {
        ContainerRecord container = entry.record();
        String subject = "cannot start container " + container.name();
        Task former = entry.task();
        if (former != null
                && former.state() == TaskState.STOPPED
                && !container.request().autoRemove()) {
            // Its process has ended, but its end was not dealt with yet.
            supervisor.ended(entry, Tasks.kill(former, subject));
            return start(entry, streams, made, mounts);
        }
        if (entry.runs()) {
            throw new FeluccaException(
                    ErrorCode.FAILED_PRECONDITION,
                    subject,
                    "it is " + entry.view().state().label());
        }
        Provider<RuntimeBackend> runtime = providers.require(Role.RUNTIME, container.runtime());
        Path directory = directories.of(entry.key());
        Spec spec = made != null ? made : specs.of(container, directory);
        Steps steps = new Steps(subject);
        Instant at = clock.instant();
        Task task = steps.run(() -> {
            List<SnapshotMount> rootfs = mounts != null ? mounts : steps.step(() -> mounts(container));
            steps.step(() -> directories.make(entry.key()), fresh -> {
                if (fresh) {
                    directories.remove(entry.key());
                }
            });
            steps.step(() -> files.prepare(container, directory));
            TaskRequest request = TaskRequest.of(entry.key().task(), spec)
                    .rootfs(rootfs)
                    // An image that names no user means root, whose home and groups are looked up all the same.
                    .user(
                            container.launch().user().isEmpty()
                                    ? "0"
                                    : container.launch().user())
                    .io(io(entry, streams))
                    .reaper(container.request().reaper())
                    .startImmediately(true)
                    .ephemeral(container.request().autoRemove())
                    .build();
            Task created = steps.step(() -> runtime.call(backend -> backend.create(request)), Tasks::discard);
            if (created.state() == TaskState.CREATED) {
                steps.step(created::start);
            }
            ContainerRecord running = container.running(at);
            if (!container.request().autoRemove()) {
                steps.step(() -> records.put(running, Durability.NORMAL));
            }
            entry.record(running);
            return created;
        });
        entry.expectEnd();
        publish(entry, "start");
        supervisor.adopt(entry, task);
        return new Started(entry.view(), entry.ended().copy());
    }

    private List<SnapshotMount> mounts(ContainerRecord container) {
        return providers
                .require(Role.SNAPSHOTTER, container.snapshotter())
                .call(snapshotter -> snapshotter.mounts(container.key().snapshot()));
    }

    private TaskIo io(Entry entry, Streams streams) {
        ContainerRequest request = entry.record().request();
        TaskIo io = TaskIo.NONE
                .openStdin(request.openStdin())
                .log(new LogFile(directories.log(entry.key()), logLimits.maxBytes(), logLimits.maxFiles()));
        if (request.terminal()) {
            io = io.terminal(streams.window());
        }
        return streams.client().isPresent() ? io.client(streams.client().get()) : io;
    }

    private void publish(Entry entry, String what) {
        ContainerRecord container = entry.record();
        events.publish(
                entry.key().namespace(),
                "container/" + what,
                entry.key().id(),
                Map.of("name", container.name(), "image", container.imageName()));
    }
}
