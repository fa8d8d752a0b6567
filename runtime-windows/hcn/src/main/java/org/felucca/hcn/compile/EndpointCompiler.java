package org.felucca.hcn.compile;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.network.AttachRequest;
import org.felucca.api.network.DnsSettings;
import org.felucca.api.network.NetworkAttachment;
import org.felucca.api.network.NetworkConfig;
import org.felucca.api.network.NetworkPrefix;
import org.felucca.api.network.NetworkRoute;
import org.felucca.api.network.NetworkSandbox;
import org.felucca.api.network.PortMapping;
import org.felucca.hcn.document.Dns;
import org.felucca.hcn.document.EndpointPolicy;
import org.felucca.hcn.document.HostComputeEndpoint;
import org.felucca.hcn.document.IpConfig;
import org.felucca.hcn.document.NetworkType;
import org.felucca.hcn.document.Route;
import org.jspecify.annotations.Nullable;

/** Makes the document of an attachment's endpoint, and the attachment from what the service made of it. */
public final class EndpointCompiler {
    private static final Pattern MAC = Pattern.compile("[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){5}");
    private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(?:\\.[0-9]{1,3}){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*");

    private EndpointCompiler() {}

    /**
     * Compiles.
     *
     * @param networkId id of the network in the service
     * @throws FeluccaException INVALID_ARGUMENT for a value that cannot be; UNSUPPORTED for what the service, or the
     *     driver of the network, does not do
     */
    public static HostComputeEndpoint compile(AttachRequest request, NetworkConfig network, UUID networkId) {
        return new HostComputeEndpoint(
                null,
                EndpointName.of(request.id()),
                networkId,
                namespace(request),
                policies(request, network),
                addresses(request, network),
                NetworkCompiler.dns(network.dns()),
                List.of(),
                request.macAddress().map(mac -> macAddress(request, mac)).orElse(null));
    }

    private static UUID namespace(AttachRequest request) {
        return request.sandbox()
                .fold(
                        linux -> {
                            throw problem(
                                    ErrorCode.UNSUPPORTED,
                                    request,
                                    "its sandbox is a network namespace of Linux",
                                    "give one of the host compute network service");
                        },
                        NetworkSandbox.HostComputeNamespace::id);
    }

    private static List<EndpointPolicy> policies(AttachRequest request, NetworkConfig network) {
        NetworkType type = NetworkCompiler.type(network);
        List<EndpointPolicy> policies = new ArrayList<>();
        for (PortMapping mapping : request.portMappings()) {
            if (type != NetworkType.NAT) {
                throw problem(
                        ErrorCode.UNSUPPORTED,
                        request,
                        "driver " + network.driver() + " maps no ports",
                        "use a network of driver nat, or reach it by its address");
            }
            policies.add(portMapping(request, mapping));
        }
        List<String> exceptions = prefixes(network, NetworkCompiler.NAT_EXCEPTIONS);
        if (!exceptions.isEmpty()) {
            policies.add(EndpointPolicy.outboundNat(exceptions));
        }
        for (String prefix : prefixes(network, NetworkCompiler.ENCAPSULATED)) {
            policies.add(EndpointPolicy.sdnRoute(prefix));
        }
        return policies;
    }

    private static EndpointPolicy portMapping(AttachRequest request, PortMapping mapping) {
        if (mapping.hostPort() == 0) {
            throw problem(ErrorCode.INVALID_ARGUMENT, request, "no port of the host is chosen", "reserve one first");
        }
        int protocol = switch (mapping.protocol()) {
            case TCP -> EndpointPolicy.TCP;
            case UDP -> EndpointPolicy.UDP;
            case SCTP -> throw problem(ErrorCode.UNSUPPORTED, request, "Windows maps no SCTP", "use TCP or UDP");
        };
        return EndpointPolicy.portMapping(
                protocol,
                mapping.hostAddress().map(InetAddress::getHostAddress).orElse(null),
                mapping.hostPort(),
                mapping.port());
    }

    private static List<String> prefixes(NetworkConfig network, String option) {
        List<String> prefixes = new ArrayList<>();
        for (String prefix : network.options().getOrDefault(option, "").split(",", -1)) {
            if (!prefix.isBlank()) {
                prefixes.add(prefix(prefix.strip()).toString());
            }
        }
        return prefixes;
    }

    private static List<IpConfig> addresses(AttachRequest request, NetworkConfig network) {
        List<IpConfig> addresses = new ArrayList<>();
        for (InetAddress address : request.addresses()) {
            NetworkPrefix prefix = network.subnets().stream()
                    .map(NetworkConfig.Subnet::prefix)
                    .filter(candidate -> candidate.contains(address))
                    .findFirst()
                    .orElseThrow(() -> problem(
                            ErrorCode.INVALID_ARGUMENT,
                            request,
                            address.getHostAddress() + " is in no subnet of the network",
                            "choose one that is, or let the network choose"));
            addresses.add(new IpConfig(address.getHostAddress(), prefix.length()));
        }
        return addresses;
    }

    private static String macAddress(AttachRequest request, String mac) {
        if (!MAC.matcher(mac).matches()) {
            throw problem(
                    ErrorCode.INVALID_ARGUMENT,
                    request,
                    "'" + mac + "' is no hardware address",
                    "write it as 02:42:0a:01:00:05");
        }
        return mac.toUpperCase(Locale.ROOT).replace(':', '-');
    }

    /**
     * Returns the attachment that an endpoint is.
     *
     * @param request what was asked for
     * @param endpoint what the service says of the endpoint
     * @throws FeluccaException INTERNAL if the service says something that no endpoint can be
     */
    public static NetworkAttachment attachment(AttachRequest request, HostComputeEndpoint endpoint) {
        try {
            List<NetworkPrefix> addresses = new ArrayList<>();
            for (IpConfig config : endpoint.ipConfigurations()) {
                InetAddress address = address(config.ipAddress());
                Integer length = config.prefixLength();
                addresses.add(
                        new NetworkPrefix(address, length == null ? address.getAddress().length * Byte.SIZE : length));
            }
            List<NetworkRoute> routes = new ArrayList<>();
            for (Route route : endpoint.routes()) {
                routes.add(new NetworkRoute(
                        prefix(route.destinationPrefix() == null ? "" : route.destinationPrefix()),
                        gateway(route.nextHop())));
            }
            String mac = endpoint.macAddress();
            return new NetworkAttachment(
                    request.id(),
                    request.sandbox(),
                    mac == null ? "" : mac.toLowerCase(Locale.ROOT).replace('-', ':'),
                    addresses,
                    routes,
                    dns(endpoint.dns()),
                    request.portMappings());
        } catch (FeluccaException | IllegalArgumentException e) {
            throw new FeluccaException(
                    ErrorCode.INTERNAL,
                    "cannot attach " + request.id(),
                    "the service describes an endpoint that cannot be: " + e.getMessage(),
                    null,
                    e);
        }
    }

    private static Optional<InetAddress> gateway(@Nullable String nextHop) {
        if (nextHop == null || nextHop.isEmpty()) {
            return Optional.empty();
        }
        InetAddress address = address(nextHop);
        return address.isAnyLocalAddress() ? Optional.empty() : Optional.of(address);
    }

    private static DnsSettings dns(@Nullable Dns dns) {
        if (dns == null) {
            return DnsSettings.NONE;
        }
        List<String> search = new ArrayList<>(dns.search());
        String domain = dns.domain();
        if (domain != null && !domain.isEmpty() && !search.contains(domain)) {
            search.add(0, domain);
        }
        return new DnsSettings(
                dns.serverList().stream()
                        .flatMap(servers -> List.of(servers.split(",")).stream())
                        .filter(server -> !server.isBlank())
                        .map(server -> address(server.strip()))
                        .toList(),
                search,
                dns.options());
    }

    private static NetworkPrefix prefix(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || !text.substring(slash + 1).matches("[0-9]{1,3}")) {
            throw new FeluccaException(
                    ErrorCode.INVALID_ARGUMENT, "invalid prefix '" + text + "'", "write it as 10.1.0.0/16");
        }
        return new NetworkPrefix(address(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)));
    }

    /** A literal address: no name is looked up. */
    private static InetAddress address(String text) {
        try {
            if (IPV4.matcher(text).matches() || IPV6.matcher(text).matches()) {
                return InetAddress.getByName(text);
            }
        } catch (UnknownHostException e) {
            throw new FeluccaException(
                    ErrorCode.INVALID_ARGUMENT, "invalid address '" + text + "'", "it is no IP address", null, e);
        }
        throw new FeluccaException(ErrorCode.INVALID_ARGUMENT, "invalid address '" + text + "'", "it is no IP address");
    }

    private static FeluccaException problem(ErrorCode code, AttachRequest request, String reason, String fix) {
        return new FeluccaException(code, "cannot attach " + request.id(), reason, fix);
    }
}
