package org.felucca.images;

import java.util.HashMap;
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

    /** A lock that is held. */
    interface Held extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Waits for the lock of a key.
     *
     * @throws FeluccaException CANCELLED on interrupt
     */
    Held lock(String key) {
        Entry entry;
        synchronized (entries) {
            entry = entries.computeIfAbsent(key, absent -> new Entry());
            entry.users++;
        }
        try {
            entry.lock.lockInterruptibly();
        } catch (InterruptedException e) {
            forget(key, entry);
            Thread.currentThread().interrupt();
            throw new FeluccaException(
                    ErrorCode.CANCELLED, "cannot wait for " + key, "the work was interrupted", null, e);
        }
        return () -> {
            entry.lock.unlock();
            forget(key, entry);
        };
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
