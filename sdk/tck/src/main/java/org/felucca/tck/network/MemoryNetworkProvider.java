package org.felucca.tck.network;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.network.AttachRequest;
import org.felucca.api.network.AttachmentId;
import org.felucca.api.network.NetworkAttachment;
import org.felucca.api.network.NetworkCapability;
import org.felucca.api.network.NetworkConfig;
import org.felucca.api.network.NetworkFeatures;
import org.felucca.api.network.NetworkName;
import org.felucca.api.network.NetworkPrefix;
import org.felucca.api.network.NetworkProvider;
import org.felucca.api.network.NetworkRoute;
import org.felucca.api.network.NetworkSandbox;
import org.felucca.api.network.PortMapping;

/**
 * A provider whose networks are IPv4 and in memory: nothing reaches the host. What it remembers is in a {@link Host},
 * which outlives it. Thread-safe: every call is serialised by the host's monitor.
 */
public final class MemoryNetworkProvider implements NetworkProvider {
    private static final String DRIVER = "memory";
    private static final int FIRST_PORT = 30_000;
    private static final int LAST_PORT = 0xffff;

    private final Host host;
    private final Set<NetworkCapability> capabilities;
    private boolean ended;

    /** What outlives a provider: networks, attachments, and the sandboxes there are. */
    public static final class Host {
        private final Map<NetworkName, NetworkConfig> networks = new TreeMap<>();
        private final Map<AttachmentId, NetworkAttachment> attachments = new LinkedHashMap<>();
        private final Set<NetworkSandbox> sandboxes = new HashSet<>();

        /** Puts a network, as an operator does in a configuration. */
        public synchronized void put(NetworkConfig network) {
            networks.put(network.name(), network);
        }

        /** Puts a sandbox, as a runtime does. */
        public synchronized void put(NetworkSandbox sandbox) {
            sandboxes.add(sandbox);
        }

        /** Takes a sandbox away, as a runtime or a crash does. */
        public synchronized void remove(NetworkSandbox sandbox) {
            sandboxes.remove(sandbox);
        }
    }

    /** Opens a provider with these capabilities over a host. */
    public MemoryNetworkProvider(Host host, Set<NetworkCapability> capabilities) {
        this.host = host;
        this.capabilities = Set.copyOf(capabilities);
    }

    /** A network of this provider's kind. */
    public static NetworkConfig network(NetworkName name, NetworkPrefix prefix) {
        return NetworkConfig.of(name, DRIVER)
                .subnets(List.of(new NetworkConfig.Subnet(prefix, Optional.of(nth(prefix, 1)))))
                .build();
    }

    /** Ends it; every later call is UNAVAILABLE. */
    public void close() {
        synchronized (host) {
            ended = true;
        }
    }

    @Override
    public NetworkFeatures features() {
        return new NetworkFeatures(EnumSet.of(NetworkSandbox.Kind.LINUX_NAMESPACE), capabilities);
    }

    @Override
    public List<NetworkConfig> networks() {
        synchronized (host) {
            requireLive("cannot list networks");
            return List.copyOf(host.networks.values());
        }
    }

    @Override
    public void define(NetworkConfig network) {
        String subject = "cannot define network " + network.name();
        synchronized (host) {
            requireLive(subject);
            require(subject, NetworkCapability.DEFINE_NETWORK, true);
            if (host.networks.containsKey(network.name())) {
                throw new FeluccaException(ErrorCode.ALREADY_EXISTS, subject, "the name is in use");
            }
            if (!network.driver().equals(DRIVER) || network.subnets().size() != 1) {
                throw new FeluccaException(
                        ErrorCode.INVALID_ARGUMENT, subject, "it needs driver " + DRIVER + " and one subnet");
            }
            host.networks.put(network.name(), network);
        }
    }

    @Override
    public void remove(NetworkName name) {
        String subject = "cannot remove network " + name;
        synchronized (host) {
            requireLive(subject);
            require(subject, NetworkCapability.DEFINE_NETWORK, true);
            if (!host.networks.containsKey(name)) {
                throw new FeluccaException(ErrorCode.NOT_FOUND, subject, "there is no such network");
            }
            if (host.attachments.keySet().stream().anyMatch(id -> id.network().equals(name))) {
                throw new FeluccaException(ErrorCode.FAILED_PRECONDITION, subject, "something is attached to it");
            }
            host.networks.remove(name);
        }
    }

    @Override
    public NetworkAttachment attach(AttachRequest request) {
        AttachmentId id = request.id();
        String subject = "cannot attach " + id;
        synchronized (host) {
            requireLive(subject);
            requireFeatures(subject, request);
            if (host.attachments.containsKey(id)) {
                throw new FeluccaException(ErrorCode.ALREADY_EXISTS, subject, "it is attached");
            }
            NetworkConfig network = host.networks.get(id.network());
            if (network == null) {
                throw new FeluccaException(ErrorCode.NOT_FOUND, subject, "there is no such network");
            }
            if (!host.sandboxes.contains(request.sandbox())) {
                throw new FeluccaException(ErrorCode.NOT_FOUND, subject, "there is no such sandbox");
            }
            NetworkConfig.Subnet subnet = network.subnets().get(0);
            InetAddress address = address(subject, network, subnet, request);
            NetworkAttachment made = new NetworkAttachment(
                    id,
                    request.sandbox(),
                    request.macAddress().orElseGet(() -> macAddress(address)),
                    List.of(new NetworkPrefix(address, subnet.prefix().length())),
                    List.of(new NetworkRoute(new NetworkPrefix(anyAddress(), 0), subnet.gateway())),
                    network.dns(),
                    ports(subject, request.portMappings()));
            host.attachments.put(id, made);
            return made;
        }
    }

    @Override
    public void detach(AttachmentId id) {
        synchronized (host) {
            requireLive("cannot detach " + id);
            host.attachments.remove(id);
        }
    }

    @Override
    public void check(AttachmentId id) {
        String subject = "cannot check " + id;
        synchronized (host) {
            requireLive(subject);
            NetworkAttachment made = host.attachments.get(id);
            if (made == null) {
                throw new FeluccaException(ErrorCode.NOT_FOUND, subject, "it is not attached");
            }
            if (!host.sandboxes.contains(made.sandbox())) {
                throw new FeluccaException(ErrorCode.FAILED_PRECONDITION, subject, "its sandbox is gone");
            }
        }
    }

    @Override
    public List<NetworkAttachment> attachments() {
        synchronized (host) {
            requireLive("cannot list attachments");
            return List.copyOf(host.attachments.values());
        }
    }

    @Override
    public List<AttachmentId> collect(Set<AttachmentId> live) {
        synchronized (host) {
            requireLive("cannot collect attachments");
            List<AttachmentId> dead = new ArrayList<>(host.attachments.keySet());
            dead.removeIf(live::contains);
            host.attachments.keySet().removeAll(dead);
            return dead;
        }
    }

    private void requireLive(String subject) {
        if (ended) {
            throw new FeluccaException(ErrorCode.UNAVAILABLE, subject, "the provider has ended");
        }
    }

    private void requireFeatures(String subject, AttachRequest request) {
        if (!features().sandboxes().contains(request.sandbox().kind())) {
            throw new FeluccaException(ErrorCode.UNSUPPORTED, subject, "the sandbox is of another system");
        }
        require(subject, NetworkCapability.PORT_MAPPING, !request.portMappings().isEmpty());
        require(subject, NetworkCapability.STATIC_ADDRESS, !request.addresses().isEmpty());
        require(subject, NetworkCapability.STATIC_MAC, request.macAddress().isPresent());
    }

    private void require(String subject, NetworkCapability capability, boolean wanted) {
        if (wanted && !capabilities.contains(capability)) {
            throw new FeluccaException(ErrorCode.UNSUPPORTED, subject, "this provider has no " + capability);
        }
    }

    private InetAddress address(
            String subject, NetworkConfig network, NetworkConfig.Subnet subnet, AttachRequest request) {
        Set<InetAddress> taken = new HashSet<>();
        subnet.gateway().ifPresent(taken::add);
        for (NetworkAttachment other : host.attachments.values()) {
            if (other.id().network().equals(network.name())) {
                taken.add(other.addresses().get(0).address());
            }
        }
        if (!request.addresses().isEmpty()) {
            InetAddress wanted = request.addresses().get(0);
            if (request.addresses().size() > 1 || !subnet.prefix().contains(wanted)) {
                throw new FeluccaException(
                        ErrorCode.INVALID_ARGUMENT,
                        subject,
                        wanted.getHostAddress() + " is not the one address of " + subnet.prefix());
            }
            if (taken.contains(wanted)) {
                throw new FeluccaException(
                        ErrorCode.ALREADY_EXISTS, subject, "address " + wanted.getHostAddress() + " is in use");
            }
            return wanted;
        }
        int size = 1 << (Integer.SIZE - subnet.prefix().length());
        for (int i = 1; i < size - 1; i++) {
            InetAddress candidate = nth(subnet.prefix(), i);
            if (!taken.contains(candidate)) {
                return candidate;
            }
        }
        throw new FeluccaException(
                ErrorCode.RESOURCE_EXHAUSTED, subject, "no address of " + subnet.prefix() + " is left");
    }

    private List<PortMapping> ports(String subject, List<PortMapping> wanted) {
        Set<String> taken = new HashSet<>();
        for (NetworkAttachment other : host.attachments.values()) {
            other.portMappings().forEach(mapping -> taken.add(mapping.protocol() + "/" + mapping.hostPort()));
        }
        List<PortMapping> made = new ArrayList<>();
        for (PortMapping mapping : wanted) {
            int port = mapping.hostPort();
            if (port == 0) {
                port = FIRST_PORT;
                while (port <= LAST_PORT && taken.contains(mapping.protocol() + "/" + port)) {
                    port++;
                }
                if (port > LAST_PORT) {
                    throw new FeluccaException(ErrorCode.RESOURCE_EXHAUSTED, subject, "no port of the host is left");
                }
            }
            if (!taken.add(mapping.protocol() + "/" + port)) {
                throw new FeluccaException(
                        ErrorCode.ALREADY_EXISTS, subject, "port " + port + " of the host is in use");
            }
            made.add(new PortMapping(mapping.protocol(), mapping.hostAddress(), port, mapping.port()));
        }
        return made;
    }

    private static String macAddress(InetAddress address) {
        byte[] bytes = address.getAddress();
        return String.format("02:42:%02x:%02x:%02x:%02x", bytes[0], bytes[1], bytes[2], bytes[3]);
    }

    private static InetAddress anyAddress() {
        return of(new byte[Integer.BYTES]);
    }

    private static InetAddress nth(NetworkPrefix prefix, int n) {
        byte[] bytes = prefix.address().getAddress();
        long value = 0;
        for (byte b : bytes) {
            value = value << Byte.SIZE | (b & 0xff);
        }
        value += n;
        for (int i = bytes.length - 1; i >= 0; i--) {
            bytes[i] = (byte) value;
            value >>>= Byte.SIZE;
        }
        return of(bytes);
    }

    private static InetAddress of(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError("an address has 4 bytes", e);
        }
    }
}
