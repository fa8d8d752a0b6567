package org.felucca.core.lifecycle;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;

/**
 * Work in steps of which all or none count: each that succeeds leaves its undo, a failure or an interrupt runs the
 * undos in reverse. Confined to one thread.
 */
final class Steps {
    private final String subject;
    private final Deque<Runnable> undos = new ArrayDeque<>();

    /**
     * Begins.
     *
     * @param subject what is being done, for the message of a cancellation
     */
    Steps(String subject) {
        this.subject = subject;
    }

    /** Runs all steps; on failure undoes those that were done and throws on. */
    <R> R run(Supplier<R> steps) {
        try {
            R result = steps.get();
            undos.clear();
            return result;
        } catch (RuntimeException | Error failure) {
            undo(failure);
            throw failure;
        }
    }

    /**
     * Runs a step, unless the caller gave up meanwhile.
     *
     * @param undo takes the step's result back; runs only if the step succeeded and a later one does not
     */
    <R> R step(Supplier<R> step, Consumer<? super R> undo) {
        if (Thread.currentThread().isInterrupted()) {
            throw new FeluccaException(ErrorCode.CANCELLED, subject, "the caller gave up");
        }
        R result = step.get();
        undos.push(() -> undo.accept(result));
        return result;
    }

    /** As {@link #step(Supplier, Consumer)} for a step without a result. */
    void step(Runnable step, Runnable undo) {
        step(
                () -> {
                    step.run();
                    return Boolean.TRUE;
                },
                done -> undo.run());
    }

    /** As {@link #step(Supplier, Consumer)} for a step that leaves nothing to undo. */
    <R> R step(Supplier<R> step) {
        return step(step, result -> {});
    }

    /** As {@link #step(Supplier)} for a step without a result. */
    void step(Runnable step) {
        step(step, () -> {});
    }

    /** Undoes without the interrupt that may have been the reason: it would cut the undo short as well. */
    private void undo(Throwable failure) {
        boolean interrupted = Thread.interrupted();
        while (!undos.isEmpty()) {
            try {
                undos.pop().run();
            } catch (RuntimeException e) {
                failure.addSuppressed(e);
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
