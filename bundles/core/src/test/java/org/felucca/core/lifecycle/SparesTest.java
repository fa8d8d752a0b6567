package org.felucca.core.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.metadata.NamespaceName;
import org.felucca.api.metadata.RecordId;
import org.felucca.api.metadata.RecordKind;
import org.felucca.api.process.ExitStatus.Exited;
import org.felucca.api.runtime.TaskId;
import org.felucca.api.snapshot.SnapshotKey;
import org.felucca.api.snapshot.SnapshotMount;
import org.felucca.api.snapshot.SnapshotRequest;
import org.felucca.core.fake.FakeImages;
import org.felucca.core.lease.Pins;
import org.felucca.core.lifecycle.Spares.Kind;
import org.felucca.core.lifecycle.Spares.Spare;
import org.felucca.core.record.ContainerKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SparesTest {
    private static final SnapshotKey LAYER = SnapshotKey.of(FakeImages.LAYER.toString());
    private static final Kind KIND = new Kind(NamespaceName.DEFAULT, "fake", "fake", LAYER, true);

    @TempDir
    Path root;

    private final Pins pins = new Pins();
    private final ManualClockwork clockwork = new ManualClockwork();
    private final ArrayDeque<Runnable> work = new ArrayDeque<>();
    private World world;
    private Spares spares;

    /** Time passes when a test says so. */
    private static final class ManualClockwork implements Spares.Clockwork {
        private long now;
        private final List<Runnable> later = new ArrayList<>();

        @Override
        public long nanoTime() {
            return now;
        }

        @Override
        public void after(Duration delay, Executor executor, Runnable task) {
            assertEquals(Spares.KEPT, delay);
            later.add(task);
        }

        void pass(Duration time) {
            now += time.toNanos();
        }
    }

    @BeforeEach
    void start() {
        world = new World(root);
        spares = new Spares(
                world.providers,
                pins,
                new Identities(),
                (key, kind) -> world.snapshotter.prepare(
                        SnapshotRequest.of(key.snapshot()).parent(LAYER)),
                work::add,
                clockwork);
    }

    @AfterEach
    void stop() {
        spares.close();
        world.close();
    }

    private void ran(int times) {
        for (int i = 0; i < times; i++) {
            spares.ran(KIND);
        }
    }

    private void makeOne() {
        ran(Spares.SUCCESSION);
        assertEquals(1, work.size());
        work.remove().run();
    }

    private List<String> made() {
        return world.snapshotter.keys().stream()
                .filter(key -> key.startsWith("default/"))
                .toList();
    }

    private static RecordId record(SnapshotKey key) {
        return new RecordId(RecordKind.SNAPSHOT, "fake", key.value());
    }

    @Test
    void ran_inSuccession_makesOneThatIsPinnedAndMounted() {
        ran(Spares.SUCCESSION - 1);
        assertEquals(0, work.size());
        ran(1);
        assertEquals(1, work.size());
        ran(1);
        assertEquals(1, work.size(), "one is coming");
        work.remove().run();
        ran(1);
        assertEquals(0, work.size(), "one is there");

        Spare spare = spares.take(KIND).orElseThrow();
        SnapshotKey key = spare.key().snapshot();
        assertEquals(List.of(key.value()), made());
        assertEquals(List.of(spare.key().task()), world.runtime.anticipated());
        assertTrue(pins.begin().containsAll(List.of(record(key), record(LAYER))));
        assertEquals(Optional.empty(), spares.take(KIND));
        spares.used(spare);
        assertEquals(0, pins.begin().size());
        ran(1);
        assertEquals(1, work.size(), "the next one");
    }

    @Test
    void ran_atLongIntervals_makesNone() {
        for (int i = 0; i < 3 * Spares.SUCCESSION; i++) {
            ran(1);
            clockwork.pass(Spares.APART.plusMillis(1));
        }
        assertEquals(0, work.size());
    }

    @Test
    void take_ofAnotherKind_isEmpty() {
        makeOne();
        assertEquals(Optional.empty(), spares.take(new Kind(NamespaceName.DEFAULT, "fake", "fake", LAYER, false)));
        assertEquals(Optional.empty(), spares.take(new Kind(NamespaceName.DEFAULT, "fake", "fake", null, true)));
    }

    @Test
    void spare_thatNobodyTakes_isGivenUp() {
        makeOne();
        assertEquals(1, made().size());
        clockwork.later.remove(0).run();
        assertGone();
        assertEquals(Optional.empty(), spares.take(KIND));
    }

    @Test
    void spare_thatWasTaken_doesNotExpire() {
        makeOne();
        Spare spare = spares.take(KIND).orElseThrow();
        ran(1);
        work.remove().run();
        clockwork.later.remove(0).run();
        assertEquals(2, made().size(), "neither the one in use nor the new one");
        spares.discard(spare);
        assertEquals(1, made().size());
    }

    @Test
    void dropAndClose_leaveNothing() {
        makeOne();
        spares.drop();
        assertGone();
        makeOne();
        ran(1);
        spares.close();
        assertGone();
        ran(2 * Spares.SUCCESSION);
        assertEquals(0, work.stream().filter(each -> made().size() > 0).count());
    }

    @Test
    void spare_thatComesAfterTheClose_isGivenUp() {
        ran(Spares.SUCCESSION);
        spares.close();
        work.remove().run();
        assertGone();
    }

    @Test
    void make_thatFails_leavesNothingAndIsTriedAgain() {
        world.runtime.refuseToAnticipate(
                new FeluccaException(ErrorCode.FAILED_PRECONDITION, "cannot mount", "the kernel says no"));
        makeOne();
        assertGone();
        assertEquals(Optional.empty(), spares.take(KIND));
        ran(1);
        work.remove().run();
        assertTrue(spares.take(KIND).isPresent());
    }

    @Test
    void kinds_areBounded() {
        for (int i = 0; i < 100; i++) {
            Kind kind = new Kind(NamespaceName.DEFAULT, "fake", "fake", SnapshotKey.of("sha256:" + i), true);
            for (int run = 0; run < Spares.SUCCESSION; run++) {
                spares.ran(kind);
            }
        }
        assertEquals(8, work.size());
    }

    private void assertGone() {
        assertEquals(List.of(), made());
        assertEquals(List.of(), world.runtime.anticipated());
        assertEquals(0, pins.begin().size());
    }

    @Test
    void run_inSuccession_usesTheRootThatWasMadeAhead() {
        String promised = succession();
        ContainerKey key = new ContainerKey(NamespaceName.DEFAULT, promised);
        TaskId task = key.task();
        Containers.Started started = world.run(World.request().autoRemove(true).build());

        assertEquals(promised, started.container().id());
        assertEquals(
                List.of(new SnapshotMount.Bind(
                        Path.of("/snapshots", key.snapshot().value()), false)),
                world.runtime.task(task).request().rootfs());
        end(task);
        world.settle();
        world.orchestrator.close();
        assertEquals(List.of(), world.leftovers());
    }

    @Test
    void run_withARootMadeAheadThatFails_leavesNothing() {
        String promised = succession();
        world.runtime.refuse(
                new FeluccaException(ErrorCode.NOT_FOUND, "cannot execute nope", "it is not in the image"));
        assertThrows(
                FeluccaException.class,
                () -> world.run(World.request().autoRemove(true).build()));
        assertEquals(List.of(), world.leftovers());
        assertEquals(List.of(), world.runtime.anticipated(), promised);
    }

    @Test
    void imageEvent_givesUpWhatWasMadeFromIt() {
        succession();
        world.events.publish(NamespaceName.DEFAULT, "image/delete", "busybox", Map.of());
        world.settle();
        assertEquals(List.of(), world.leftovers());
        assertEquals(List.of(), world.runtime.anticipated());
    }

    @Test
    void collection_leavesTheSpare() {
        String promised = succession();
        World.get(world.orchestrator.collector().request());
        assertEquals(List.of("default/" + promised), made());
    }

    /** Runs containers one after the other until one was made ahead; returns its id. */
    private String succession() {
        for (int i = 0; i < Spares.SUCCESSION; i++) {
            Containers.Started started =
                    world.run(World.request().autoRemove(true).build());
            end(new ContainerKey(NamespaceName.DEFAULT, started.container().id()).task());
            World.get(started.ended());
        }
        world.settle();
        assertEquals(1, world.runtime.anticipated().size());
        return world.runtime.anticipated().get(0).id();
    }

    private void end(TaskId task) {
        world.runtime.task(task).end(new Exited(0));
    }
}
