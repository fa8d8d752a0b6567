package org.felucca.api.plugin;

import java.util.List;
import java.util.Optional;
import org.felucca.api.error.FeluccaException;
import org.osgi.annotation.versioning.ProviderType;

/** The registries of all roles: who is live, who conflicts, who comes and goes. Core implements it. Thread-safe. */
@ProviderType
public interface Providers {
    /**
     * Returns the provider with this identity.
     *
     * @throws FeluccaException UNAVAILABLE if none is live; the message lists the ids that are
     */
    <T> Provider<T> require(Role<T> role, String id);

    /** Returns the provider with this identity, if it is live. */
    <T> Optional<Provider<T>> find(Role<T> role, String id);

    /** Returns the live providers of a role, highest service ranking first, then oldest first. */
    <T> List<Provider<T>> live(Role<T> role);

    /** Returns everything known about the providers of every role, conflicts and departed ones included. */
    List<ProviderInfo> inventory();

    /**
     * Calls back at every arrival and departure, on core's executor, until the result is closed. The providers that
     * are live at the call are reported first.
     */
    <T> AutoCloseable watch(Role<T> role, ProviderListener<T> listener);

    /** Hears of arrivals and departures of a role's providers. */
    interface ProviderListener<T> {
        /** A provider is live. */
        void arrived(Provider<T> provider);

        /** A provider's identity is no longer live. */
        void departed(String id);
    }
}
