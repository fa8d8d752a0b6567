package org.felucca.api.network;

import java.util.List;

/**
 * A sandbox in a network, as it was attached.
 *
 * @param id its identity
 * @param sandbox what holds the interface
 * @param macAddress hardware address of the interface, as {@code 02:42:0a:01:00:05}; empty where it has none
 * @param addresses addresses of the interface, at least one, with their network's prefix
 * @param routes routes it brought
 * @param dns how names are looked up, as far as the network says
 * @param portMappings ports that lead into it, none with a host port of 0
 */
public record NetworkAttachment(
        AttachmentId id,
        NetworkSandbox sandbox,
        String macAddress,
        List<NetworkPrefix> addresses,
        List<NetworkRoute> routes,
        DnsSettings dns,
        List<PortMapping> portMappings) {
    /** Validates and copies. */
    public NetworkAttachment {
        addresses = List.copyOf(addresses);
        routes = List.copyOf(routes);
        portMappings = List.copyOf(portMappings);
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("attachment " + id + " has no address");
        }
        if (portMappings.stream().anyMatch(mapping -> mapping.hostPort() == 0)) {
            throw new IllegalArgumentException("attachment " + id + " has a mapping without a port of the host");
        }
    }
}
