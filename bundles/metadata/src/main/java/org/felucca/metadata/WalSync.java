package org.felucca.metadata;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes commits durable: one thread that syncs the write-ahead log. Commits are counted under the store's writer lock;
 * one sync covers every commit that was counted when it began, so callers that arrive while one is running share the
 * next one. Commits nobody waits for are synced after a delay.
 *
 * <p>A sync that failed once is never tried again: the kernel has marked the pages clean, and a second one would
 * succeed without having written them. Everyone who waits from then on is told.
 *
 * <p>Thread-safe; all fields are guarded by {@code lock}, which is not held during a sync.
 */
final class WalSync implements AutoCloseable {
    /** The system call. Called by one thread at a time, never by one that can be interrupted. */
    @FunctionalInterface
    interface Sync {
        void run() throws IOException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(WalSync.class);

    private final Path file;
    private final Sync sync;
    private final long lazyNanos;
    private final Thread thread = new Thread(this::loop, "felucca-metadata-sync");
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final Condition done = lock.newCondition();
    private long committed;
    private long synced;
    private long wanted;
    private long dirtySince;
    private boolean closed;
    private boolean ended;
    private @Nullable IOException failure;

    /**
     * Starts the thread.
     *
     * @param file the database, for messages
     * @param lazy how long a commit nobody waits for may stay unsynced
     */
    WalSync(Path file, Sync sync, Duration lazy) {
        this.file = file;
        this.sync = sync;
        this.lazyNanos = lazy.toNanos();
        thread.setDaemon(true);
        thread.start();
    }

    /** Counts a commit; called in commit order. Returns its number. */
    long committed() {
        lock.lock();
        try {
            committed++;
            if (committed == synced + 1) {
                dirtySince = System.nanoTime();
                work.signal();
            }
            return committed;
        } finally {
            lock.unlock();
        }
    }

    /** Returns the number of the last commit. */
    long last() {
        lock.lock();
        try {
            return committed;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until a commit is on the disk. Not interruptible: the commit cannot be taken back, and a sync ends.
     *
     * @throws FeluccaException INTERNAL if it cannot be told that it is
     */
    void await(long commit) {
        lock.lock();
        try {
            if (wanted < commit) {
                wanted = commit;
                work.signal();
            }
            while (synced < commit && failure == null && !ended) {
                done.awaitUninterruptibly();
            }
            if (synced < commit) {
                throw new FeluccaException(
                        ErrorCode.INTERNAL,
                        "cannot make a change durable in " + file,
                        failure == null ? "the store was closed" : "the sync failed: " + failure.getMessage(),
                        "look for disk errors in the kernel log, then restart the daemon",
                        failure);
            }
        } finally {
            lock.unlock();
        }
    }

    private void loop() {
        lock.lock();
        try {
            while (failure == null && !(closed && synced == committed)) {
                if (mustSync()) {
                    syncOnce();
                } else if (synced < committed) {
                    work.awaitNanos(dirtySince + lazyNanos - System.nanoTime());
                } else {
                    work.await();
                }
            }
        } catch (InterruptedException e) {
            // Nobody outside knows this thread; whoever interrupts it wants it to end.
            failure = new IOException("the sync thread was interrupted", e);
        } finally {
            ended = true;
            done.signalAll();
            lock.unlock();
        }
    }

    private boolean mustSync() {
        return synced < committed && (closed || synced < wanted || System.nanoTime() - dirtySince >= lazyNanos);
    }

    private void syncOnce() {
        long target = committed;
        IOException thrown = null;
        lock.unlock();
        try {
            sync.run();
        } catch (IOException e) {
            thrown = e;
            LOG.error("cannot sync {}: {}; changes are no longer safe from a crash of the host", file, e.getMessage());
        } finally {
            lock.lock();
        }
        if (thrown == null) {
            synced = target;
            dirtySince = System.nanoTime();
        } else {
            failure = thrown;
        }
        done.signalAll();
    }

    /** Syncs what is left and ends the thread. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            work.signal();
        } finally {
            lock.unlock();
        }
        Threads.join(thread);
    }

    /** Returns {@code true} if somebody waits for a sync. */
    boolean hasWaiters() {
        lock.lock();
        try {
            return lock.hasWaiters(done);
        } finally {
            lock.unlock();
        }
    }
}
