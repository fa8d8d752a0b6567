package org.felucca.api.network;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;

/** A network. Immutable; made by a builder, so that it can grow without breaking plugins. */
public final class NetworkConfig {
    private final NetworkName name;
    private final String driver;
    private final List<Subnet> subnets;
    private final DnsSettings dns;
    private final Map<String, String> options;

    private NetworkConfig(Builder builder) {
        this.name = builder.name;
        this.driver = builder.driver;
        this.subnets = builder.subnets;
        this.dns = builder.dns;
        this.options = builder.options;
    }

    /**
     * Addresses of a network.
     *
     * @param prefix the network
     * @param gateway the way out, within the prefix; empty if there is none
     */
    public record Subnet(NetworkPrefix prefix, Optional<InetAddress> gateway) {
        /** Validates. */
        public Subnet {
            gateway.ifPresent(address -> {
                if (!prefix.contains(address)) {
                    throw new FeluccaException(
                            ErrorCode.INVALID_ARGUMENT,
                            "invalid subnet " + prefix,
                            "gateway " + address.getHostAddress() + " is not within it");
                }
            });
        }
    }

    /**
     * Starts a network.
     *
     * @param driver how the provider makes it: {@code bridge} on Linux; {@code nat}, {@code transparent},
     *     {@code l2bridge} on Windows; names are the provider's
     */
    public static Builder of(NetworkName name, String driver) {
        return new Builder(name, driver);
    }

    /** Returns its name. */
    public NetworkName name() {
        return name;
    }

    /** Returns how the provider makes it. */
    public String driver() {
        return driver;
    }

    /** Returns its addresses; empty if the provider chooses, or addresses come from elsewhere. */
    public List<Subnet> subnets() {
        return subnets;
    }

    /** Returns how names are looked up in it. */
    public DnsSettings dns() {
        return dns;
    }

    /** Returns settings of the driver by name. */
    public Map<String, String> options() {
        return options;
    }

    /** Collects a network. Not thread-safe. */
    public static final class Builder {
        private final NetworkName name;
        private final String driver;
        private List<Subnet> subnets = List.of();
        private DnsSettings dns = DnsSettings.NONE;
        private Map<String, String> options = Map.of();

        private Builder(NetworkName name, String driver) {
            this.name = Objects.requireNonNull(name, "name");
            this.driver = Objects.requireNonNull(driver, "driver");
        }

        /** Sets {@link NetworkConfig#subnets()}. */
        public Builder subnets(List<Subnet> value) {
            this.subnets = List.copyOf(value);
            return this;
        }

        /** Sets {@link NetworkConfig#dns()}. */
        public Builder dns(DnsSettings value) {
            this.dns = Objects.requireNonNull(value, "value");
            return this;
        }

        /** Sets {@link NetworkConfig#options()}. */
        public Builder options(Map<String, String> value) {
            this.options = Map.copyOf(value);
            return this;
        }

        /** Makes the network. */
        public NetworkConfig build() {
            return new NetworkConfig(this);
        }
    }
}
