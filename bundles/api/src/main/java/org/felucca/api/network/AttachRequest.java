package org.felucca.api.network;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What to attach. Immutable; made by a builder, so that it can grow without breaking plugins. */
public final class AttachRequest {
    private final AttachmentId id;
    private final NetworkSandbox sandbox;
    private final List<PortMapping> portMappings;
    private final List<InetAddress> addresses;
    private final @Nullable String macAddress;
    private final Map<String, String> arguments;

    private AttachRequest(Builder builder) {
        this.id = builder.id;
        this.sandbox = builder.sandbox;
        this.portMappings = builder.portMappings;
        this.addresses = builder.addresses;
        this.macAddress = builder.macAddress;
        this.arguments = builder.arguments;
    }

    /** Starts a request. */
    public static Builder of(AttachmentId id, NetworkSandbox sandbox) {
        return new Builder(id, sandbox);
    }

    /** Returns the identity of the attachment. */
    public AttachmentId id() {
        return id;
    }

    /** Returns what holds the interface. */
    public NetworkSandbox sandbox() {
        return sandbox;
    }

    /** Returns ports of the host that lead into the sandbox. */
    public List<PortMapping> portMappings() {
        return portMappings;
    }

    /** Returns the addresses wanted; empty if the provider chooses. */
    public List<InetAddress> addresses() {
        return addresses;
    }

    /** Returns the hardware address wanted, as {@code 02:42:0a:01:00:05}; empty if the provider chooses. */
    public Optional<String> macAddress() {
        return Optional.ofNullable(macAddress);
    }

    /** Returns what else a provider may want to know, such as {@code K8S_POD_NAME}; one that does not, ignores it. */
    public Map<String, String> arguments() {
        return arguments;
    }

    /** Collects a request. Not thread-safe. */
    public static final class Builder {
        private final AttachmentId id;
        private final NetworkSandbox sandbox;
        private List<PortMapping> portMappings = List.of();
        private List<InetAddress> addresses = List.of();
        private @Nullable String macAddress;
        private Map<String, String> arguments = Map.of();

        private Builder(AttachmentId id, NetworkSandbox sandbox) {
            this.id = Objects.requireNonNull(id, "id");
            this.sandbox = Objects.requireNonNull(sandbox, "sandbox");
        }

        /** Sets {@link AttachRequest#portMappings()}. */
        public Builder portMappings(List<PortMapping> value) {
            this.portMappings = List.copyOf(value);
            return this;
        }

        /** Sets {@link AttachRequest#addresses()}. */
        public Builder addresses(List<InetAddress> value) {
            this.addresses = List.copyOf(value);
            return this;
        }

        /** Sets {@link AttachRequest#macAddress()}. */
        public Builder macAddress(String value) {
            this.macAddress = Objects.requireNonNull(value, "value");
            return this;
        }

        /** Sets {@link AttachRequest#arguments()}. */
        public Builder arguments(Map<String, String> value) {
            this.arguments = Map.copyOf(value);
            return this;
        }

        /** Makes the request. */
        public AttachRequest build() {
            return new AttachRequest(this);
        }
    }
}
