package org.felucca.core.osgi;

import java.time.Duration;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Named, bounded thread pools that cost nothing while they are idle. */
final class Pools {
    private static final Logger LOG = LoggerFactory.getLogger(Pools.class);
    private static final Duration IDLE = Duration.ofSeconds(30);
    private static final Duration STOP = Duration.ofSeconds(10);

    private Pools() {}

    static ThreadPoolExecutor of(String name, int threads) {
        AtomicInteger number = new AtomicInteger();
        return new ThreadPoolExecutor(
                0,
                threads,
                IDLE.toMillis(),
                TimeUnit.MILLISECONDS,
                new IdleFirst(),
                work -> {
                    Thread thread = new Thread(work, name + "-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    thread.setUncaughtExceptionHandler(
                            (dead, failure) -> LOG.error("thread {} failed", dead.getName(), failure));
                    return thread;
                },
                (work, full) -> {
                    if (full.isShutdown()) {
                        throw new RejectedExecutionException("the pool " + name + " is stopped");
                    }
                    full.getQueue().add(work);
                });
    }

    /**
     * Hands work to a thread that waits for some, else refuses it, upon which the pool starts a thread; once it has all
     * its threads, work is added and waits.
     */
    private static final class IdleFirst extends LinkedTransferQueue<Runnable> {
        private static final long serialVersionUID = 1L;

        @Override
        public boolean offer(Runnable work) {
            return tryTransfer(work);
        }

        @Override
        public boolean add(Runnable work) {
            put(work);
            return true;
        }
    }

    /** Lets what is under way finish, then interrupts it. */
    static void stop(ThreadPoolExecutor pool) {
        pool.shutdown();
        boolean ended = false;
        try {
            ended = pool.awaitTermination(STOP.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!ended) {
            pool.shutdownNow();
        }
    }
}
