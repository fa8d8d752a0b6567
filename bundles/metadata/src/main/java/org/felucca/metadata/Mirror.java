package org.felucca.metadata;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.metadata.Durability;
import org.felucca.api.metadata.MetadataRecord;
import org.felucca.api.metadata.RecordId;
import org.felucca.api.metadata.RecordKind;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the copies of records on disk up with the database, on a thread of its own: what has changed for some time is
 * written, what came and went in between never. So starting a container waits for no file of its own, and one that
 * lives for a moment makes none. An image's records are waited for: its content took longer to fetch than they take.
 *
 * <p>A flush first counts itself in the database, and waits until that is on the disk; then it writes the copies, and
 * the same number beside them. A database that knows fewer flushes than its copies has lost what it once had.
 *
 * <p>Thread-safe; all fields are guarded by {@code lock}, which is not held while files are written.
 */
final class Mirror implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Mirror.class);

    /** How long a change nobody waits for may be without its copy. */
    private static final Duration LAZY = Duration.ofSeconds(2);
    /** How long one that must survive a crash of the host may. */
    private static final Duration SOON = Duration.ofMillis(250);

    private static final Duration AFTER_FAILURE = Duration.ofSeconds(10);

    /** Counts a flush in the database, durably. */
    @FunctionalInterface
    interface Counter {
        void count(long flush);
    }

    /** Finds what the copies lack, as of the opening. */
    @FunctionalInterface
    interface Lag {
        Map<RecordId, Optional<MetadataRecord>> find() throws IOException;
    }

    private final Sidecars files;
    private final Counter counter;
    private final Lag lag;
    private final Thread thread = new Thread(this::loop, "felucca-metadata-copies");
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final Condition done = lock.newCondition();
    /** Changes without a copy, the oldest first. */
    private final Map<RecordId, Pending> pending = new LinkedHashMap<>();

    private final int schema;
    private long flush;
    private long changes;
    private long attempted;
    private boolean failing;
    private boolean compared;
    private boolean closed;
    private boolean ended;

    /** A change, and when it is to be copied at the latest, of {@link System#nanoTime}. */
    private record Pending(Optional<MetadataRecord> record, long due) {}

    /**
     * Starts the thread.
     *
     * @param flush the number of the last flush
     * @param lag called once, on the thread, before anything is written
     */
    Mirror(Sidecars files, Counter counter, int schema, long flush, Lag lag) {
        this.files = files;
        this.counter = counter;
        this.schema = schema;
        this.flush = flush;
        this.lag = lag;
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * A transaction was committed; called in commit order.
     *
     * @return what to hand to {@link #await}, or 0 if nobody needs to wait
     */
    long changed(Durability durability, Collection<Map.Entry<RecordId, Optional<MetadataRecord>>> results) {
        lock.lock();
        try {
            boolean wait = false;
            long now = System.nanoTime();
            long due = now + (durability == Durability.FULL ? SOON : LAZY).toNanos();
            for (Map.Entry<RecordId, Optional<MetadataRecord>> result : results) {
                RecordId id = result.getKey();
                if (Sidecars.covers(id.kind())) {
                    wait |= id.kind() == RecordKind.IMAGE && durability == Durability.FULL;
                    Pending before = pending.get(id);
                    long at = before != null && before.due() - due < 0 ? before.due() : due;
                    pending.put(id, new Pending(result.getValue(), at));
                }
            }
            if (durability == Durability.FULL) {
                // What came before may be what these refer to.
                long at = wait ? now : due;
                pending.replaceAll((id, change) -> change.due() - at <= 0 ? change : new Pending(change.record(), at));
            }
            changes++;
            work.signal();
            return wait && !failing ? changes : 0;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until copies were written, or could not be, which is logged. Not interruptible: a flush ends. */
    void await(long change) {
        lock.lock();
        try {
            while (attempted < change && !ended) {
                done.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Writes everything that waits, now. */
    void flush() {
        long until;
        lock.lock();
        try {
            long now = System.nanoTime();
            pending.replaceAll((id, change) -> new Pending(change.record(), now));
            changes++;
            until = changes;
            work.signal();
        } finally {
            lock.unlock();
        }
        await(until);
    }

    private void loop() {
        lock.lock();
        try {
            failing = !caughtUp();
            while (!(closed && (pending.isEmpty() || failing))) {
                long wait = untilDue();
                if (wait > 0 && !closed) {
                    attempted = wait == Long.MAX_VALUE ? changes : attempted;
                    done.signalAll();
                    work.awaitNanos(wait);
                } else {
                    flushOnce();
                }
            }
            if (!failing && compared) {
                write(List.of(), true);
            }
        } catch (InterruptedException e) {
            LOG.error("the copies of records are no longer kept: their thread was interrupted");
        } finally {
            ended = true;
            done.signalAll();
            lock.unlock();
        }
    }

    /** From now on the files may lag behind; what they lack already comes first. */
    private boolean caughtUp() {
        @Nullable Map<RecordId, Optional<MetadataRecord>> lacking = null;
        lock.unlock();
        try {
            lacking = lag.find();
        } catch (IOException | FeluccaException e) {
            LOG.warn("the copies of records were not compared with the database: {}", e.getMessage());
        } finally {
            lock.lock();
        }
        if (lacking == null) {
            return write(List.of(), false);
        }
        compared = true;
        long now = System.nanoTime();
        lacking.forEach((id, record) -> pending.putIfAbsent(id, new Pending(record, now)));
        return write(List.of(), false);
    }

    private long untilDue() {
        long now = System.nanoTime();
        long wait = Long.MAX_VALUE;
        for (Pending change : pending.values()) {
            wait = Math.min(wait, Math.max(0, change.due() - now));
        }
        return wait;
    }

    /** Takes what is due, or all of it if one must be waited for anyway. */
    private void flushOnce() throws InterruptedException {
        long until = changes;
        long now = System.nanoTime();
        List<Map.Entry<RecordId, Pending>> batch = new ArrayList<>();
        for (Map.Entry<RecordId, Pending> change : pending.entrySet()) {
            if (closed || change.getValue().due() - now <= 0) {
                batch.add(Map.entry(change.getKey(), change.getValue()));
            }
        }
        boolean written = write(batch, false);
        if (written) {
            batch.forEach(change -> pending.remove(change.getKey(), change.getValue()));
            if (failing) {
                LOG.info("the copies of records are written again");
            }
        }
        failing = !written;
        attempted = until;
        done.signalAll();
        long left = failing ? AFTER_FAILURE.toNanos() : 0;
        while (left > 0 && !closed) {
            left = work.awaitNanos(left);
        }
    }

    /** One flush, with the lock let go of; returns whether it succeeded. */
    private boolean write(List<Map.Entry<RecordId, Pending>> batch, boolean complete) {
        long number = batch.isEmpty() ? flush : flush + 1;
        @Nullable String failure = null;
        lock.unlock();
        try {
            files.create();
            if (!batch.isEmpty()) {
                counter.count(number);
            }
            for (Map.Entry<RecordId, Pending> change : batch) {
                Optional<MetadataRecord> record = change.getValue().record();
                if (record.isPresent()) {
                    files.write(record.get());
                } else {
                    files.remove(change.getKey());
                }
            }
            files.syncNames();
            files.state(new Sidecars.State(number, schema, complete));
        } catch (IOException | FeluccaException e) {
            failure = String.valueOf(e.getMessage());
        } finally {
            lock.lock();
        }
        if (failure == null) {
            flush = number;
            return true;
        }
        if (!failing) {
            LOG.warn("the copies of records lag behind: {}; they are tried again", failure);
        }
        return false;
    }

    /** Writes what is left and ends the thread. */
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
}
