package org.felucca.core.registry;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.felucca.api.plugin.Provider;
import org.felucca.api.plugin.ProviderInfo;
import org.felucca.api.plugin.Providers;
import org.felucca.api.plugin.Role;

/** The registries of all roles. Thread-safe. */
public final class ProviderRegistry implements Providers {
    private final Map<Role<?>, Registry<?>> registries = new LinkedHashMap<>();

    /**
     * Makes empty registries.
     *
     * @param executor where listeners are called and continuations of providers run
     */
    public ProviderRegistry(Executor executor) {
        add(Role.CONTENT, (store, gate, unused) -> new GuardedContent(store, gate), executor);
        add(Role.SNAPSHOTTER, Guard.plain(), executor);
        add(Role.DIFF, Guard.plain(), executor);
        add(Role.RUNTIME, GuardedRuntime::new, executor);
        add(Role.IMAGE_SOURCE, (source, gate, unused) -> new GuardedSource(source, gate), executor);
        add(Role.CREDENTIALS, Guard.plain(), executor);
        add(Role.VERB, Guard.plain(), executor);
    }

    private <T> void add(Role<T> role, Guard<T> guard, Executor executor) {
        registries.put(role, new Registry<>(role, guard, executor));
    }

    /** Returns the registry of a role. */
    @SuppressWarnings("unchecked") // filled by add() only
    public <T> Registry<T> registry(Role<T> role) {
        Registry<?> registry = registries.get(role);
        if (registry == null) {
            throw new IllegalArgumentException("unknown role " + role.name());
        }
        return (Registry<T>) registry;
    }

    @Override
    public <T> Provider<T> require(Role<T> role, String id) {
        return registry(role).require(id);
    }

    @Override
    public <T> Optional<Provider<T>> find(Role<T> role, String id) {
        return registry(role).find(id);
    }

    @Override
    public <T> List<Provider<T>> live(Role<T> role) {
        return registry(role).live();
    }

    @Override
    public List<ProviderInfo> inventory() {
        List<ProviderInfo> result = new ArrayList<>();
        registries.values().forEach(registry -> result.addAll(registry.inventory()));
        return result;
    }

    @Override
    public <T> AutoCloseable watch(Role<T> role, ProviderListener<T> listener) {
        return registry(role).watch(listener);
    }
}
