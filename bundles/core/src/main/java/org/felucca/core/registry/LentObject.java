package org.felucca.core.registry;

import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An object of a provider that is out, behind the gate. Thread-safe.
 *
 * @param <T> the object's contract
 */
abstract class LentObject<T> implements Gate.Lent {
    private final Gate gate;
    private final boolean drained;
    private volatile @Nullable T raw;

    /** Lends an object; see {@link Gate#lend}. */
    LentObject(T raw, Gate gate, boolean drained) {
        this.gate = gate;
        this.drained = drained;
        this.raw = raw;
    }

    /** To be called once, when the subclass is complete. */
    final void lend() {
        gate.lend(this, drained);
    }

    final Gate gate() {
        return gate;
    }

    final <R> R ask(Function<T, R> call) {
        return gate.within(() -> {
            T current = raw;
            if (current == null) {
                throw Gate.unavailable(gate.provider());
            }
            return call.apply(current);
        });
    }

    final void tell(Consumer<T> call) {
        this.<Boolean>ask(object -> {
            call.accept(object);
            return Boolean.TRUE;
        });
    }

    /** Gives the object back; later calls still reach it, but nobody waits for it any more. */
    final void giveBack() {
        gate.giveBack(this, drained);
    }

    @Override
    public void cut() {
        raw = null;
    }
}
