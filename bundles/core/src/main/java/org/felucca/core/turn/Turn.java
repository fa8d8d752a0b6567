package org.felucca.core.turn;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;

/**
 * The right to work on something, held by one at a time, given in the order of asking. It belongs to no thread: what
 * one began, a continuation may finish. Thread-safe.
 */
public final class Turn {
    private final ArrayDeque<CompletableFuture<Void>> waiting = new ArrayDeque<>();
    private List<Runnable> deferred = List.of();
    private boolean taken;

    /**
     * Waits for the turn, works, and ends it.
     *
     * @param subject what the caller is about to do, for the message
     * @throws FeluccaException CANCELLED on interrupt while waiting, the flag is restored; what the work throws
     */
    public <R> R hold(String subject, Supplier<R> work) {
        CompletableFuture<Void> mine = ask();
        try {
            mine.get();
        } catch (InterruptedException e) {
            withdraw(mine);
            Thread.currentThread().interrupt();
            throw new FeluccaException(ErrorCode.CANCELLED, subject, "the caller gave up", null, e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a turn never fails", e);
        }
        try {
            return work.get();
        } finally {
            release();
        }
    }

    /** As {@link #hold(String, Supplier)} for work without a result. */
    public void hold(String subject, Runnable work) {
        hold(subject, () -> {
            work.run();
            return Boolean.TRUE;
        });
    }

    /** Runs work when the turn comes: at once on this thread if it is free, else later on the executor. */
    public void whenFree(Executor executor, Runnable work) {
        CompletableFuture<Void> mine = ask();
        if (mine.isDone()) {
            run(work);
        } else {
            mine.thenRunAsync(() -> run(work), executor);
        }
    }

    /**
     * Has something done after the turn, on the thread that ends it: what others wait for is told them when they can
     * take the turn themselves. To be called by who holds it.
     */
    public synchronized void afterwards(Runnable work) {
        if (deferred.isEmpty()) {
            deferred = new ArrayList<>(1);
        }
        deferred.add(work);
    }

    private void run(Runnable work) {
        try {
            work.run();
        } finally {
            release();
        }
    }

    private synchronized CompletableFuture<Void> ask() {
        if (!taken) {
            taken = true;
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Void> mine = new CompletableFuture<>();
        waiting.add(mine);
        return mine;
    }

    private void withdraw(CompletableFuture<Void> mine) {
        boolean gone;
        synchronized (this) {
            gone = waiting.remove(mine);
        }
        if (!gone) {
            release();
        }
    }

    private void release() {
        CompletableFuture<Void> next;
        List<Runnable> then;
        synchronized (this) {
            then = deferred;
            deferred = List.of();
            next = waiting.poll();
            taken = next != null;
        }
        if (next != null) {
            next.complete(null);
        }
        then.forEach(Runnable::run);
    }
}
