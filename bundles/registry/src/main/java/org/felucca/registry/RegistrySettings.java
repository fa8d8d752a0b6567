package org.felucca.registry;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.felucca.registry.proxy.Proxies;

/**
 * How the client behaves.
 *
 * @param attempts tries of one request, or of one piece of a download without any progress
 * @param patience longest wait between two tries, also one that a registry asks for
 * @param connectTimeout longest wait for a connection
 * @param stallTimeout longest wait for the head of an answer, and between two pieces of its body
 * @param connections most requests to one host at a time that send nothing, until their answer is read
 * @param hosts directories with configuration per host
 * @param proxies through whom
 */
record RegistrySettings(
        int attempts,
        Duration patience,
        Duration connectTimeout,
        Duration stallTimeout,
        int connections,
        List<Path> hosts,
        Proxies proxies) {
    RegistrySettings {
        if (attempts < 1
                || connections < 1
                || patience.isNegative()
                || !positive(connectTimeout)
                || !positive(stallTimeout)) {
            throw new IllegalArgumentException("attempts, connections and timeouts must be positive: " + attempts + ", "
                    + connections + ", " + patience + ", " + connectTimeout + ", " + stallTimeout);
        }
        hosts = List.copyOf(hosts);
    }

    private static boolean positive(Duration duration) {
        return !duration.isZero() && !duration.isNegative();
    }
}
