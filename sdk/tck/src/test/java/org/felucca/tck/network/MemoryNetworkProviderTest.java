package org.felucca.tck.network;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;
import org.felucca.api.network.NetworkCapability;
import org.felucca.api.network.NetworkConfig;
import org.felucca.api.network.NetworkName;
import org.felucca.api.network.NetworkPrefix;
import org.felucca.api.network.NetworkProvider;
import org.felucca.api.network.NetworkSandbox;
import org.junit.jupiter.api.Nested;

/** The suite on the provider in memory, with everything it can do and with the core of the contract alone. */
class MemoryNetworkProviderTest {
    @Nested
    class Attach extends Fixture implements AttachContract {}

    @Nested
    class Detach extends Fixture implements DetachContract {}

    @Nested
    class Check extends Fixture implements CheckContract {}

    @Nested
    class Networks extends Fixture implements NetworkContract {}

    @Nested
    class AttachOfTheCore extends CoreFixture implements AttachContract {}

    @Nested
    class DetachOfTheCore extends CoreFixture implements DetachContract {}

    @Nested
    class NetworksOfTheCore extends CoreFixture implements NetworkContract {}

    abstract static class CoreFixture extends Fixture {
        @Override
        public Set<NetworkCapability> capabilities() {
            return EnumSet.noneOf(NetworkCapability.class);
        }
    }

    abstract static class Fixture extends NetworkFixture {
        private final MemoryNetworkProvider.Host host = new MemoryNetworkProvider.Host();

        @Override
        protected NetworkProvider open(Path directory) {
            host.put(MemoryNetworkProvider.network(network(), prefix(1)));
            return new MemoryNetworkProvider(host, capabilities());
        }

        @Override
        protected void close(NetworkProvider provider) {
            ((MemoryNetworkProvider) provider).close();
        }

        @Override
        public NetworkName network() {
            return NetworkName.of("front");
        }

        @Override
        public NetworkSandbox sandbox(String id) {
            NetworkSandbox sandbox = new NetworkSandbox.LinuxNamespace(Path.of("/run/netns/" + id));
            host.put(sandbox);
            return sandbox;
        }

        @Override
        public void destroy(NetworkSandbox sandbox) {
            host.remove(sandbox);
        }

        @Override
        public NetworkSandbox foreignSandbox() {
            return new NetworkSandbox.HostComputeNamespace(new UUID(1, 2));
        }

        @Override
        public NetworkConfig definable(NetworkName name) {
            return MemoryNetworkProvider.network(name, prefix(2));
        }

        private static NetworkPrefix prefix(int third) {
            try {
                return new NetworkPrefix(InetAddress.getByAddress(new byte[] {10, 1, (byte) third, 0}), 24);
            } catch (UnknownHostException e) {
                throw new AssertionError(e);
            }
        }
    }
}
