package org.felucca.registry;

import java.time.Duration;

/**
 * How patient the client is.
 *
 * @param attempts tries of one request, or of one piece of a download without any progress
 * @param patience longest wait between two tries, also one that a registry asks for
 * @param connectTimeout longest wait for a connection
 * @param stallTimeout longest wait for the head of an answer, and between two pieces of its body
 */
record RegistrySettings(int attempts, Duration patience, Duration connectTimeout, Duration stallTimeout) {
    RegistrySettings {
        if (attempts < 1 || patience.isNegative() || !positive(connectTimeout) || !positive(stallTimeout)) {
            throw new IllegalArgumentException("attempts and timeouts must be positive: " + attempts + ", " + patience
                    + ", " + connectTimeout + ", " + stallTimeout);
        }
    }

    private static boolean positive(Duration duration) {
        return !duration.isZero() && !duration.isNegative();
    }
}
