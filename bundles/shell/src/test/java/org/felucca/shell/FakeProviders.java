package org.felucca.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.felucca.api.command.Verb;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.plugin.Provider;
import org.felucca.api.plugin.ProviderInfo;
import org.felucca.api.plugin.Providers;
import org.felucca.api.plugin.Role;

/** Providers of verbs only, guarded as the real ones: foreign exceptions become INTERNAL, departed ones UNAVAILABLE. */
public final class FakeProviders implements Providers {
    private final List<FakeProvider> verbs = new ArrayList<>();
    private final List<ProviderListener<Verb>> listeners = new ArrayList<>();

    /** Makes a verb live. */
    public FakeProviders add(Verb verb) {
        FakeProvider provider = new FakeProvider(verb);
        verbs.add(provider);
        listeners.forEach(listener -> listener.arrived(provider));
        return this;
    }

    /** Takes a verb away. */
    public void remove(String id) {
        verbs.stream().filter(provider -> provider.id().equals(id)).forEach(provider -> provider.live = false);
        verbs.removeIf(provider -> provider.id().equals(id));
        listeners.forEach(listener -> listener.departed(id));
    }

    private static final class FakeProvider implements Provider<Verb> {
        private final Verb verb;
        private volatile boolean live = true;

        FakeProvider(Verb verb) {
            this.verb = verb;
        }

        @Override
        public Role<Verb> role() {
            return Role.VERB;
        }

        @Override
        public String id() {
            return verb.spec().id();
        }

        @Override
        public <R> R call(Function<? super Verb, ? extends R> call) {
            if (!live) {
                throw new FeluccaException(ErrorCode.UNAVAILABLE, "cannot use verb " + id(), "it has left");
            }
            try {
                return call.apply(verb);
            } catch (FeluccaException e) {
                throw e;
            } catch (RuntimeException e) {
                throw new FeluccaException(ErrorCode.INTERNAL, "verb " + id() + " failed", e.toString());
            }
        }

        @Override
        public boolean live() {
            return live;
        }
    }

    @Override
    public <T> Provider<T> require(Role<T> role, String id) {
        return find(role, id)
                .orElseThrow(() -> new FeluccaException(
                        ErrorCode.UNAVAILABLE, "cannot use " + role.name() + " " + id, "none is live"));
    }

    @Override
    public <T> Optional<Provider<T>> find(Role<T> role, String id) {
        return live(role).stream().filter(provider -> provider.id().equals(id)).findFirst();
    }

    @Override
    @SuppressWarnings("unchecked") // the one role here is VERB
    public <T> List<Provider<T>> live(Role<T> role) {
        return role.equals(Role.VERB) ? (List<Provider<T>>) (List<?>) List.copyOf(verbs) : List.of();
    }

    @Override
    public List<ProviderInfo> inventory() {
        return List.of();
    }

    @Override
    @SuppressWarnings("unchecked") // the one role here is VERB
    public <T> AutoCloseable watch(Role<T> role, ProviderListener<T> listener) {
        ProviderListener<Verb> typed = (ProviderListener<Verb>) (ProviderListener<?>) listener;
        listeners.add(typed);
        verbs.forEach(typed::arrived);
        return () -> listeners.remove(typed);
    }
}
