package org.felucca.core.registry;

import java.util.function.Function;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.plugin.Provider;
import org.felucca.api.plugin.Role;
import org.jspecify.annotations.Nullable;

/** An identity within a role, filled or not. Thread-safe; kept for ever, so it holds nothing of a departed provider. */
final class ProviderHandle<T> implements Provider<T> {
    private final Role<T> role;
    private final String id;
    private volatile @Nullable Binding<T> binding;

    ProviderHandle(Role<T> role, String id) {
        this.role = role;
        this.id = id;
    }

    /** Fills or empties the identity; the registry serialises calls. */
    void fill(@Nullable Binding<T> newBinding) {
        binding = newBinding;
    }

    @Nullable
    Binding<T> binding() {
        return binding;
    }

    @Override
    public Role<T> role() {
        return role;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public <R> R call(Function<? super T, ? extends R> call) {
        Binding<T> current = binding;
        if (current == null) {
            throw new FeluccaException(
                    ErrorCode.UNAVAILABLE,
                    "cannot use " + this,
                    "no such provider is live",
                    "wait until its bundle is back or choose another one");
        }
        return current.gate().intake(() -> call.apply(current.view()));
    }

    @Override
    public boolean live() {
        Binding<T> current = binding;
        return current != null && !current.gate().draining();
    }

    @Override
    public String toString() {
        return role.name() + "=" + id;
    }
}
