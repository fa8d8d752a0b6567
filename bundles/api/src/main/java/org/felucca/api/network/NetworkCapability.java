package org.felucca.api.network;

/** What a provider can do beyond the core of its contract. What is not declared is refused with UNSUPPORTED. */
public enum NetworkCapability {
    /** {@code attach} takes port mappings. */
    PORT_MAPPING,
    /** {@code attach} takes addresses. */
    STATIC_ADDRESS,
    /** {@code attach} takes a hardware address. */
    STATIC_MAC,
    /** {@code define} and {@code remove}: networks are made here, and not found in a configuration of the host's. */
    DEFINE_NETWORK
}
