package org.felucca.core.lease;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.metadata.RecordId;

/**
 * Record ids that must not be collected now, and the one that is being collected. Who pins an id that is being removed
 * waits for that removal, so that a look after the pin sees the truth. What was pinned at any time since a collection
 * began is left to the next one: a record that refers to it may have come after the mark. Thread-safe.
 */
public final class Pins {
    private final Map<RecordId, Integer> pinned = new HashMap<>();
    private final Set<RecordId> collecting = new HashSet<>();
    private final Set<RecordId> since = new HashSet<>();
    private boolean under;

    /**
     * Pins an id; counted.
     *
     * @throws FeluccaException CANCELLED on interrupt
     */
    public synchronized void pin(RecordId id) {
        while (collecting.contains(id)) {
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new FeluccaException(ErrorCode.CANCELLED, "cannot protect " + id, "the caller gave up", null, e);
            }
        }
        pinned.merge(id, 1, Integer::sum);
        if (under) {
            since.add(id);
        }
    }

    /** Takes one pin of an id back. */
    public synchronized void unpin(RecordId id) {
        pinned.computeIfPresent(id, (key, count) -> count == 1 ? null : count - 1);
    }

    /**
     * Runs a removal unless the id is pinned.
     *
     * @return {@code false} if it is pinned, or was since {@link #begin()}
     */
    public boolean collect(RecordId id, Runnable removal) {
        synchronized (this) {
            if (pinned.containsKey(id) || since.contains(id)) {
                return false;
            }
            collecting.add(id);
        }
        try {
            removal.run();
        } finally {
            synchronized (this) {
                collecting.remove(id);
                notifyAll();
            }
        }
        return true;
    }

    /** Returns a copy of what is pinned. */
    public synchronized Set<RecordId> held() {
        return new HashSet<>(pinned.keySet());
    }

    /** Begins a collection; returns a copy of what is pinned. */
    public synchronized Set<RecordId> begin() {
        under = true;
        since.clear();
        return new HashSet<>(pinned.keySet());
    }

    /** Ends a collection. */
    public synchronized void end() {
        under = false;
        since.clear();
    }
}
