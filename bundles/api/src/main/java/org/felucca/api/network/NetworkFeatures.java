package org.felucca.api.network;

import java.util.Set;

/**
 * What a provider can do. Immutable.
 *
 * @param sandboxes kinds of sandboxes it attaches
 * @param capabilities what it can do beyond the core of the contract
 */
public record NetworkFeatures(Set<NetworkSandbox.Kind> sandboxes, Set<NetworkCapability> capabilities) {
    /** Copies. */
    public NetworkFeatures {
        sandboxes = Set.copyOf(sandboxes);
        capabilities = Set.copyOf(capabilities);
    }
}
