package org.felucca.core.lifecycle;

import java.io.File;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.felucca.api.container.ContainerRequest;
import org.felucca.api.image.Progress;
import org.felucca.api.metadata.MetadataRecord;
import org.felucca.api.metadata.NamespaceName;
import org.felucca.api.metadata.RecordId;
import org.felucca.api.metadata.RecordKind;
import org.felucca.api.plugin.Role;
import org.felucca.api.runtime.RuntimeBackend;
import org.felucca.api.snapshot.Snapshotter;
import org.felucca.core.events.EventBus;
import org.felucca.core.fake.FakeImages;
import org.felucca.core.fake.FakeRuntime;
import org.felucca.core.fake.FakeSnapshotter;
import org.felucca.core.fake.FakeStore;
import org.felucca.core.fake.Faults;
import org.felucca.core.fake.TrackedExecutor;
import org.felucca.core.lease.LeaseBook;
import org.felucca.core.lease.Pins;
import org.felucca.core.ready.Requirement;
import org.felucca.core.registry.Origin;
import org.felucca.core.registry.ProviderRegistry;
import org.felucca.oci.image.ContainerDefaults;

/**
 * A whole platform over fakes. {@link #restart()} is a new daemon on the same host: records, snapshots, tasks and
 * directories are those of the one before.
 */
public final class World implements AutoCloseable {
    /** The name of the image that is here. */
    public static final String IMAGE = "busybox";

    /** The record of the image that is here. */
    public static final RecordId IMAGE_RECORD =
            new RecordId(RecordKind.IMAGE, "default", "docker.io/library/busybox:latest");

    private static final Origin ORIGIN = new Origin(0, "org.felucca.test", "1.0.0");

    /** What fails. */
    public final Faults faults = new Faults();

    /** The records. */
    public final FakeStore store = new FakeStore(faults);

    /** The snapshots. */
    public final FakeSnapshotter snapshotter = new FakeSnapshotter(faults);

    /** The images. */
    public final FakeImages images = new FakeImages(faults);

    /** The tasks. */
    public FakeRuntime runtime = new FakeRuntime(faults);

    /** The live providers. */
    public ProviderRegistry providers;

    /** The events. */
    public EventBus events;

    /** The leases. */
    public LeaseBook leases;

    /** The orchestrator. */
    public Orchestrator orchestrator;

    /** The public service. */
    public Containers containers;

    private final Path root;
    private TrackedExecutor executor;

    /** Makes a platform with one image, one snapshotter and one runtime. */
    @SuppressWarnings("NullAway.Init")
    public World(Path root) {
        this.root = root;
        snapshotter.committed(FakeImages.LAYER.toString(), Optional.empty());
        store.put(new MetadataRecord(
                IMAGE_RECORD,
                Map.of(),
                "{}",
                List.of(new RecordId(RecordKind.SNAPSHOT, "fake", FakeImages.LAYER.toString())),
                Instant.EPOCH,
                Instant.EPOCH));
        images.put(
                IMAGE,
                ContainerDefaults.builder()
                        .cmd(List.of("/bin/sh"))
                        .env(List.of("A=1"))
                        .build());
        boot(true);
    }

    private void boot(boolean withRuntime) {
        executor = new TrackedExecutor(4);
        providers = new ProviderRegistry(executor);
        events = new EventBus(Clock.systemUTC(), executor, 100, 100);
        leases = new LeaseBook(store, new Pins(), Clock.systemUTC());
        orchestrator = new Orchestrator(
                store,
                leases,
                providers,
                events,
                () -> images,
                new Settings(
                        root,
                        root.resolve("state"),
                        Requirement.parse("snapshotter:fake,runtime:fake"),
                        Duration.ofHours(1),
                        0,
                        1,
                        "boot"),
                executor,
                Clock.systemUTC(),
                ready -> {});
        containers = new Containers(orchestrator);
        plugSnapshotter();
        orchestrator.start();
        if (withRuntime) {
            plug();
        }
    }

    /** Makes the snapshotter live. */
    public void plugSnapshotter() {
        providers.registry(Role.SNAPSHOTTER).bind("fake", (Snapshotter) snapshotter, ORIGIN);
    }

    /** Makes the runtime live, and waits until the platform is ready. */
    public void plug() {
        runtime = runtime.again();
        providers.registry(Role.RUNTIME).bind("fake", (RuntimeBackend) runtime, ORIGIN);
        get(orchestrator.ready().whenReady());
        settle();
    }

    /** Takes the runtime away. */
    public void unplug() {
        providers.registry(Role.RUNTIME).unbind(runtime, Duration.ofMillis(100));
    }

    /** Ends this daemon as a crash does, and starts the next. */
    public void restart() {
        crash();
        boot(true);
    }

    /** As {@link #restart()}, without the runtime. */
    public void restartWithoutRuntime() {
        crash();
        boot(false);
        settle();
    }

    private void crash() {
        orchestrator.close();
        executor.stop();
        faults.none();
    }

    /** Starts a request for the image that is here. */
    public static ContainerRequest.Builder request() {
        return ContainerRequest.of(NamespaceName.DEFAULT, IMAGE);
    }

    /** Runs a container that nobody watches. */
    public Containers.Started run(ContainerRequest request) {
        return containers.run(request, Containers.Streams.DETACHED, Progress.NONE);
    }

    /** Waits for something that is to happen, at most ten seconds. */
    public static <T> T get(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("it did not happen", e);
        }
    }

    /** Waits until the platform has nothing left to do by itself. */
    public void settle() {
        executor.settle();
    }

    /** Returns the ids of recorded containers. */
    public List<String> recorded() {
        return store.list(RecordKind.CONTAINER).stream()
                .map(record -> record.id().key())
                .toList();
    }

    /** Returns everything that is left of containers, anywhere: empty if nothing is. */
    public List<String> leftovers() {
        List<String> result = new ArrayList<>(recorded());
        snapshotter.keys().stream().filter(key -> key.startsWith("default/")).forEach(result::add);
        runtime.tasks().forEach(id -> result.add("task " + id));
        for (String directory : List.of("containers/default", "state/containers/default")) {
            File[] files = root.resolve(directory).toFile().listFiles();
            for (File file : files == null ? new File[0] : files) {
                result.add(file.toString());
            }
        }
        return result;
    }

    @Override
    public void close() {
        orchestrator.close();
        executor.stop();
    }
}
