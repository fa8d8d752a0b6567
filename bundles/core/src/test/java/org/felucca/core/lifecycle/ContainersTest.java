package org.felucca.core.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.felucca.api.container.Container;
import org.felucca.api.container.ContainerCommit;
import org.felucca.api.container.ContainerRequest;
import org.felucca.api.container.ContainerService.Started;
import org.felucca.api.container.ContainerState;
import org.felucca.api.diff.PathChange;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.event.Event;
import org.felucca.api.image.ImageCommit;
import org.felucca.api.image.Progress;
import org.felucca.api.image.PullPolicy;
import org.felucca.api.metadata.NamespaceName;
import org.felucca.api.plugin.Role;
import org.felucca.api.process.ExitStatus.Exited;
import org.felucca.api.process.ExitStatus.Signaled;
import org.felucca.api.process.Signal;
import org.felucca.api.runtime.ExecProcess;
import org.felucca.api.runtime.ExecRequest;
import org.felucca.api.runtime.ResourceLimits;
import org.felucca.api.runtime.TaskExit;
import org.felucca.oci.image.ContainerDefaults;
import org.felucca.oci.json.Json;
import org.felucca.oci.platform.Platform;
import org.felucca.oci.reference.ImageReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainersTest {
    private static final NamespaceName NS = NamespaceName.DEFAULT;

    @TempDir
    Path root;

    private World world;

    @BeforeEach
    void boot() {
        world = new World(root);
    }

    @AfterEach
    void close() {
        world.close();
    }

    private static ErrorCode code(Runnable work) {
        return assertThrows(FeluccaException.class, work::run).code();
    }

    @Test
    void create_leavesACreatedContainerWithItsSnapshot() {
        Container made = world.containers.create(World.request().name("web").build(), Progress.NONE);

        assertEquals(ContainerState.CREATED, made.state());
        assertEquals("web", made.name());
        assertEquals("docker.io/library/busybox:latest", made.imageName());
        assertEquals(List.of(made.id()), world.recorded());
        assertTrue(world.snapshotter.keys().contains("default/" + made.id()));
        assertTrue(world.runtime.tasks().isEmpty());
        assertEquals("fake", made.composition().id("runtime"));
    }

    @Test
    void create_isOneTransactionThatIsSynced() {
        world.containers.create(World.request().build(), Progress.NONE);

        assertEquals(1, world.store.updates());
        assertEquals(1, world.store.syncs());
    }

    @Test
    void create_withNameInUse_throwsAlreadyExistsAndLeavesNothing() {
        world.containers.create(World.request().name("web").build(), Progress.NONE);
        List<String> before = world.leftovers();

        assertEquals(
                ErrorCode.ALREADY_EXISTS,
                code(() -> world.containers.create(World.request().name("web").build(), Progress.NONE)));
        assertEquals(before, world.leftovers());
    }

    @Test
    void create_withoutName_makesOneUp() {
        Container made = world.containers.create(World.request().build(), Progress.NONE);

        assertTrue(made.name().matches("[a-z]+_[a-z]+"), made.name());
        assertEquals(made.id(), world.containers.get(NS, made.name()).id());
    }

    @Test
    void create_withMissingImage_pullsIt() {
        world.images.offer(
                "alpine", ContainerDefaults.builder().cmd(List.of("sh")).build());

        Container other =
                world.containers.create(ContainerRequest.of(NS, "alpine").build(), Progress.NONE);

        assertEquals("docker.io/library/alpine:latest", other.imageName());
        assertTrue(world.images.here().contains("docker.io/library/alpine:latest"));
    }

    @Test
    void create_withMissingImageThatIsNotToBePulled_throwsNotFound() {
        assertEquals(
                ErrorCode.NOT_FOUND,
                code(() -> world.containers.create(
                        ContainerRequest.of(NS, "alpine")
                                .pullPolicy(PullPolicy.NEVER)
                                .build(),
                        Progress.NONE)));
        assertEquals(List.of(), world.leftovers());
    }

    @Test
    void create_withImageHereForAnotherPlatformThanAskedFor_pullsOrRefusesIt() {
        Platform other = Platform.of("linux", "s390x");
        world.images.put(
                "alpine", ContainerDefaults.builder().cmd(List.of("sh")).build());
        ContainerRequest.Builder request = ContainerRequest.of(NS, "alpine").platform(other);

        FeluccaException refused = assertThrows(
                FeluccaException.class,
                () -> world.containers.create(
                        request.pullPolicy(PullPolicy.NEVER).build(), Progress.NONE));
        world.containers.create(request.pullPolicy(PullPolicy.MISSING).build(), Progress.NONE);

        assertTrue(refused.getMessage().contains("not here for linux/s390x"), refused.getMessage());
        assertEquals(
                List.of("docker.io/library/alpine:latest", "docker.io/library/alpine:latest"),
                world.images.here().stream()
                        .filter(name -> name.contains("alpine"))
                        .toList());
    }

    @Test
    void run_autoRemoved_takesTwoTransactionsAndNoSync() {
        Started started = world.run(World.request().autoRemove(true).build());
        world.runtime.only().end(new Exited(0));
        World.get(started.ended());

        assertEquals(2, world.store.updates());
        assertEquals(0, world.store.syncs());
    }

    @Test
    void run_autoRemoved_leavesNothingWhenItsEndIsTold() {
        Started started = world.run(World.request().autoRemove(true).build());
        assertEquals(ContainerState.RUNNING, started.container().state());
        assertTrue(Files.exists(
                root.resolve("state/containers/default/" + started.container().id() + "/hostname")));

        world.runtime.only().end(new Exited(3));
        TaskExit exit = World.get(started.ended());

        assertEquals(new Exited(3), exit.status());
        assertEquals(List.of(), world.leftovers());
        assertEquals(
                ErrorCode.NOT_FOUND,
                code(() -> world.containers.get(NS, started.container().id())));
    }

    @Test
    void run_autoRemoved_freesItsName() {
        Started started = world.run(World.request().name("job").autoRemove(true).build());
        world.runtime.only().end(new Exited(0));
        World.get(started.ended());

        assertEquals(
                "job",
                world.run(World.request().name("job").autoRemove(true).build())
                        .container()
                        .name());
    }

    @Test
    void run_withProgramThatIsNotThere_autoRemoved_leavesNothing() {
        world.runtime.refuse(
                new FeluccaException(ErrorCode.NOT_FOUND, "cannot execute nope", "it is not in the image"));

        FeluccaException failure = assertThrows(
                FeluccaException.class,
                () -> world.run(World.request().autoRemove(true).build()));

        assertTrue(failure.subject().startsWith("cannot execute"));
        assertEquals(List.of(), world.leftovers());
        assertEquals(List.of(), world.containers.list(NS));
    }

    @Test
    void run_withProgramThatIsNotThere_leavesACreatedContainer() {
        world.runtime.refuse(
                new FeluccaException(ErrorCode.NOT_FOUND, "cannot execute nope", "it is not in the image"));

        assertEquals(
                ErrorCode.NOT_FOUND,
                code(() -> world.run(World.request().name("web").build())));

        assertEquals(ContainerState.CREATED, world.containers.get(NS, "web").state());
        assertTrue(world.runtime.tasks().isEmpty());
    }

    @Test
    void run_passesWhatTheBackendNeeds() {
        world.run(World.request()
                .user("www:www")
                .reaper(false)
                .openStdin(true)
                .autoRemove(true)
                .build());

        var request = world.runtime.only().request();
        assertEquals("www:www", request.user());
        assertTrue(request.startImmediately());
        assertTrue(request.ephemeral());
        assertTrue(request.io().openStdin());
        assertFalse(request.io().terminal());
        assertEquals(
                root.resolve("containers/default/" + request.id().id() + ".log"),
                request.io().log().orElseThrow().path());
        assertEquals(1, request.rootfs().size());
        assertEquals(List.of("/bin/sh"), request.spec().process().args());
    }

    @Test
    void run_onBackendThatParks_startsTheTask() {
        world.runtime.park();

        Started started = world.run(World.request().build());

        assertEquals(ContainerState.RUNNING, started.container().state());
    }

    @Test
    void exit_isRecordedAndTheTaskDeleted() {
        Started started = world.run(World.request().name("web").build());
        world.runtime.only().end(new Exited(7));
        World.get(started.ended());

        Container after = world.containers.get(NS, "web");
        assertEquals(ContainerState.EXITED, after.state());
        assertEquals(new Exited(7), after.exit().orElseThrow().status());
        assertTrue(world.runtime.tasks().isEmpty());
        assertEquals(new Exited(7), World.get(world.containers.ended(NS, "web")).status());
    }

    @Test
    void outOfMemory_isAnEvent() {
        Started started = world.run(World.request().name("web").build());
        CompletableFuture<Event> seen = new CompletableFuture<>();
        try (var subscription =
                world.events.subscribe(event -> event.topic().equals("container/oom"), 0, seen::complete, () -> {})) {
            world.runtime.only().runOutOfMemory();
            Event event = World.get(seen);
            assertEquals(started.container().id(), event.subject());
            assertEquals("web", event.attributes().get("name"));
        }
        assertEquals(ContainerState.RUNNING, world.containers.get(NS, "web").state());
    }

    @Test
    void start_ofAnExitedContainer_runsItAgain() {
        Started first = world.run(World.request().name("web").build());
        world.runtime.only().end(new Exited(7));
        World.get(first.ended());

        Started again = world.containers.start(NS, "web", Containers.Streams.DETACHED);
        assertEquals(ContainerState.RUNNING, again.container().state());
        CompletionStage<TaskExit> next = world.containers.ended(NS, "web");
        assertFalse(next.toCompletableFuture().isDone());
        world.runtime.only().end(new Exited(8));

        assertEquals(new Exited(8), World.get(next).status());
        assertEquals(new Exited(8), World.get(again.ended()).status());
    }

    @Test
    void start_ofAContainerWhoseEndWasNotDealtWithYet_runsItAgain() {
        world.run(World.request().name("web").build());
        world.runtime.only().end(new Exited(7));

        Started again = world.containers.start(NS, "web", Containers.Streams.DETACHED);

        assertEquals(ContainerState.RUNNING, again.container().state());
        assertEquals(1, world.runtime.tasks().size());
    }

    @Test
    void remove_ofAContainerWhoseEndWasNotDealtWithYet_removesIt() {
        Started started = world.run(World.request().name("web").build());
        world.runtime.only().end(new Exited(7));

        world.containers.remove(NS, "web", false);

        assertEquals(new Exited(7), World.get(started.ended()).status());
        assertEquals(List.of(), world.leftovers());
    }

    @Test
    void imageWithoutUser_runsAsRootLookedUp() {
        world.run(World.request().build());

        assertEquals("0", world.runtime.only().request().user());
    }

    @Test
    void start_ofARunningContainer_throwsFailedPrecondition() {
        world.run(World.request().name("web").build());

        assertEquals(
                ErrorCode.FAILED_PRECONDITION,
                code(() -> world.containers.start(NS, "web", Containers.Streams.DETACHED)));
    }

    @Test
    void stop_sendsTheStopSignalAndWaits() {
        world.run(World.request().name("web").stopSignal("SIGINT").build());

        world.containers.stop(NS, "web", Duration.ofSeconds(10));

        Container after = world.containers.get(NS, "web");
        assertEquals(ContainerState.EXITED, after.state());
        assertEquals(new Signaled(2), after.exit().orElseThrow().status());
    }

    @Test
    void stop_ofAStubbornContainer_killsIt() {
        world.run(World.request().name("web").build());
        var task = world.runtime.only();
        task.stubborn();

        world.containers.stop(NS, "web", Duration.ofMillis(1));

        assertEquals(List.of(15, 9), task.signals());
        assertEquals(
                new Signaled(9),
                world.containers.get(NS, "web").exit().orElseThrow().status());
    }

    @Test
    void stop_withoutPatience_killsAtOnce() {
        world.run(World.request().name("web").build());
        var task = world.runtime.only();

        world.containers.stop(NS, "web", Duration.ZERO);

        assertEquals(List.of(9), task.signals());
    }

    @Test
    void stop_ofAnAutoRemovedContainer_returnsAfterItsRemoval() {
        world.run(World.request().name("web").autoRemove(true).build());

        world.containers.stop(NS, "web", null);

        assertEquals(List.of(), world.leftovers());
    }

    @Test
    void stop_ofAnExitedContainer_doesNothing() {
        Started started = world.run(World.request().name("web").build());
        world.runtime.only().end(new Exited(0));
        World.get(started.ended());

        world.containers.stop(NS, "web", null);

        assertEquals(
                new Exited(0),
                world.containers.get(NS, "web").exit().orElseThrow().status());
    }

    @Test
    void stop_whoseCallerGivesUp_throwsCancelled() throws Exception {
        world.run(World.request().name("web").build());
        world.runtime.only().stubborn();
        CompletableFuture<ErrorCode> outcome = new CompletableFuture<>();
        Thread caller = new Thread(() -> {
            Thread.currentThread().interrupt();
            outcome.complete(code(() -> world.containers.stop(NS, "web", Duration.ofHours(1))));
        });
        caller.start();

        assertEquals(ErrorCode.CANCELLED, World.get(outcome));
        caller.join();
    }

    @Test
    void kill_ofACreatedContainer_throwsFailedPrecondition() {
        world.containers.create(World.request().name("web").build(), Progress.NONE);

        assertEquals(ErrorCode.FAILED_PRECONDITION, code(() -> world.containers.kill(NS, "web", Signal.TERM)));
    }

    @Test
    void remove_ofARunningContainer_throwsFailedPreconditionUnlessForced() {
        Started started = world.run(World.request().name("web").build());

        assertEquals(ErrorCode.FAILED_PRECONDITION, code(() -> world.containers.remove(NS, "web", false)));
        assertEquals(ContainerState.RUNNING, world.containers.get(NS, "web").state());

        world.containers.remove(NS, "web", true);
        assertEquals(new Signaled(9), World.get(started.ended()).status());
        assertEquals(List.of(), world.leftovers());
    }

    @Test
    void remove_forced_ofAnAutoRemovedContainer_removesOnce() {
        Started started = world.run(World.request().name("web").autoRemove(true).build());

        world.containers.remove(NS, "web", true);

        assertEquals(new Signaled(9), World.get(started.ended()).status());
        assertEquals(List.of(), world.leftovers());
    }

    @Test
    void remove_ofACreatedContainer_endsThoseWhoWaitForIt() {
        world.containers.create(World.request().name("web").build(), Progress.NONE);
        CompletionStage<TaskExit> end = world.containers.ended(NS, "web");

        world.containers.remove(NS, "web", false);

        assertEquals(255, World.get(end).status().shellStatus());
        assertEquals(List.of(), world.leftovers());
    }

    @Test
    void endedContinuation_mayTouchTheContainer() {
        Started started = world.run(World.request().name("web").build());
        CompletionStage<ContainerState> state = started.ended().thenApply(exit -> {
            world.containers.rename(NS, "web", "old");
            world.containers.remove(NS, "old", false);
            return ContainerState.EXITED;
        });

        world.runtime.only().end(new Exited(0));

        assertEquals(ContainerState.EXITED, World.get(state));
        assertEquals(List.of(), world.leftovers());
    }

    @Test
    void remove_whileItsSnapshotterIsAway_isRefusedUnlessForced() {
        world.containers.create(World.request().name("web").build(), Progress.NONE);
        world.providers.registry(Role.SNAPSHOTTER).unbind(world.snapshotter, Duration.ZERO);

        assertEquals(ErrorCode.UNAVAILABLE, code(() -> world.containers.remove(NS, "web", false)));
        world.containers.remove(NS, "web", true);
        assertEquals(List.of(), world.recorded());

        world.plugSnapshotter();
        world.settle();
        assertEquals(List.of(), world.leftovers(), "its snapshot is collected when the snapshotter is back");
    }

    @Test
    void find_byPrefix_isRefusedIfAmbiguous() {
        Container one = world.containers.create(World.request().build(), Progress.NONE);

        assertEquals(one.id(), world.containers.get(NS, one.shortId()).id());
        for (int i = 0; i < 17; i++) {
            world.containers.create(World.request().build(), Progress.NONE);
        }
        List<Container> all = world.containers.list(NS);
        String shared = all.stream()
                .map(container -> container.id().substring(0, 1))
                .filter(digit -> all.stream()
                                .filter(container -> container.id().startsWith(digit))
                                .count()
                        > 1)
                .findFirst()
                .orElseThrow();
        assertEquals(ErrorCode.INVALID_ARGUMENT, code(() -> world.containers.get(NS, shared)));
        assertEquals(ErrorCode.NOT_FOUND, code(() -> world.containers.get(NS, "zzz")));
    }

    @Test
    void containers_ofOtherNamespaces_areNotSeen() {
        Container made = world.containers.create(World.request().name("web").build(), Progress.NONE);
        NamespaceName other = new NamespaceName("k8s.io");

        assertEquals(List.of(), world.containers.list(other));
        assertEquals(ErrorCode.NOT_FOUND, code(() -> world.containers.get(other, made.id())));
    }

    @Test
    void rename_keepsTheIdAndFreesTheOldName() {
        Container made = world.containers.create(World.request().name("old").build(), Progress.NONE);

        world.containers.rename(NS, "old", "new");

        assertEquals(made.id(), world.containers.get(NS, "new").id());
        assertEquals(ErrorCode.NOT_FOUND, code(() -> world.containers.get(NS, "old")));
        world.restart();
        assertEquals(made.id(), world.containers.get(NS, "new").id());
    }

    @Test
    void exec_runsInARunningContainerOnly() {
        world.run(World.request().name("web").build());

        ExecProcess process = world.containers.exec(
                NS, "web", ExecRequest.of("e1", List.of("ls")).build());
        process.kill(Signal.KILL);
        assertEquals(new Signaled(9), World.get(process.exited()).status());

        world.containers.stop(NS, "web", null);
        assertEquals(
                ErrorCode.FAILED_PRECONDITION,
                code(() -> world.containers.exec(
                        NS, "web", ExecRequest.of("e2", List.of("ls")).build())));
    }

    @Test
    void pauseAndResume_showInTheState() {
        world.run(World.request().name("web").build());

        world.containers.pause(NS, "web");
        assertEquals(ContainerState.PAUSED, world.containers.get(NS, "web").state());
        assertEquals(ErrorCode.FAILED_PRECONDITION, code(() -> world.containers.pause(NS, "web")));
        world.containers.resume(NS, "web");
        assertEquals(ContainerState.RUNNING, world.containers.get(NS, "web").state());
    }

    @Test
    void exec_inPaused_isRefusedNamingTheContainerAndTheFix() {
        world.run(World.request().name("web").build());
        world.containers.pause(NS, "web");

        FeluccaException refused = assertThrows(
                FeluccaException.class,
                () -> world.containers.exec(
                        NS, "web", ExecRequest.of("e1", List.of("ls")).build()));

        assertEquals(ErrorCode.FAILED_PRECONDITION, refused.code());
        assertEquals("cannot execute in container web: it is paused; unpause it first", refused.getMessage());
    }

    @Test
    void update_isKept() {
        world.run(World.request().name("web").build());

        world.containers.update(NS, "web", ResourceLimits.NONE.memoryBytes(64 << 20));
        world.containers.update(NS, "web", ResourceLimits.NONE.pids(10));
        world.restart();

        ResourceLimits limits = world.containers.get(NS, "web").request().resources();
        assertEquals(64 << 20, limits.memoryBytes().getAsLong());
        assertEquals(10, limits.pids().getAsLong());
    }

    @Test
    void update_beyondTheHost_throwsInvalidArgument() {
        world.run(World.request().name("web").build());

        assertEquals(
                ErrorCode.INVALID_ARGUMENT,
                code(() -> world.containers.update(NS, "web", ResourceLimits.NONE.memoryBytes(1))));
    }

    @Test
    void spec_isTheDocumentItRunsWith() {
        world.run(World.request().name("web").build());

        assertEquals(
                Json.parse("spec", world.containers.spec(NS, "web")),
                world.runtime.only().request().spec().toJson());
    }

    @Test
    void compose_withUnknownRuntime_throwsUnavailableNamingThoseThatAreLive() {
        FeluccaException failure = assertThrows(
                FeluccaException.class,
                () -> world.containers.compose(World.request().runtime("runc").build()));

        assertEquals(ErrorCode.UNAVAILABLE, failure.code());
        assertTrue(failure.getMessage().contains("fake"), failure.getMessage());
    }

    @Test
    void operations_whileTheRuntimeIsAway_throwUnavailable() {
        world.run(World.request().name("web").build());
        world.unplug();
        world.settle();

        assertEquals(ContainerState.ORPHANED, world.containers.get(NS, "web").state());
        assertEquals(ErrorCode.UNAVAILABLE, code(() -> world.containers.kill(NS, "web", Signal.KILL)));
        assertEquals(ErrorCode.UNAVAILABLE, code(() -> world.run(World.request().build())));
    }

    @Test
    void runtimeThatComesBack_hasItsContainersAgain() {
        Started started = world.run(World.request().name("web").build());
        world.unplug();
        world.settle();

        world.plug();
        world.settle();
        assertEquals(ContainerState.RUNNING, world.containers.get(NS, "web").state());
        world.runtime.only().end(new Exited(5));

        assertEquals(new Exited(5), World.get(started.ended()).status());
    }

    private ImageCommit committed(ContainerRequest request, ContainerCommit commit) {
        Container made = world.containers.create(request, Progress.NONE);
        world.containers.commit(NS, made.name(), commit, Progress.NONE);
        return world.images.commits().get(0);
    }

    @Test
    void commit_putsTheRequestOverTheImage() {
        ContainerRequest request = World.request()
                .name("web")
                .command(List.of("serve", "all"))
                .environment(List.of("B=2"))
                .labels(Map.of("k", "v"))
                .user("ann")
                .build();
        ImageCommit commit = committed(
                request,
                ContainerCommit.UNNAMED
                        .name(ImageReference.parse("mine:1"))
                        .author("Ann")
                        .comment("why")
                        .change(was -> was.toBuilder().workingDir("/w").build()));

        assertEquals(List.of("serve", "all"), commit.defaults().cmd());
        assertEquals(List.of("A=1", "B=2"), commit.defaults().env());
        assertEquals(Map.of("k", "v"), commit.defaults().labels());
        assertEquals("ann", commit.defaults().user());
        assertEquals("/w", commit.defaults().workingDir());
        assertEquals("serve all", commit.createdBy());
        assertEquals("Ann", commit.author());
        assertEquals("why", commit.comment());
        assertEquals(Optional.of(ImageReference.parse("mine:1")), commit.name());
        assertEquals("fake", commit.snapshot().snapshotter());
        assertEquals(
                "default/" + world.containers.get(NS, "web").id(),
                commit.snapshot().key().value());
    }

    @Test
    void commit_withAnotherEntrypoint_dropsTheImagesArguments() {
        ImageCommit commit = committed(World.request().entrypoint(List.of("/e")).build(), ContainerCommit.UNNAMED);

        assertEquals(List.of("/e"), commit.defaults().entrypoint());
        assertEquals(List.of(), commit.defaults().cmd());
    }

    @Test
    void commit_ofARunningContainer_freezesItMeanwhile_unlessAskedNotTo() {
        world.run(World.request().name("web").build());
        List<ContainerState> states = new ArrayList<>();
        world.images.onCommit =
                () -> states.add(world.containers.list(NS).get(0).state());

        world.containers.commit(NS, "web", ContainerCommit.UNNAMED, Progress.NONE);
        world.containers.commit(NS, "web", ContainerCommit.UNNAMED.pause(false), Progress.NONE);

        assertEquals(List.of(ContainerState.PAUSED, ContainerState.RUNNING), states);
        assertEquals(ContainerState.RUNNING, world.containers.get(NS, "web").state());
    }

    @Test
    void commit_thatFails_thawsTheContainer() {
        world.run(World.request().name("web").build());
        world.images.onCommit = () -> {
            throw new FeluccaException(ErrorCode.INTERNAL, "cannot commit", "a test wants it so");
        };

        assertThrows(
                FeluccaException.class,
                () -> world.containers.commit(NS, "web", ContainerCommit.UNNAMED, Progress.NONE));
        assertEquals(ContainerState.RUNNING, world.containers.get(NS, "web").state());
    }

    @Test
    void changesAndExport_readTheContainersSnapshot() {
        Container made = world.containers.create(World.request().name("web").build(), Progress.NONE);
        String key = "default/" + made.id();

        assertEquals(
                List.of(new PathChange(PathChange.Kind.ADDED, "/fake/" + key)), world.containers.changes(NS, "web"));
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        world.containers.export(NS, "web", tar);
        assertEquals(key, tar.toString(StandardCharsets.UTF_8));
        assertEquals(ErrorCode.NOT_FOUND, code(() -> world.containers.changes(NS, "nobody")));
    }
}
