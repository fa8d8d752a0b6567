package org.felucca.core.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.felucca.api.container.ContainerRequest;
import org.felucca.api.container.ContainerState;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.image.Progress;
import org.felucca.api.metadata.NamespaceName;
import org.felucca.core.fake.FakeImages;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever step fails or is interrupted, nothing is left behind, and the same works afterwards. */
class FaultsTest {
    @TempDir
    Path root;

    private static ContainerRequest request(boolean autoRemove) {
        return World.request().name("web").autoRemove(autoRemove).build();
    }

    /** Returns the calls that a run of the work makes. */
    private int calls(String directory, Work work) {
        try (World world = new World(root.resolve(directory))) {
            int before = world.faults.calls().size();
            work.on(world);
            List<String> calls = world.faults.calls();
            assertTrue(calls.size() - before > 3, calls.toString());
            return calls.size() - before;
        }
    }

    private interface Work {
        void on(World world);
    }

    @Test
    void create_failingAtAnyStep_leavesNothing() {
        Work create = world -> world.containers.create(request(false), Progress.NONE);
        int steps = calls("clean", create);
        for (int step = 0; step < steps; step++) {
            try (World world = new World(root.resolve("step" + step))) {
                world.faults.failAt(step);
                assertThrows(FeluccaException.class, () -> create.on(world), "step " + step);
                assertNothingAndAgain(world, create);
            }
        }
    }

    @Test
    void create_interruptedAtAnyStep_throwsCancelledAndLeavesNothing() {
        Work create = world -> world.containers.create(request(false), Progress.NONE);
        int steps = calls("clean", create);
        for (int step = 0; step < steps - 1; step++) {
            try (World world = new World(root.resolve("step" + step))) {
                world.faults.interruptAt(step);
                FeluccaException failure = assertThrows(FeluccaException.class, () -> create.on(world), "step " + step);
                assertEquals(ErrorCode.CANCELLED, failure.code());
                assertTrue(Thread.interrupted(), "the flag is kept");
                assertNothingAndAgain(world, create);
            }
        }
    }

    @Test
    void runAutoRemoved_failingAtAnyStep_leavesNothing() {
        Work run = world -> {
            world.runtime.park();
            world.run(request(true));
        };
        int steps = calls("clean", run);
        for (int step = 0; step < steps; step++) {
            try (World world = new World(root.resolve("step" + step))) {
                world.faults.failAt(step);
                assertThrows(FeluccaException.class, () -> run.on(world), "step " + step);
                assertNothingAndAgain(world, run);
            }
        }
    }

    @Test
    void runAutoRemoved_interruptedAtAnyStep_leavesNothingOrRuns() {
        Work run = world -> {
            world.runtime.park();
            world.run(request(true));
        };
        int steps = calls("clean", run);
        int cancelled = 0;
        for (int step = 0; step < steps; step++) {
            try (World world = new World(root.resolve("step" + step))) {
                world.faults.interruptAt(step);
                try {
                    run.on(world);
                    assertTrue(Thread.interrupted(), "the flag is kept");
                    world.faults.none();
                    assertEquals(
                            ContainerState.RUNNING,
                            world.containers.get(NamespaceName.DEFAULT, "web").state());
                } catch (FeluccaException e) {
                    cancelled++;
                    assertEquals(ErrorCode.CANCELLED, e.code());
                    assertTrue(Thread.interrupted(), "the flag is kept");
                    assertNothingAndAgain(world, run);
                }
            }
        }
        assertTrue(cancelled >= steps - 2, cancelled + " of " + steps);
    }

    @Test
    void start_failingAtAnyStep_leavesACreatedContainerThatStarts() {
        Work start = world -> {
            world.runtime.park();
            world.containers.start(NamespaceName.DEFAULT, "web", Containers.Streams.DETACHED);
        };
        int steps;
        try (World world = new World(root.resolve("clean"))) {
            world.containers.create(request(false), Progress.NONE);
            int before = world.faults.calls().size();
            start.on(world);
            steps = world.faults.calls().size() - before;
        }
        assertEquals(4, steps, "mounts, create, start, record");
        for (int step = 0; step < steps; step++) {
            try (World world = new World(root.resolve("step" + step))) {
                world.containers.create(request(false), Progress.NONE);
                List<String> before = world.leftovers();
                world.faults.failAt(step);
                assertThrows(FeluccaException.class, () -> start.on(world), "step " + step);
                world.faults.none();

                assertEquals(before, world.leftovers(), "step " + step);
                assertEquals(
                        ContainerState.CREATED,
                        world.containers.get(NamespaceName.DEFAULT, "web").state());
                start.on(world);
                assertEquals(
                        ContainerState.RUNNING,
                        world.containers.get(NamespaceName.DEFAULT, "web").state());
            }
        }
    }

    private static void assertNothingAndAgain(World world, Work work) {
        world.faults.none();
        assertEquals(List.of(), world.leftovers());
        assertEquals(List.of(), world.containers.list(NamespaceName.DEFAULT));
        assertFalse(world.snapshotter.keys().isEmpty(), "the image stays");
        assertEquals(List.of(FakeImages.LAYER.toString()), world.snapshotter.keys());
        work.on(world);
        assertEquals("web", world.containers.get(NamespaceName.DEFAULT, "web").name());
    }
}
