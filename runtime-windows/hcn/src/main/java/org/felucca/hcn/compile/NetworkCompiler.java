package org.felucca.hcn.compile;

import java.net.Inet4Address;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.network.DnsSettings;
import org.felucca.api.network.NetworkConfig;
import org.felucca.hcn.document.Dns;
import org.felucca.hcn.document.HostComputeNetwork;
import org.felucca.hcn.document.Ipam;
import org.felucca.hcn.document.NetworkPolicy;
import org.felucca.hcn.document.NetworkType;
import org.felucca.hcn.document.Route;
import org.felucca.hcn.document.Subnet;
import org.felucca.hcn.document.SubnetPolicy;
import org.jspecify.annotations.Nullable;

/** Makes the document of a network. */
public final class NetworkCompiler {
    /** Option of transparent and l2bridge networks: name of the host's adapter they are on. */
    public static final String ADAPTER = "adapter";

    /** Option of transparent and l2bridge networks: virtual LAN of their subnets, 1 to 4094. */
    public static final String VLAN = "vlan";

    /** Option of l2bridge networks: prefixes that endpoints reach with their own address, separated by commas. */
    public static final String NAT_EXCEPTIONS = "outbound-nat-exceptions";

    /** Option of l2bridge networks: prefixes that endpoints reach by the host's link, separated by commas. */
    public static final String ENCAPSULATED = "encapsulated-prefixes";

    private static final int LAST_VLAN = 4094;

    private NetworkCompiler() {}

    /**
     * Compiles.
     *
     * @throws FeluccaException INVALID_ARGUMENT if there is no such driver or option, or a value is wrong
     */
    public static HostComputeNetwork compile(NetworkConfig network) {
        NetworkType type = type(network);
        requireOptions(network, type);
        List<NetworkPolicy> policies = new ArrayList<>();
        String adapter = network.options().get(ADAPTER);
        if (adapter != null) {
            policies.add(NetworkPolicy.netAdapterName(adapter));
        }
        return new HostComputeNetwork(
                null, network.name().value(), type, policies, dns(network.dns()), ipams(network, type));
    }

    /**
     * Returns the kind of a network.
     *
     * @throws FeluccaException INVALID_ARGUMENT if there is no such driver
     */
    public static NetworkType type(NetworkConfig network) {
        return switch (network.driver()) {
            case "nat" -> NetworkType.NAT;
            case "transparent" -> NetworkType.TRANSPARENT;
            case "l2bridge" -> NetworkType.L2_BRIDGE;
            default ->
                throw invalid(
                        network, "there is no driver '" + network.driver() + "'", "use nat, transparent or l2bridge");
        };
    }

    private static void requireOptions(NetworkConfig network, NetworkType type) {
        Set<String> known = switch (type) {
            case NAT -> Set.of();
            case TRANSPARENT -> Set.of(ADAPTER, VLAN);
            case L2_BRIDGE -> Set.of(ADAPTER, VLAN, NAT_EXCEPTIONS, ENCAPSULATED);
        };
        network.options().keySet().stream()
                .sorted()
                .filter(option -> !known.contains(option))
                .findFirst()
                .ifPresent(option -> {
                    throw invalid(
                            network,
                            "driver " + network.driver() + " has no option '" + option + "'",
                            known.isEmpty()
                                    ? "it has none"
                                    : "use "
                                            + String.join(
                                                    ", ",
                                                    known.stream().sorted().toList()));
                });
    }

    private static List<Ipam> ipams(NetworkConfig network, NetworkType type) {
        if (network.subnets().isEmpty()) {
            return switch (type) {
                case NAT -> List.of();
                case TRANSPARENT -> List.of(new Ipam("DHCP", List.of()));
                case L2_BRIDGE ->
                    throw invalid(network, "it has no subnet", "driver l2bridge needs one with a gateway");
            };
        }
        List<Subnet> subnets = new ArrayList<>();
        for (NetworkConfig.Subnet subnet : network.subnets()) {
            if (type == NetworkType.L2_BRIDGE && subnet.gateway().isEmpty()) {
                throw invalid(network, "subnet " + subnet.prefix() + " has no gateway", "driver l2bridge needs one");
            }
            subnets.add(subnet(network, subnet));
        }
        return List.of(new Ipam("Static", subnets));
    }

    private static Subnet subnet(NetworkConfig network, NetworkConfig.Subnet subnet) {
        List<Route> routes = new ArrayList<>();
        subnet.gateway()
                .ifPresent(gateway -> routes.add(new Route(
                        gateway.getHostAddress(), gateway instanceof Inet4Address ? "0.0.0.0/0" : "::/0", null)));
        return new Subnet(subnet.prefix().toString(), vlan(network), routes);
    }

    private static List<SubnetPolicy> vlan(NetworkConfig network) {
        String text = network.options().get(VLAN);
        if (text == null) {
            return List.of();
        }
        if (!text.matches("[1-9][0-9]{0,3}") || Integer.parseInt(text) > LAST_VLAN) {
            throw invalid(network, "'" + text + "' is no virtual LAN", "use 1 to " + LAST_VLAN);
        }
        return List.of(SubnetPolicy.vlan(Integer.parseInt(text)));
    }

    static @Nullable Dns dns(DnsSettings settings) {
        if (settings.equals(DnsSettings.NONE)) {
            return null;
        }
        return new Dns(
                null,
                settings.search(),
                settings.servers().stream()
                        .map(server -> server.getHostAddress())
                        .toList(),
                settings.options());
    }

    private static FeluccaException invalid(NetworkConfig network, String reason, String fix) {
        return new FeluccaException(ErrorCode.INVALID_ARGUMENT, "invalid network " + network.name(), reason, fix);
    }
}
