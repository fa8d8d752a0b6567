package org.felucca.core.osgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PoolsTest {
    @Test
    void pool_growsToItsBoundAndThenQueues() throws Exception {
        ThreadPoolExecutor pool = Pools.of("test", 2);
        CountDownLatch finish = new CountDownLatch(1);
        List<CompletableFuture<String>> all = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            all.add(CompletableFuture.supplyAsync(
                    () -> {
                        try {
                            finish.await();
                        } catch (InterruptedException e) {
                            throw new AssertionError(e);
                        }
                        return Thread.currentThread().getName();
                    },
                    pool));
        }
        assertEquals(2, pool.getPoolSize());
        assertEquals(3, pool.getQueue().size());

        finish.countDown();
        for (CompletableFuture<String> one : all) {
            one.get(10, TimeUnit.SECONDS);
        }
        assertEquals(2, pool.getLargestPoolSize());
        Pools.stop(pool);
    }

    @Test
    void idleThread_isUsedBeforeANewOneIsStarted() throws Exception {
        ThreadPoolExecutor pool = Pools.of("test", 8);
        for (int i = 0; i < 20; i++) {
            CompletableFuture.runAsync(() -> {}, pool).get(10, TimeUnit.SECONDS);
            while (pool.getActiveCount() > 0) {
                Thread.onSpinWait();
            }
        }
        // Between the end of its work and its waiting a thread does not count as idle, so there may be a second one.
        assertEquals(true, pool.getLargestPoolSize() <= 3, () -> pool.getLargestPoolSize() + " threads");
        Pools.stop(pool);
    }

    @Test
    void stoppedPool_refusesWork() {
        ThreadPoolExecutor pool = Pools.of("test", 1);
        Pools.stop(pool);

        assertThrows(RejectedExecutionException.class, () -> pool.execute(() -> {}));
    }
}
