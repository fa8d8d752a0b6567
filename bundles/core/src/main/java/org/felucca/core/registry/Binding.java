package org.felucca.core.registry;

/**
 * A provider's service while it is registered.
 *
 * @param <T> the contract
 * @param service the raw service; only the registry compares it
 * @param view the guarded contract
 * @param gate the way in
 * @param origin where it comes from
 * @param sequence grows with each registration
 */
record Binding<T>(T service, T view, Gate gate, Origin origin, long sequence) {
    /** By ranking, highest first, then oldest first. */
    boolean before(Binding<T> other) {
        return origin.ranking() != other.origin.ranking()
                ? origin.ranking() > other.origin.ranking()
                : sequence < other.sequence;
    }
}
