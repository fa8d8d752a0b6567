package org.felucca.registry;

import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.felucca.api.image.CredentialProvider;
import org.felucca.api.image.CredentialProvider.Credentials;
import org.felucca.api.image.ImageSource;
import org.felucca.api.plugin.PluginId;
import org.felucca.api.plugin.Provider;
import org.felucca.api.plugin.Providers;
import org.felucca.api.plugin.Role;
import org.felucca.oci.image.Descriptor;
import org.felucca.oci.reference.ImageReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The image source {@code registry}: any registry that speaks the OCI distribution API. */
@Component(configurationPid = RegistryComponent.PID, configurationPolicy = ConfigurationPolicy.REQUIRE)
@PluginId("registry")
@Designate(ocd = RegistryComponent.Settings.class)
public final class RegistryComponent implements ImageSource {
    /** Name of the configuration. */
    public static final String PID = "org.felucca.registry";

    private final Transport transport;
    private final RegistryImageSource source;

    /** What the configuration holds. */
    @ObjectClassDefinition(name = "Felucca registry client", description = "How patient the registry client is.")
    public @interface Settings {
        /** Tries of one request, or of one piece of a download without any progress. */
        @AttributeDefinition(description = "Tries of one request, or of one piece of a download without progress.")
        int attempts() default 5;

        /** Longest wait between two tries, in seconds. */
        @AttributeDefinition(description = "Longest wait between two tries, in seconds.")
        int patience() default 60;

        /** Longest wait for a connection, in seconds. */
        @AttributeDefinition(description = "Longest wait for a connection, in seconds.")
        int connectTimeout() default 15;

        /** Longest wait for the next bytes, in seconds. */
        @AttributeDefinition(description = "Longest wait for the next bytes, in seconds.")
        int stallTimeout() default 60;
    }

    /** Makes the client; nothing is opened before the first call. */
    @Activate
    public RegistryComponent(Settings settings, @Reference Providers providers) {
        RegistrySettings parsed = new RegistrySettings(
                settings.attempts(),
                Duration.ofSeconds(settings.patience()),
                Duration.ofSeconds(settings.connectTimeout()),
                Duration.ofSeconds(settings.stallTimeout()));
        Clock clock = Clock.systemUTC();
        this.transport = new Transport(parsed);
        this.source = new RegistryImageSource(new RegistryClient(
                parsed,
                transport,
                registry -> credentials(providers, registry),
                new Backoff(parsed.patience(), clock, new Random()),
                Pause.REAL,
                clock));
    }

    /** Ends downloads and joins the threads. */
    @Deactivate
    public void deactivate() {
        transport.close();
    }

    private static Optional<Credentials> credentials(Providers providers, String registry) {
        for (Provider<CredentialProvider> provider : providers.live(Role.CREDENTIALS)) {
            Optional<Credentials> found = provider.call(contract -> contract.credentials(registry));
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    @Override
    public boolean serves(ImageReference reference) {
        return source.serves(reference);
    }

    @Override
    public Descriptor resolve(ImageReference reference) {
        return source.resolve(reference);
    }

    @Override
    public InputStream fetch(ImageReference repository, Descriptor descriptor, long offset) {
        return source.fetch(repository, descriptor, offset);
    }
}
