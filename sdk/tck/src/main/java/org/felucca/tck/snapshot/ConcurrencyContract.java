package org.felucca.tck.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.junit.jupiter.api.Test;

/** Many callers at once: each operation happens once or is refused, and nobody sees half of one. */
public interface ConcurrencyContract extends SnapshotterTest {

    /** Callers in each test. */
    int CALLERS = 8;

    /** Work of one caller. */
    @FunctionalInterface
    interface CallerWork {
        void run(int caller) throws Exception;
    }

    private void atOnce(CallerWork work) throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
        try {
            CyclicBarrier start = new CyclicBarrier(CALLERS);
            List<Future<?>> results = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                int caller = i;
                results.add(callers.submit(() -> {
                    start.await(1, TimeUnit.MINUTES);
                    work.run(caller);
                    return null;
                }));
            }
            for (Future<?> result : results) {
                result.get(1, TimeUnit.MINUTES);
            }
        } finally {
            callers.shutdownNow();
            assertTrue(callers.awaitTermination(1, TimeUnit.MINUTES));
        }
    }

    private static void countWinner(AtomicInteger winners, ErrorCode lost, Runnable call) {
        try {
            call.run();
            winners.incrementAndGet();
        } catch (FeluccaException e) {
            assertEquals(lost, e.code(), e::getMessage);
        }
    }

    @Test
    default void prepare_ofOneKeyByMany_succeedsOnce() throws Exception {
        AtomicInteger winners = new AtomicInteger();
        atOnce(caller -> countWinner(
                winners, ErrorCode.ALREADY_EXISTS, () -> snapshotter().prepare(request("a"))));
        assertEquals(1, winners.get());
        assertEquals(List.of("a"), keys());
    }

    @Test
    default void commit_ofManyToOneName_succeedsOnce() throws Exception {
        AtomicInteger winners = new AtomicInteger();
        for (int i = 0; i < CALLERS; i++) {
            String content = "from " + i;
            inTree(snapshotter().prepare(request("a-" + i)), root -> Files.writeString(root.resolve("f"), content));
        }
        atOnce(caller -> countWinner(
                winners, ErrorCode.ALREADY_EXISTS, () -> snapshotter().commit(key("c"), key("a-" + caller), Map.of())));
        assertEquals(1, winners.get());
        assertEquals(CALLERS, keys().size());
        look("c", root -> assertTrue(Files.readString(root.resolve("f")).startsWith("from ")));
    }

    @Test
    default void prepare_whileTheParentIsRemoved_isRefusedOrHoldsIt() throws Exception {
        for (int round = 0; round < 20; round++) {
            String base = "base-" + round;
            layer(base, "", root -> Files.writeString(root.resolve("f"), "x"));
            AtomicInteger removed = new AtomicInteger();
            AtomicInteger prepared = new AtomicInteger();
            atOnce(caller -> {
                if (caller == 0) {
                    countWinner(
                            removed,
                            ErrorCode.FAILED_PRECONDITION,
                            () -> snapshotter().remove(key(base)));
                } else {
                    countWinner(
                            prepared,
                            ErrorCode.NOT_FOUND,
                            () -> snapshotter().prepare(request(base + "-" + caller, base)));
                }
            });
            assertEquals(removed.get() == 1, prepared.get() == 0);
        }
    }

    @Test
    default void everything_whileCleaningUp_staysWhole() throws Exception {
        layer("base", "", root -> Files.writeString(root.resolve("f"), "x"));
        atOnce(caller -> {
            for (int i = 0; i < 10; i++) {
                if (caller == 0) {
                    snapshotter().cleanup();
                } else {
                    String key = "c-" + caller + "-" + i;
                    inTree(
                            snapshotter().prepare(request(key, "base")),
                            root -> assertEquals("x", Files.readString(root.resolve("f"))));
                    snapshotter().remove(key(key));
                }
            }
        });
        snapshotter().cleanup();
        assertEquals(List.of("base"), keys());
    }
}
