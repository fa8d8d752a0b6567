package org.felucca.api.image;

import org.felucca.api.error.FeluccaException;
import org.felucca.api.image.CredentialProvider.Credentials;
import org.osgi.annotation.versioning.ProviderType;

/** Keeps credentials of registries, where pulls and pushes find them. Thread-safe; calls block. */
@ProviderType
public interface RegistryLogins {
    /**
     * Tries credentials and keeps them; what was kept for that registry is replaced. Survives a crash of the host when
     * it returns.
     *
     * @param registry {@code host} or {@code host:port}
     * @return where they are kept, in words for people
     * @throws FeluccaException UNAUTHENTICATED or PERMISSION_DENIED if the registry refuses them, UNAVAILABLE if it
     *     cannot be reached (nothing is kept then); INVALID_ARGUMENT if the registry's name is malformed;
     *     FAILED_PRECONDITION if the store of credentials cannot be read or written
     */
    String login(String registry, Credentials credentials);

    /**
     * Forgets the credentials of a registry.
     *
     * @throws FeluccaException NOT_FOUND if none are kept; otherwise as {@link #login}
     */
    void logout(String registry);
}
