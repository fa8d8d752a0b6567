package org.felucca.api.image;

import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/** Knows passwords of registries. Thread-safe; carries a {@link org.felucca.api.plugin.PluginId}. */
@ConsumerType
public interface CredentialProvider {
    /** Returns what to present to a registry ({@code host} or {@code host:port}), if this provider knows it. */
    Optional<Credentials> credentials(String registry);

    /**
     * A user and a secret; the secret does not show in {@link #toString()}.
     *
     * @param user the user name; empty if the secret is an identity token
     * @param secret the password or token
     */
    record Credentials(String user, String secret) {
        @Override
        public String toString() {
            return "Credentials[user=" + user + "]";
        }
    }
}
