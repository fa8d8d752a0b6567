package org.felucca.images;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;

/** A lock for each key in use, so that one layer is unpacked once and different ones in parallel. Thread-safe. */
final class KeyedLocks {
    /** Guarded by itself. */
    private final Map<String, Entry> entries = new HashMap<>();

    private static final class Entry {
        private final ReentrantLock lock = new ReentrantLock();
        private int users;
    }

    /**
     * Runs work while holding the locks of several keys, taken in their order: callers whose keys overlap name those
     * first, and alike. Throws as {@link #holding(String, Runnable)}.
     */
    void holding(List<String> keys, Runnable work) {
        if (keys.isEmpty()) {
            work.run();
        } else {
            holding(keys.get(0), () -> holding(keys.subList(1, keys.size()), work));
        }
    }

    /**
     * Runs work while holding the lock of a key.
     *
     * @throws FeluccaException CANCELLED if the thread is interrupted while it waits for the lock; what the work throws
     */
    void holding(String key, Runnable work) {
        Entry entry;
        synchronized (entries) {
            entry = entries.computeIfAbsent(key, absent -> new Entry());
            entry.users++;
        }
        try {
            entry.lock.lockInterruptibly();
            try {
                work.run();
            } finally {
                entry.lock.unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FeluccaException(
                    ErrorCode.CANCELLED, "cannot wait for " + key, "the work was interrupted", null, e);
        } finally {
            forget(key, entry);
        }
    }

    private void forget(String key, Entry entry) {
        synchronized (entries) {
            entry.users--;
            if (entry.users == 0) {
                entries.remove(key);
            }
        }
    }
}
