package org.felucca.registry.tls;

import java.nio.file.Path;
import java.util.List;

/**
 * The files that say whom to trust and what to present.
 *
 * @param authorities PEM files of certificates to trust beside those that the machine trusts
 * @param clients what to present when a server asks
 * @param skipVerify whether any certificate will do
 */
public record TlsFiles(List<Path> authorities, List<Pair> clients, boolean skipVerify) {
    /** Nothing special. */
    public static final TlsFiles NONE = new TlsFiles(List.of(), List.of(), false);

    /**
     * A client certificate and its key.
     *
     * @param certificate PEM file of the certificate, its chain after it
     * @param key PEM file of the key; may be the same
     */
    public record Pair(Path certificate, Path key) {}

    /** Copies. */
    public TlsFiles {
        authorities = List.copyOf(authorities);
        clients = List.copyOf(clients);
    }

    /** Returns {@code true} if there is nothing special. */
    public boolean isNone() {
        return equals(NONE);
    }
}
