package org.felucca.api.plugin;

import java.util.function.Consumer;
import java.util.function.Function;
import org.felucca.api.error.FeluccaException;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A live provider of a role, behind the guard that lets it leave.
 *
 * <p>Calls are counted in; when the provider's bundle goes, intake closes, calls under way may finish within a grace,
 * and everything later fails with UNAVAILABLE. An exception of the provider other than {@link FeluccaException} is
 * turned into INTERNAL with its text, so that it pins no class loader. Thread-safe. Holding a {@code Provider} holds
 * nothing alive: it may be kept and called again, also after the same id has come back.
 *
 * @param <T> the role's contract
 */
@ProviderType
public interface Provider<T> {
    /** Returns the role it fills. */
    Role<T> role();

    /** Returns its id within the role. */
    String id();

    /**
     * Calls the provider.
     *
     * @throws FeluccaException UNAVAILABLE if no provider with this identity is live, or what the call throws
     */
    <R> R call(Function<? super T, ? extends R> call);

    /** Calls the provider for effect; as {@link #call}. */
    default void use(Consumer<? super T> call) {
        this.<Boolean>call(contract -> {
            call.accept(contract);
            return Boolean.TRUE;
        });
    }

    /** Returns {@code true} while a provider with this identity is live. */
    boolean live();
}
