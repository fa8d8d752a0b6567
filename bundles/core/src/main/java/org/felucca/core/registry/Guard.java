package org.felucca.core.registry;

import java.util.concurrent.Executor;

/**
 * Makes the guarded view of a contract: every object that gets out of it is wrapped.
 *
 * @param <T> the contract
 */
@FunctionalInterface
public interface Guard<T> {
    /**
     * Returns the view.
     *
     * @param service the raw service
     * @param gate the way in, which counts objects out
     * @param executor where continuations of the provider's futures run
     */
    T guard(T service, Gate gate, Executor executor);

    /** The guard of a contract none of whose methods returns an object that lives on. */
    static <T> Guard<T> plain() {
        return (service, gate, executor) -> service;
    }
}
