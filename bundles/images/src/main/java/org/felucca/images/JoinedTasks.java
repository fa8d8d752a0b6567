package org.felucca.images;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.jspecify.annotations.Nullable;

/**
 * Tasks of one caller that run on a pool: all of them succeed, or the first failure is thrown, and either way none is
 * running any more. Guarded by its own monitor.
 */
final class JoinedTasks {
    private final String subject;
    private final Executor executor;
    private final List<Task> tasks = new ArrayList<>();
    private int next;
    private int left;
    private @Nullable FeluccaException failure;

    private JoinedTasks(String subject, Executor executor, List<Runnable> work) {
        this.subject = subject;
        this.executor = executor;
        work.forEach(task -> tasks.add(new Task(task)));
        this.left = tasks.size();
    }

    /**
     * Runs tasks and waits for all.
     *
     * @param subject what it is for, should a task fail unexpectedly
     * @param most how many run at a time; they begin in their order
     * @throws FeluccaException what the first task to fail threw, the others having been interrupted; CANCELLED if the
     *     caller was interrupted
     */
    static void run(String subject, Executor executor, int most, List<Runnable> work) {
        JoinedTasks joined = new JoinedTasks(subject, executor, work);
        for (int i = 0; i < most; i++) {
            joined.beginNext();
        }
        joined.await();
    }

    private void beginNext() {
        Task task;
        synchronized (this) {
            if (failure != null || next == tasks.size()) {
                return;
            }
            task = tasks.get(next++);
        }
        try {
            executor.execute(task);
        } catch (RejectedExecutionException e) {
            fail(new FeluccaException(ErrorCode.UNAVAILABLE, subject, "the image service is stopping", null, e));
        }
    }

    private void await() {
        boolean interrupted = false;
        synchronized (this) {
            while (left > 0) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    interrupted = true;
                    fail(new FeluccaException(ErrorCode.CANCELLED, subject, "the work was interrupted", null, e));
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        synchronized (this) {
            if (failure != null) {
                throw failure;
            }
        }
    }

    /** Takes the first failure, and ends what has not ended. */
    private synchronized void fail(FeluccaException e) {
        if (failure == null) {
            failure = e;
        } else if (failure != e && !e.is(ErrorCode.CANCELLED)) {
            failure.addSuppressed(e);
        }
        tasks.forEach(Task::cancel);
    }

    /** One task. Its fields are guarded by the monitor of all. */
    private final class Task implements Runnable {
        private final Runnable work;
        private boolean ended;
        private @Nullable Thread runner;

        Task(Runnable work) {
            this.work = work;
        }

        @Override
        public void run() {
            synchronized (JoinedTasks.this) {
                if (ended) {
                    return;
                }
                runner = Thread.currentThread();
            }
            try {
                work.run();
            } catch (FeluccaException e) {
                fail(e);
            } catch (RuntimeException | Error e) {
                fail(new FeluccaException(ErrorCode.INTERNAL, subject, String.valueOf(e), null, e));
            } finally {
                synchronized (JoinedTasks.this) {
                    runner = null;
                    // The thread goes on with other work; an interrupt that was meant for this ends here.
                    Thread.interrupted();
                    end();
                }
                beginNext();
            }
        }

        private void cancel() {
            if (runner != null) {
                runner.interrupt();
            } else if (!ended) {
                end();
            }
        }

        private void end() {
            if (!ended) {
                ended = true;
                left--;
                JoinedTasks.this.notifyAll();
            }
        }
    }
}
