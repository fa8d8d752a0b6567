package org.felucca.images;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JoinedTasksTest {
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void close() throws InterruptedException {
        threads.shutdownNow();
        assertTrue(threads.awaitTermination(1, TimeUnit.MINUTES));
    }

    private FeluccaException assertFails(List<Runnable> work) {
        return assertThrows(FeluccaException.class, () -> JoinedTasks.run("cannot work", threads, 2, work));
    }

    @Test
    void run_none_returns() {
        JoinedTasks.run("cannot work", threads, 2, List.of());
    }

    @Test
    void run_many_runsSoManyAtATime() {
        AtomicInteger running = new AtomicInteger();
        List<Integer> counts = Collections.synchronizedList(new ArrayList<>());
        List<Runnable> work = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            work.add(() -> {
                counts.add(running.incrementAndGet());
                Thread.yield();
                running.decrementAndGet();
            });
        }
        JoinedTasks.run("cannot work", threads, 3, work);
        assertEquals(50, counts.size());
        assertTrue(counts.stream().allMatch(count -> count <= 3), counts::toString);
    }

    @Test
    void run_withAFailure_beginsNothingMoreAndWaitsForWhatRuns() {
        CountDownLatch first = new CountDownLatch(1);
        AtomicInteger ended = new AtomicInteger();
        AtomicInteger begun = new AtomicInteger();
        FeluccaException e = assertFails(List.of(
                () -> {
                    first.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException interrupted) {
                        ended.incrementAndGet();
                    }
                },
                () -> {
                    try {
                        first.await();
                    } catch (InterruptedException interrupted) {
                        throw new IllegalStateException(interrupted);
                    }
                    throw new FeluccaException(ErrorCode.DATA_LOSS, "cannot read", "it is damaged");
                },
                begun::incrementAndGet));
        assertEquals(ErrorCode.DATA_LOSS, e.code());
        assertEquals(1, ended.get());
        assertEquals(0, begun.get());
    }

    @Test
    void run_withAnUnexpectedFailure_isInternalAndNamesTheWork() {
        FeluccaException e = assertFails(List.of(() -> {
            throw new IllegalStateException("odd");
        }));
        assertEquals(ErrorCode.INTERNAL, e.code());
        assertTrue(e.getMessage().startsWith("cannot work: "), e::getMessage);
    }

    @Test
    void run_onAPoolThatIsClosed_isUnavailable() {
        threads.shutdown();
        assertEquals(ErrorCode.UNAVAILABLE, assertFails(List.of(() -> {})).code());
    }

    @Test
    void run_interruptsOfTasks_doNotReachLaterWork() throws Exception {
        ExecutorService one = Executors.newSingleThreadExecutor();
        try {
            assertThrows(
                    FeluccaException.class,
                    () -> JoinedTasks.run("cannot work", one, 1, List.of(() -> {
                        throw new FeluccaException(ErrorCode.DATA_LOSS, "cannot read", "it is damaged");
                    })));
            assertFalse(one.submit(Thread::interrupted).get(1, TimeUnit.MINUTES));
        } finally {
            one.shutdownNow();
        }
    }
}
