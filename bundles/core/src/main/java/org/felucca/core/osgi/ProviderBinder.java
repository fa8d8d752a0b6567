package org.felucca.core.osgi;

import java.time.Duration;
import org.felucca.api.command.Verb;
import org.felucca.api.content.ContentStore;
import org.felucca.api.diff.DiffApplier;
import org.felucca.api.image.CredentialProvider;
import org.felucca.api.image.ImageSource;
import org.felucca.api.plugin.PluginId;
import org.felucca.api.plugin.Role;
import org.felucca.api.runtime.RuntimeBackend;
import org.felucca.api.snapshot.Snapshotter;
import org.felucca.core.registry.DrainWindow;
import org.felucca.core.registry.Origin;
import org.felucca.core.registry.ProviderRegistry;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/**
 * Fills the registries: providers of every role come and go through bind methods. An unbind returns when the provider
 * may be stopped.
 */
@Component(
        service = {},
        configurationPid = CoreSettings.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class ProviderBinder {
    private static final Duration SESSIONS = Duration.ofSeconds(1);

    private final ProviderRegistry registry;
    private final DrainWindow window = new DrainWindow(System::nanoTime);
    private final Duration grace;

    /** Called by DS; binds follow. */
    @Activate
    public ProviderBinder(@Reference ProvidersComponent providers, CoreSettings settings) {
        this.registry = providers.registry();
        this.grace = Duration.ofSeconds(settings.drain_grace_seconds());
    }

    private <T> void bind(Role<T> role, T service, ServiceReference<T> reference) {
        Object id = reference.getProperty(PluginId.PROPERTY);
        registry.registry(role).bind(id instanceof String text ? text : null, service, origin(reference));
    }

    private <T> void unbind(Role<T> role, T service) {
        // Commands end within moments, or last as long as their client; those are ended by an interrupt in any case.
        Duration longest = role == Role.VERB && grace.compareTo(SESSIONS) > 0 ? SESSIONS : grace;
        window.leave(longest, left -> registry.registry(role).unbind(service, left));
    }

    private <T> void updated(Role<T> role, T service, ServiceReference<T> reference) {
        registry.registry(role).updated(service, origin(reference));
    }

    private static Origin origin(ServiceReference<?> reference) {
        Bundle bundle = reference.getBundle();
        int ranking = reference.getProperty(Constants.SERVICE_RANKING) instanceof Integer number ? number : 0;
        return bundle == null
                ? new Origin(ranking, "", "")
                : new Origin(
                        ranking, bundle.getSymbolicName(), bundle.getVersion().toString());
    }

    @Reference(
            service = ContentStore.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            updated = "updatedContent")
    void bindContent(ContentStore service, ServiceReference<ContentStore> reference) {
        bind(Role.CONTENT, service, reference);
    }

    void unbindContent(ContentStore service) {
        unbind(Role.CONTENT, service);
    }

    void updatedContent(ContentStore service, ServiceReference<ContentStore> reference) {
        updated(Role.CONTENT, service, reference);
    }

    @Reference(
            service = Snapshotter.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            updated = "updatedSnapshotter")
    void bindSnapshotter(Snapshotter service, ServiceReference<Snapshotter> reference) {
        bind(Role.SNAPSHOTTER, service, reference);
    }

    void unbindSnapshotter(Snapshotter service) {
        unbind(Role.SNAPSHOTTER, service);
    }

    void updatedSnapshotter(Snapshotter service, ServiceReference<Snapshotter> reference) {
        updated(Role.SNAPSHOTTER, service, reference);
    }

    @Reference(
            service = DiffApplier.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            updated = "updatedDiff")
    void bindDiff(DiffApplier service, ServiceReference<DiffApplier> reference) {
        bind(Role.DIFF, service, reference);
    }

    void unbindDiff(DiffApplier service) {
        unbind(Role.DIFF, service);
    }

    void updatedDiff(DiffApplier service, ServiceReference<DiffApplier> reference) {
        updated(Role.DIFF, service, reference);
    }

    @Reference(
            service = RuntimeBackend.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            updated = "updatedRuntime")
    void bindRuntime(RuntimeBackend service, ServiceReference<RuntimeBackend> reference) {
        bind(Role.RUNTIME, service, reference);
    }

    void unbindRuntime(RuntimeBackend service) {
        unbind(Role.RUNTIME, service);
    }

    void updatedRuntime(RuntimeBackend service, ServiceReference<RuntimeBackend> reference) {
        updated(Role.RUNTIME, service, reference);
    }

    @Reference(
            service = ImageSource.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            updated = "updatedSource")
    void bindSource(ImageSource service, ServiceReference<ImageSource> reference) {
        bind(Role.IMAGE_SOURCE, service, reference);
    }

    void unbindSource(ImageSource service) {
        unbind(Role.IMAGE_SOURCE, service);
    }

    void updatedSource(ImageSource service, ServiceReference<ImageSource> reference) {
        updated(Role.IMAGE_SOURCE, service, reference);
    }

    @Reference(
            service = CredentialProvider.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            updated = "updatedCredentials")
    void bindCredentials(CredentialProvider service, ServiceReference<CredentialProvider> reference) {
        bind(Role.CREDENTIALS, service, reference);
    }

    void unbindCredentials(CredentialProvider service) {
        unbind(Role.CREDENTIALS, service);
    }

    void updatedCredentials(CredentialProvider service, ServiceReference<CredentialProvider> reference) {
        updated(Role.CREDENTIALS, service, reference);
    }

    @Reference(
            service = Verb.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            updated = "updatedVerb")
    void bindVerb(Verb service, ServiceReference<Verb> reference) {
        bind(Role.VERB, service, reference);
    }

    void unbindVerb(Verb service) {
        unbind(Role.VERB, service);
    }

    void updatedVerb(Verb service, ServiceReference<Verb> reference) {
        updated(Role.VERB, service, reference);
    }
}
