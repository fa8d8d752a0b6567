package org.felucca.core.osgi;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadPoolExecutor;
import org.felucca.api.plugin.Provider;
import org.felucca.api.plugin.ProviderInfo;
import org.felucca.api.plugin.Providers;
import org.felucca.api.plugin.Role;
import org.felucca.core.registry.ProviderRegistry;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * The registries as a service. It refers to no provider itself, so that a provider may refer to it (the registry client
 * asks it for credentials): {@link ProviderBinder} fills it.
 */
@Component(service = {Providers.class, ProvidersComponent.class})
public final class ProvidersComponent implements Providers {
    private static final int THREADS = 4;

    private final ThreadPoolExecutor pool = Pools.of("felucca-providers", THREADS);
    private final ProviderRegistry registry = new ProviderRegistry(pool);

    /** Makes empty registries. */
    @Activate
    public ProvidersComponent() {}

    /** Ends listeners' calls. */
    @Deactivate
    void deactivate() {
        Pools.stop(pool);
    }

    ProviderRegistry registry() {
        return registry;
    }

    @Override
    public <T> Provider<T> require(Role<T> role, String id) {
        return registry.require(role, id);
    }

    @Override
    public <T> Optional<Provider<T>> find(Role<T> role, String id) {
        return registry.find(role, id);
    }

    @Override
    public <T> List<Provider<T>> live(Role<T> role) {
        return registry.live(role);
    }

    @Override
    public List<ProviderInfo> inventory() {
        return registry.inventory();
    }

    @Override
    public <T> AutoCloseable watch(Role<T> role, ProviderListener<T> listener) {
        return registry.watch(role, listener);
    }
}
