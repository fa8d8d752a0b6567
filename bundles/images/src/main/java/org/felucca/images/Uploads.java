package org.felucca.images;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.jspecify.annotations.Nullable;

/** Runs the uploads of all pushes, a few at a time. Thread-safe. */
final class Uploads implements AutoCloseable {
    private final ThreadPoolExecutor executor;

    /** Guarded by itself. */
    private final Set<Batch> batches = new HashSet<>();

    private boolean closed;

    /** @param parallel how many run at a time; more wait in the order of their start */
    Uploads(int parallel) {
        AtomicInteger number = new AtomicInteger();
        executor =
                new ThreadPoolExecutor(parallel, parallel, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "felucca-upload-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        // A node that pushes nothing keeps no threads for it.
        executor.allowCoreThreadTimeOut(true);
    }

    /**
     * Runs tasks and waits until all have ended. The first failure, or an interrupt, stops those that are left.
     *
     * @throws FeluccaException the first failure; CANCELLED on interrupt
     */
    void run(String subject, List<Runnable> tasks) {
        Batch batch = new Batch(subject, tasks.size());
        synchronized (batches) {
            if (closed) {
                throw stopping(subject);
            }
            batches.add(batch);
            tasks.forEach(task -> executor.execute(() -> batch.run(task)));
        }
        try {
            batch.await();
        } finally {
            synchronized (batches) {
                batches.remove(batch);
            }
        }
    }

    /** Stops all uploads and joins the threads. */
    @Override
    public void close() {
        List<Batch> left;
        synchronized (batches) {
            closed = true;
            left = List.copyOf(batches);
        }
        left.forEach(batch -> batch.fail(stopping(batch.subject)));
        executor.shutdown();
        try {
            executor.awaitTermination(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static FeluccaException stopping(String subject) {
        return new FeluccaException(ErrorCode.UNAVAILABLE, subject, "the image service is stopping");
    }

    /** The tasks of one push. Guarded by its own monitor; tasks run outside. */
    private static final class Batch {
        private final String subject;
        private final Set<Thread> running = new HashSet<>();
        private int left;
        private @Nullable FeluccaException failure;

        Batch(String subject, int tasks) {
            this.subject = subject;
            this.left = tasks;
        }

        void run(Runnable task) {
            if (begin()) {
                end(failureOf(task));
            }
        }

        private synchronized boolean begin() {
            if (failure == null) {
                running.add(Thread.currentThread());
                return true;
            }
            left--;
            notifyAll();
            return false;
        }

        private @Nullable FeluccaException failureOf(Runnable task) {
            try {
                task.run();
                return null;
            } catch (FeluccaException e) {
                return e;
            } catch (RuntimeException | Error e) {
                return new FeluccaException(ErrorCode.INTERNAL, subject, String.valueOf(e), null, e);
            }
        }

        private synchronized void end(@Nullable FeluccaException failed) {
            running.remove(Thread.currentThread());
            // The thread goes on with other pushes; an interrupt that was meant for this one ends here.
            Thread.interrupted();
            left--;
            if (failed != null) {
                fail(failed);
            }
            notifyAll();
        }

        synchronized void fail(FeluccaException failed) {
            if (failure == null) {
                failure = failed;
                running.forEach(Thread::interrupt);
            }
        }

        /** Waits for all tasks, also when interrupted: undoing comes before returning. */
        synchronized void await() {
            boolean interrupted = false;
            while (left > 0) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    interrupted = true;
                    fail(new FeluccaException(ErrorCode.CANCELLED, subject, "the work was interrupted", null, e));
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            if (failure != null) {
                throw failure;
            }
        }
    }
}
