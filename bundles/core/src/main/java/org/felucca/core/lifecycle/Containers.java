package org.felucca.core.lifecycle;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.felucca.api.container.Composition;
import org.felucca.api.container.Container;
import org.felucca.api.container.ContainerCommit;
import org.felucca.api.container.ContainerDetails;
import org.felucca.api.container.ContainerRequest;
import org.felucca.api.container.ContainerService;
import org.felucca.api.container.ContainerState;
import org.felucca.api.container.LogRequest;
import org.felucca.api.container.LogSink;
import org.felucca.api.diff.PathChange;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.event.Events;
import org.felucca.api.image.ImageDetail;
import org.felucca.api.image.Progress;
import org.felucca.api.metadata.Durability;
import org.felucca.api.metadata.NamespaceName;
import org.felucca.api.process.Handle;
import org.felucca.api.process.Signal;
import org.felucca.api.process.WindowSize;
import org.felucca.api.runtime.ExecProcess;
import org.felucca.api.runtime.ExecRequest;
import org.felucca.api.runtime.ResourceLimits;
import org.felucca.api.runtime.Task;
import org.felucca.api.runtime.TaskExit;
import org.felucca.api.runtime.TaskStats;
import org.felucca.core.compose.Composer;
import org.felucca.core.logs.LogReader;
import org.felucca.core.record.ContainerRecord;
import org.felucca.core.record.Entry;
import org.felucca.core.record.Launch;
import org.felucca.core.record.Records;
import org.felucca.core.record.Table;
import org.felucca.core.spec.LinuxSpec;
import org.felucca.core.supervise.Directories;
import org.felucca.core.supervise.Removal;
import org.felucca.core.supervise.Supervisor;
import org.felucca.core.supervise.Tasks;
import org.felucca.oci.json.Json;
import org.jspecify.annotations.Nullable;

/**
 * The public service. Calls wait until the records are loaded. What changes a container takes its turn; what waits for
 * its end does so without it. Thread-safe.
 */
public class Containers implements ContainerService {
    private static final Duration FOREVER = Duration.ofDays(36_500);
    private static final CompletionStage<Boolean> ENDED = CompletableFuture.completedStage(true);

    private final CompletableFuture<Void> loaded;
    private final Composer composer;
    private final Lifecycle lifecycle;
    private final Table table;
    private final Records records;
    private final LinuxSpec specs;
    private final Directories directories;
    private final Removal removal;
    private final Supervisor supervisor;
    private final LogReader logs = new LogReader();
    private final Events events;
    private final Commits commits;
    private final Consumer<Entry> removed;

    /** Makes the service in front of an orchestrator. */
    public Containers(Orchestrator orchestrator) {
        this.loaded = orchestrator.loaded();
        this.composer = orchestrator.composer();
        this.lifecycle = orchestrator.lifecycle();
        this.table = orchestrator.table();
        this.records = orchestrator.records();
        this.specs = orchestrator.specs();
        this.directories = orchestrator.directories();
        this.removal = orchestrator.removal();
        this.supervisor = orchestrator.supervisor();
        this.events = orchestrator.events();
        this.commits = orchestrator.commits();
        this.removed = orchestrator::removed;
    }

    @Override
    public Composition compose(ContainerRequest request) {
        return composer.compose(request);
    }

    @Override
    public Container create(ContainerRequest request, Progress progress) {
        awaitLoaded();
        return lifecycle.create(request, progress).view();
    }

    @Override
    public Started run(ContainerRequest request, Streams streams, Progress progress) {
        awaitLoaded();
        return lifecycle.run(request, streams, progress);
    }

    @Override
    public Started start(NamespaceName namespace, String container, Streams streams) {
        return change(namespace, container, "start", entry -> lifecycle.start(entry, streams, null, null));
    }

    @Override
    public void stop(NamespaceName namespace, String container, @Nullable Duration timeout) {
        Entry entry = find(namespace, container);
        String subject = "cannot stop container " + entry.record().name();
        Duration patience = timeout != null ? timeout : entry.record().request().stopTimeout();
        Optional<CompletableFuture<TaskExit>> end = change(entry, "stop", () -> {
            if (!entry.runs()) {
                return Optional.empty();
            }
            Task task = requireTask(entry, "stop");
            if (!patience.isZero()) {
                kill(task, Signal.parse(entry.record().launch().stopSignal()));
            }
            return Optional.of(entry.ended());
        });
        if (end.isEmpty()) {
            return;
        }
        Duration atMost = patience.isNegative() ? FOREVER : patience;
        if (Tasks.await(end.get(), atMost, subject).isEmpty()) {
            entry.turn().hold(subject, () -> {
                Task task = entry.task();
                if (task != null && !end.get().isDone()) {
                    Tasks.kill(task, subject);
                }
            });
            Tasks.await(end.get(), FOREVER, subject);
        }
        publish(entry, "stop", Map.of());
    }

    /** Sends a signal to init; that it has ended meanwhile is no error. */
    private static void kill(Task task, Signal signal) {
        try {
            task.kill(signal, false);
        } catch (FeluccaException e) {
            if (!e.is(ErrorCode.FAILED_PRECONDITION)) {
                throw e;
            }
        }
    }

    @Override
    public void kill(NamespaceName namespace, String container, Signal signal) {
        change(namespace, container, "kill", entry -> {
            requireTask(entry, "kill").kill(signal, false);
            publish(entry, "kill", Map.of("signal", Integer.toString(signal.number())));
            return Boolean.TRUE;
        });
    }

    @Override
    public void pause(NamespaceName namespace, String container) {
        change(namespace, container, "pause", entry -> {
            requireTask(entry, "pause").pause();
            publish(entry, "pause", Map.of());
            return Boolean.TRUE;
        });
    }

    @Override
    public void resume(NamespaceName namespace, String container) {
        change(namespace, container, "resume", entry -> {
            requireTask(entry, "resume").resume();
            publish(entry, "resume", Map.of());
            return Boolean.TRUE;
        });
    }

    @Override
    public void update(NamespaceName namespace, String container, ResourceLimits limits) {
        change(namespace, container, "update", entry -> {
            ContainerRecord updated =
                    entry.record().limited(over(entry.record().request().resources(), limits));
            specs.of(updated, directories.of(entry.key()));
            Task task = entry.task();
            if (task != null) {
                task.update(limits);
            }
            records.put(updated, Durability.FULL);
            entry.record(updated);
            publish(entry, "update", Map.of());
            return Boolean.TRUE;
        });
    }

    private static ResourceLimits over(ResourceLimits below, ResourceLimits above) {
        ResourceLimits result = below;
        result = above.memoryBytes().isPresent()
                ? result.memoryBytes(above.memoryBytes().getAsLong())
                : result;
        result = above.memorySwapBytes().isPresent()
                ? result.memorySwapBytes(above.memorySwapBytes().getAsLong())
                : result;
        result = above.nanoCpus().isPresent() ? result.nanoCpus(above.nanoCpus().getAsLong()) : result;
        result = above.cpuShares().isPresent()
                ? result.cpuShares(above.cpuShares().getAsLong())
                : result;
        return above.pids().isPresent() ? result.pids(above.pids().getAsLong()) : result;
    }

    @Override
    public TaskStats stats(NamespaceName namespace, String container) {
        return requireTask(find(namespace, container), "read statistics of").stats();
    }

    @Override
    public void remove(NamespaceName namespace, String container, boolean force) {
        Entry entry = find(namespace, container);
        String subject = "cannot remove container " + entry.record().name();
        change(entry, "remove", () -> {
            ContainerState state = entry.view().state();
            // A process that has ended may be removed before its end was dealt with.
            if (entry.runs() && !force && state != ContainerState.EXITED) {
                throw new FeluccaException(
                        ErrorCode.FAILED_PRECONDITION,
                        subject,
                        "it is " + state.label(),
                        "stop it first or use --force");
            }
            if (entry.runs()) {
                supervisor.ended(entry, Tasks.kill(requireTask(entry, "remove"), subject));
            }
            if (!entry.gone()) {
                removal.remove(entry, force);
                entry.end(supervisor.unknown("it was removed"));
            }
            return Boolean.TRUE;
        });
        removed.accept(entry);
    }

    @Override
    public void rename(NamespaceName namespace, String container, String newName) {
        change(namespace, container, "rename", entry -> {
            String old = entry.record().name();
            Identities.requireName(newName);
            if (!table.reserve(entry.key(), newName)) {
                String owner = table.owner(namespace, newName);
                throw Records.nameInUse(newName, owner == null ? "another" : owner);
            }
            ContainerRecord renamed = entry.record().renamed(newName);
            try {
                records.put(renamed, Durability.FULL);
            } catch (RuntimeException e) {
                table.release(entry.key(), newName);
                throw e;
            }
            entry.record(renamed);
            table.release(entry.key(), old);
            publish(entry, "rename", Map.of("oldName", old));
            return Boolean.TRUE;
        });
    }

    @Override
    public ExecProcess exec(NamespaceName namespace, String container, ExecRequest request) {
        return change(namespace, container, "exec", entry -> {
            ExecProcess process = requireUnpaused(entry, "execute in").exec(request);
            publish(entry, "exec", Map.of("execId", request.execId()));
            return process;
        });
    }

    @Override
    public void attach(NamespaceName namespace, String container, Handle socket, boolean stdin) {
        requireTask(find(namespace, container), "attach to").attach(socket, stdin);
    }

    @Override
    public void resize(NamespaceName namespace, String container, WindowSize size) {
        requireTask(find(namespace, container), "resize").resize(size);
    }

    @Override
    public CompletionStage<TaskExit> ended(NamespaceName namespace, String container) {
        return find(namespace, container).ended().copy();
    }

    @Override
    public void logs(NamespaceName namespace, String container, LogRequest request, LogSink sink) {
        Entry entry = find(namespace, container);
        logs.read(directories.log(entry.key()), request, sink, entry.runs() ? entry.ended() : ENDED);
    }

    @Override
    public List<PathChange> changes(NamespaceName namespace, String container) {
        return change(namespace, container, "compare", commits::changes);
    }

    @Override
    public void export(NamespaceName namespace, String container, OutputStream tar) {
        change(namespace, container, "export", entry -> {
            commits.export(entry, tar);
            publish(entry, "export", Map.of());
            return Boolean.TRUE;
        });
    }

    @Override
    public ImageDetail commit(NamespaceName namespace, String container, ContainerCommit commit, Progress progress) {
        return change(namespace, container, "commit", entry -> {
            ImageDetail image = commits.commit(entry, commit, progress);
            publish(entry, "commit", Map.of("imageId", image.id().toString()));
            return image;
        });
    }

    @Override
    public Container get(NamespaceName namespace, String container) {
        return find(namespace, container).view();
    }

    @Override
    public ContainerDetails details(NamespaceName namespace, String container) {
        Entry entry = find(namespace, container);
        Launch launch = entry.record().launch();
        return new ContainerDetails(
                entry.view(),
                LinuxSpec.environment(entry.record()),
                launch.workingDirectory(),
                launch.user(),
                launch.stopSignal(),
                directories.log(entry.key()),
                entry.key().snapshot());
    }

    @Override
    public List<Container> list(NamespaceName namespace) {
        awaitLoaded();
        return table.list(namespace).stream().map(Entry::view).toList();
    }

    @Override
    public String spec(NamespaceName namespace, String container) {
        Entry entry = find(namespace, container);
        byte[] document = Json.prettyBytes(
                specs.of(entry.record(), directories.of(entry.key())).toJson());
        return new String(document, StandardCharsets.UTF_8);
    }

    private Entry find(NamespaceName namespace, String container) {
        awaitLoaded();
        return table.find(namespace, container);
    }

    private <R> R change(NamespaceName namespace, String container, String verb, Function<Entry, R> work) {
        Entry entry = find(namespace, container);
        return change(entry, verb, () -> work.apply(entry));
    }

    private <R> R change(Entry entry, String verb, Supplier<R> work) {
        String subject = "cannot " + verb + " container " + entry.record().name();
        return entry.turn().hold(subject, () -> {
            if (entry.gone()) {
                throw new FeluccaException(ErrorCode.NOT_FOUND, subject, "it was removed meanwhile");
            }
            return work.get();
        });
    }

    private static Task requireTask(Entry entry, String verb) {
        Task task = entry.task();
        if (task == null) {
            ContainerState state = entry.view().state();
            boolean orphaned = state == ContainerState.ORPHANED;
            throw new FeluccaException(
                    orphaned ? ErrorCode.UNAVAILABLE : ErrorCode.FAILED_PRECONDITION,
                    "cannot " + verb + " container " + entry.record().name(),
                    orphaned ? entry.view().note() : "it is " + state.label(),
                    orphaned ? "wait until the runtime is back" : "start it first");
        }
        return task;
    }

    private static Task requireUnpaused(Entry entry, String verb) {
        Task task = requireTask(entry, verb);
        if (entry.view().state() == ContainerState.PAUSED) {
            throw new FeluccaException(
                    ErrorCode.FAILED_PRECONDITION,
                    "cannot " + verb + " container " + entry.record().name(),
                    "it is paused",
                    "unpause it first");
        }
        return task;
    }

    private void awaitLoaded() {
        if (loaded.isDone() && !loaded.isCompletedExceptionally()) {
            return;
        }
        try {
            loaded.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FeluccaException(
                    ErrorCode.CANCELLED, "cannot look for containers", "the caller gave up", null, e);
        } catch (ExecutionException e) {
            throw new FeluccaException(
                    ErrorCode.UNAVAILABLE,
                    "cannot look for containers",
                    "their records could not be read: " + e.getMessage(),
                    "see the daemon's log",
                    e);
        }
    }

    private void publish(Entry entry, String what, Map<String, String> attributes) {
        ContainerRecord container = entry.record();
        Map<String, String> all = new HashMap<>(attributes);
        all.put("name", container.name());
        all.put("image", container.imageName());
        events.publish(entry.key().namespace(), "container/" + what, entry.key().id(), all);
    }
}
