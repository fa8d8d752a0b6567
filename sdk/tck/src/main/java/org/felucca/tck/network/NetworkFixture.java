package org.felucca.tck.network;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.felucca.api.network.NetworkCapability;
import org.felucca.api.network.NetworkProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Opens a fresh provider for each test. */
public abstract class NetworkFixture implements NetworkProviderTest {
    /** The provider's own directory; restarts share it. */
    @TempDir
    public @Nullable Path directory;

    private @Nullable NetworkProvider provider;

    /** Opens the provider under test over a directory, which a former instance may have used. */
    protected abstract NetworkProvider open(Path directory);

    /** Ends it as the platform does. */
    protected abstract void close(NetworkProvider provider);

    @Override
    public Set<NetworkCapability> capabilities() {
        return EnumSet.allOf(NetworkCapability.class);
    }

    /** Opens the provider. */
    @BeforeEach
    public void openProvider() {
        if (directory == null) {
            throw new IllegalStateException("the test has not begun");
        }
        provider = open(directory);
    }

    /** Closes the provider. */
    @AfterEach
    public void closeProvider() {
        close(provider());
        provider = null;
    }

    @Override
    public NetworkProvider provider() {
        if (provider == null) {
            throw new IllegalStateException("the provider is not open");
        }
        return provider;
    }

    @Override
    public NetworkProvider restart() {
        closeProvider();
        openProvider();
        return provider();
    }
}
