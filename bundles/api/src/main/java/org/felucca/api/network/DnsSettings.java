package org.felucca.api.network;

import java.net.InetAddress;
import java.util.List;

/**
 * How names are looked up in a sandbox.
 *
 * @param servers servers in order of preference
 * @param search domains that are tried for names without one, in order
 * @param options options of resolv.conf(5)
 */
public record DnsSettings(List<InetAddress> servers, List<String> search, List<String> options) {
    /** Nothing said. */
    public static final DnsSettings NONE = new DnsSettings(List.of(), List.of(), List.of());

    /** Copies. */
    public DnsSettings {
        servers = List.copyOf(servers);
        search = List.copyOf(search);
        options = List.copyOf(options);
    }
}
