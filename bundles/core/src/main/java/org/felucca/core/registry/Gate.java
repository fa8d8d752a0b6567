package org.felucca.core.registry;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;

/**
 * The way in to one live provider. While it is open everybody may call; while it drains only objects that are out may
 * be used; once it is closed nothing may, and threads that are still inside have been interrupted. Thread-safe; the
 * lock is held for bookkeeping only.
 */
public final class Gate {
    private enum Phase {
        OPEN,
        DRAINING,
        CLOSED
    }

    /** An object of the provider that is out. */
    interface Lent {
        /** Lets go of the provider's object; everything later throws UNAVAILABLE. Called once, without locks. */
        void cut();
    }

    /** A thread inside the provider. */
    private static final class Call {
        private final Thread thread = Thread.currentThread();
        private boolean cut;
    }

    private static final Duration AFTER_INTERRUPT = Duration.ofSeconds(1);

    private final String provider;
    private final Set<Call> calls = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<Lent> lent = Collections.newSetFromMap(new IdentityHashMap<>());
    private int awaited;
    private Phase phase = Phase.OPEN;

    /**
     * Opens a gate.
     *
     * @param provider role and id, for messages: {@code runtime=linux}
     */
    Gate(String provider) {
        this.provider = provider;
    }

    String provider() {
        return provider;
    }

    /** Runs a new request against the provider; refused unless the gate is open. */
    <R> R intake(Supplier<R> work) {
        return run(work, Phase.OPEN);
    }

    /** Runs an operation on an object that is out; refused once the gate is closed. */
    <R> R within(Supplier<R> work) {
        return run(work, Phase.DRAINING);
    }

    private <R> R run(Supplier<R> work, Phase last) {
        Call call = enter(last);
        R result;
        try {
            result = work.get();
        } catch (Throwable thrown) {
            throw leave(call) ? unavailable(provider) : Foreign.translate(thrown, provider);
        }
        leave(call);
        return result;
    }

    private synchronized Call enter(Phase last) {
        if (phase.compareTo(last) > 0) {
            throw unavailable(provider);
        }
        Call call = new Call();
        calls.add(call);
        return call;
    }

    /** Returns {@code true} if the call was cut off; the interrupt that did so is taken back. */
    private synchronized boolean leave(Call call) {
        calls.remove(call);
        if (call.cut) {
            Thread.interrupted();
        }
        notifyAll();
        return call.cut;
    }

    /**
     * Registers an object that gets out.
     *
     * @param drained whether a departure waits for it: true for readers and writers, false for what lives long
     */
    void lend(Lent object, boolean drained) {
        synchronized (this) {
            if (phase != Phase.CLOSED) {
                lent.add(object);
                awaited += drained ? 1 : 0;
                return;
            }
        }
        object.cut();
        throw unavailable(provider);
    }

    /** Takes an object back. */
    synchronized void giveBack(Lent object, boolean drained) {
        if (lent.remove(object) && drained) {
            awaited--;
            notifyAll();
        }
    }

    /** Closes intake; what is under way goes on. */
    synchronized void drain() {
        if (phase == Phase.OPEN) {
            phase = Phase.DRAINING;
        }
    }

    synchronized boolean draining() {
        return phase != Phase.OPEN;
    }

    /**
     * Closes: waits for calls under way and for readers and writers, at most for the grace, then interrupts what is
     * still inside and cuts off every object. Calls of the current thread are not waited for. An interrupt shortens the
     * grace.
     */
    void close(Duration grace) {
        List<Lent> cut;
        synchronized (this) {
            if (phase == Phase.CLOSED) {
                return;
            }
            phase = Phase.DRAINING;
            boolean interrupted = await(grace, true);
            phase = Phase.CLOSED;
            for (Call call : calls) {
                if (call.thread != Thread.currentThread()) {
                    call.cut = true;
                    call.thread.interrupt();
                }
            }
            cut = new ArrayList<>(lent);
            lent.clear();
            awaited = 0;
            interrupted |= await(AFTER_INTERRUPT, false);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        cut.forEach(Lent::cut);
    }

    private synchronized boolean await(Duration atMost, boolean objects) {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (callsOfOthers() || (objects && awaited > 0)) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            try {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            } catch (InterruptedException e) {
                return true;
            }
        }
        return false;
    }

    private boolean callsOfOthers() {
        for (Call call : calls) {
            if (call.thread != Thread.currentThread()) {
                return true;
            }
        }
        return false;
    }

    static FeluccaException unavailable(String provider) {
        return new FeluccaException(
                ErrorCode.UNAVAILABLE,
                "cannot use " + provider,
                "this provider is not live",
                "wait until its bundle is back or choose another one");
    }
}
