package org.felucca.core.fake;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

/** A pool that knows when nothing is left to do, so that tests wait for that and not for time. Thread-safe. */
public final class TrackedExecutor implements Executor {
    private static final long LONGEST = 10_000_000_000L;

    private final ExecutorService pool;
    private int pending;

    /** Starts a pool. */
    public TrackedExecutor(int threads) {
        pool = Executors.newFixedThreadPool(threads);
    }

    @Override
    public void execute(Runnable work) {
        synchronized (this) {
            pending++;
        }
        try {
            pool.execute(() -> {
                try {
                    work.run();
                } finally {
                    done();
                }
            });
        } catch (RejectedExecutionException e) {
            done();
            throw e;
        }
    }

    private synchronized void done() {
        pending--;
        notifyAll();
    }

    /** Waits until nothing runs and nothing waits to be run, at most ten seconds. */
    public synchronized void settle() {
        long deadline = System.nanoTime() + LONGEST;
        while (pending > 0) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                throw new AssertionError(pending + " tasks did not end");
            }
            try {
                wait(left / 1_000_000 + 1);
            } catch (InterruptedException e) {
                throw new AssertionError("interrupted", e);
            }
        }
    }

    /** Stops, as a process that dies does. */
    public void stop() {
        pool.shutdownNow();
    }
}
