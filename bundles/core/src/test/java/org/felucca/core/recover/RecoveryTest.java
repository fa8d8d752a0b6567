package org.felucca.core.recover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.felucca.api.container.Container;
import org.felucca.api.container.ContainerState;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.image.Progress;
import org.felucca.api.metadata.MetadataRecord;
import org.felucca.api.metadata.NamespaceName;
import org.felucca.api.metadata.RecordId;
import org.felucca.api.metadata.RecordKind;
import org.felucca.api.process.ExitStatus;
import org.felucca.api.process.ExitStatus.Exited;
import org.felucca.api.process.Signal;
import org.felucca.api.runtime.TaskExit;
import org.felucca.api.runtime.TaskId;
import org.felucca.api.runtime.TaskState;
import org.felucca.api.snapshot.SnapshotKey;
import org.felucca.api.snapshot.SnapshotRequest;
import org.felucca.core.lifecycle.World;
import org.felucca.core.record.Phase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a new daemon makes of what the one before left. */
class RecoveryTest {
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

    /** What is left of a task. */
    private enum Trace {
        NONE,
        PARKED,
        RUNS,
        PAUSED,
        ENDED
    }

    static Stream<Arguments> matrix() {
        return Stream.of(
                // record, removed at its end, trace, state afterwards (null: gone), whether a task is left
                Arguments.of(Phase.CREATED, false, Trace.NONE, ContainerState.CREATED, false),
                Arguments.of(Phase.CREATED, false, Trace.PARKED, ContainerState.CREATED, false),
                Arguments.of(Phase.CREATED, false, Trace.RUNS, ContainerState.RUNNING, true),
                Arguments.of(Phase.CREATED, false, Trace.ENDED, ContainerState.EXITED, false),
                Arguments.of(Phase.RUNNING, false, Trace.NONE, ContainerState.EXITED, false),
                Arguments.of(Phase.RUNNING, false, Trace.PARKED, ContainerState.CREATED, false),
                Arguments.of(Phase.RUNNING, false, Trace.RUNS, ContainerState.RUNNING, true),
                Arguments.of(Phase.RUNNING, false, Trace.PAUSED, ContainerState.PAUSED, true),
                Arguments.of(Phase.RUNNING, false, Trace.ENDED, ContainerState.EXITED, false),
                Arguments.of(Phase.EXITED, false, Trace.NONE, ContainerState.EXITED, false),
                Arguments.of(Phase.EXITED, false, Trace.RUNS, ContainerState.EXITED, false),
                Arguments.of(Phase.EXITED, false, Trace.ENDED, ContainerState.EXITED, false),
                Arguments.of(Phase.CREATED, true, Trace.NONE, null, false),
                Arguments.of(Phase.CREATED, true, Trace.PARKED, null, false),
                Arguments.of(Phase.CREATED, true, Trace.RUNS, ContainerState.RUNNING, true),
                Arguments.of(Phase.CREATED, true, Trace.ENDED, null, false));
    }

    /** Makes the record and the trace with the means of a running platform, then lets the daemon die. */
    private Container leave(Phase phase, boolean autoRemove, Trace trace) {
        Container made;
        if (autoRemove) {
            // Such a record is written once, before the start.
            made = world.run(World.request().name("web").autoRemove(true).build())
                    .container();
        } else if (phase == Phase.CREATED) {
            made = world.containers.create(World.request().name("web").build(), Progress.NONE);
        } else {
            var started = world.run(World.request().name("web").build());
            made = started.container();
            if (phase == Phase.EXITED) {
                world.runtime.only().end(new Exited(7));
                World.get(started.ended());
            }
        }
        TaskId id = new TaskId(NS, made.id());
        world.runtime.lose(id);
        switch (trace) {
            case NONE -> {}
            case PARKED -> world.runtime.leave(id, TaskState.CREATED);
            case RUNS -> world.runtime.leave(id, TaskState.RUNNING);
            case PAUSED -> world.runtime.leave(id, TaskState.PAUSED);
            case ENDED -> world.runtime.leave(id, TaskState.RUNNING).end(new Exited(3));
        }
        return made;
    }

    @ParameterizedTest(name = "record {0}, autoRemove {1}, task {2}")
    @MethodSource("matrix")
    void restart_bringsRecordAndTaskTogether(
            Phase phase, boolean autoRemove, Trace trace, ContainerState expected, boolean taskLeft) {
        Container made = leave(phase, autoRemove, trace);

        world.restart();

        if (expected == null) {
            assertEquals(List.of(), world.leftovers());
            assertEquals(
                    ErrorCode.NOT_FOUND,
                    assertThrows(FeluccaException.class, () -> world.containers.get(NS, made.id()))
                            .code());
            return;
        }
        Container found = world.containers.get(NS, "web");
        assertEquals(made.id(), found.id());
        assertEquals(expected, found.state());
        assertEquals(taskLeft, !world.runtime.tasks().isEmpty());
        if (taskLeft) {
            CompletionStage<TaskExit> end = world.containers.ended(NS, "web");
            world.runtime.only().end(new Exited(9));
            assertEquals(new Exited(9), World.get(end).status());
        }
        if (expected == ContainerState.EXITED) {
            ExitStatus status = found.exit().orElseThrow().status();
            if (phase == Phase.EXITED) {
                assertEquals(new Exited(7), status, "what was recorded stays");
            } else if (trace == Trace.ENDED) {
                assertEquals(new Exited(3), status);
            } else {
                assertTrue(status instanceof ExitStatus.Unknown, "no status is invented: " + status);
            }
        }
    }

    @Test
    void restart_keepsWhatWasAskedFor() {
        Container made = world.containers.create(
                World.request()
                        .name("web")
                        .command(List.of("sleep", "1"))
                        .environment(List.of("B=2"))
                        .labels(Map.of("l", "v"))
                        .hostname("host")
                        .build(),
                Progress.NONE);

        world.restart();

        Container found = world.containers.get(NS, "web");
        assertEquals(made.created(), found.created());
        assertEquals(List.of("sleep", "1"), found.request().command());
        assertEquals(made.composition(), found.composition());
        assertEquals(Map.of("l", "v"), found.request().labels());
    }

    @Test
    void twentyRunningContainers_areAllFoundAgain() {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            ids.add(world.run(World.request().build()).container().id());
        }

        world.restart();

        for (int i = 0; i < 20; i++) {
            assertEquals(
                    ContainerState.RUNNING, world.containers.get(NS, ids.get(i)).state());
            CompletionStage<TaskExit> end = world.containers.ended(NS, ids.get(i));
            world.runtime.task(new TaskId(NS, ids.get(i))).end(new Exited(i));
            assertEquals(new Exited(i), World.get(end).status());
        }
    }

    @Test
    void whileTheRuntimeIsAway_runningContainersAreOrphaned() {
        world.run(World.request().name("web").build());

        world.restartWithoutRuntime();

        Container found = world.containers.get(NS, "web");
        assertEquals(ContainerState.ORPHANED, found.state());
        assertEquals("runtime=fake unavailable", found.note());
        assertEquals(
                List.of("runtime=fake", "recovery of runtime=fake"),
                world.orchestrator.ready().waitingFor());
        assertEquals(
                ErrorCode.UNAVAILABLE,
                assertThrows(FeluccaException.class, () -> world.containers.kill(NS, "web", Signal.TERM))
                        .code());

        world.plug();
        assertEquals(ContainerState.RUNNING, world.containers.get(NS, "web").state());
    }

    @Test
    void taskWithoutRecord_isRemoved() {
        world.runtime.leave(new TaskId(NS, "0".repeat(64)), TaskState.RUNNING);

        world.restart();

        assertEquals(List.of(), world.runtime.tasks());
    }

    @Test
    void snapshotWithoutRecord_isRemoved() {
        world.snapshotter.prepare(SnapshotRequest.of(SnapshotKey.of("default/" + "0".repeat(64))));

        world.restart();
        World.get(world.orchestrator.collector().request());

        assertEquals(List.of(), world.leftovers());
        assertFalse(world.snapshotter.keys().isEmpty());
    }

    @Test
    void directoryWithoutRecord_isRemoved() throws IOException {
        Files.createDirectories(root.resolve("state/containers/default/" + "0".repeat(64)));
        Path logs = Files.createDirectories(root.resolve("containers/default"));
        Files.createFile(logs.resolve("1".repeat(64) + ".log"));
        Files.createFile(logs.resolve("1".repeat(64) + ".log.1"));
        Files.createFile(logs.resolve("2".repeat(64) + ".log.2"));

        world.restart();

        assertEquals(List.of(), world.leftovers());
    }

    @Test
    void directoryOfAnotherName_isLeftAlone() throws IOException {
        Path foreign = Files.createDirectories(root.resolve("state/containers/lost+found/x"));
        world.containers.create(World.request().name("web").build(), Progress.NONE);

        world.restart();

        assertEquals(ContainerState.CREATED, world.containers.get(NS, "web").state());
        assertTrue(Files.exists(foreign));
    }

    @Test
    void recordThatCannotBeRead_staysAndHoldsNothingUp() {
        Container made = world.containers.create(World.request().name("web").build(), Progress.NONE);
        world.store.put(new MetadataRecord(
                new RecordId(RecordKind.CONTAINER, "default", "broken"),
                Map.of(),
                "{\"version\":2}",
                List.of(),
                Instant.EPOCH,
                Instant.EPOCH));

        world.restart();

        assertEquals(made.id(), world.containers.get(NS, "web").id());
        assertTrue(world.recorded().contains("broken"));
    }
}
