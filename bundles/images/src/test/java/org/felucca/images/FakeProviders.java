package org.felucca.images;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.plugin.Provider;
import org.felucca.api.plugin.ProviderInfo;
import org.felucca.api.plugin.Providers;
import org.felucca.api.plugin.Role;

/** Providers that were put in by hand and never leave. */
final class FakeProviders implements Providers {
    private final List<Entry<?>> entries = new ArrayList<>();

    private record Entry<T>(Role<T> role, String id, T contract) implements Provider<T> {
        @Override
        public <R> R call(Function<? super T, ? extends R> call) {
            return call.apply(contract);
        }

        @Override
        public boolean live() {
            return true;
        }
    }

    <T> FakeProviders with(Role<T> role, String id, T contract) {
        entries.add(new Entry<>(role, id, contract));
        return this;
    }

    @Override
    public <T> Provider<T> require(Role<T> role, String id) {
        return find(role, id)
                .orElseThrow(() -> new FeluccaException(
                        ErrorCode.UNAVAILABLE, "cannot use " + role.name() + " " + id, "it is not live"));
    }

    @Override
    public <T> Optional<Provider<T>> find(Role<T> role, String id) {
        return live(role).stream().filter(provider -> provider.id().equals(id)).findFirst();
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> List<Provider<T>> live(Role<T> role) {
        List<Provider<T>> found = new ArrayList<>();
        for (Entry<?> entry : entries) {
            if (entry.role().equals(role)) {
                found.add((Provider<T>) entry);
            }
        }
        return found;
    }

    @Override
    public List<ProviderInfo> inventory() {
        return List.of();
    }

    @Override
    public <T> AutoCloseable watch(Role<T> role, ProviderListener<T> listener) {
        live(role).forEach(listener::arrived);
        return () -> {};
    }
}
