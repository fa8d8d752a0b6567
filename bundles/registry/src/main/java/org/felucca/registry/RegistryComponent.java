package org.felucca.registry;

import java.io.File;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.image.CredentialProvider;
import org.felucca.api.image.CredentialProvider.Credentials;
import org.felucca.api.image.ImageSource;
import org.felucca.api.image.RegistryListings;
import org.felucca.api.image.RegistryLogins;
import org.felucca.api.plugin.PluginId;
import org.felucca.api.plugin.Provider;
import org.felucca.api.plugin.Providers;
import org.felucca.api.plugin.Role;
import org.felucca.api.process.HostExec;
import org.felucca.oci.OciFormatException;
import org.felucca.oci.image.Descriptor;
import org.felucca.oci.image.MediaType;
import org.felucca.oci.reference.ImageReference;
import org.felucca.registry.hosts.HostsDirectory;
import org.felucca.registry.proxy.Proxies;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * The image source {@code registry}: any registry that speaks the OCI distribution API. Also the provider of the
 * credentials in Docker's {@code config.json}, who writes them there, and who says what registries have.
 */
@Component(configurationPid = RegistryComponent.PID, configurationPolicy = ConfigurationPolicy.REQUIRE)
@PluginId("registry")
@Designate(ocd = RegistryComponent.Settings.class)
public final class RegistryComponent implements ImageSource, CredentialProvider, RegistryLogins, RegistryListings {
    /** Name of the configuration. */
    public static final String PID = "org.felucca.registry";

    private final Transport transport;
    private final RegistryImageSource source;
    private final Candidates candidates;
    private final DockerConfig config;
    private final Function<Function<String, Optional<Credentials>>, RegistryClient> clients;
    private volatile @Nullable HostExec exec;

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

        /** Docker's configuration file. */
        @AttributeDefinition(
                description = "Docker's configuration file; empty: $DOCKER_CONFIG/config.json, else "
                        + "~/.docker/config.json of the daemon's user.")
        String dockerConfig() default "";

        /** Directories with configuration per host, in containerd's or Docker's layout. */
        @AttributeDefinition(
                description = "Directories with configuration per host (<host>/hosts.toml), separated by colons.")
        String hosts() default "/etc/felucca/certs.d:/etc/containerd/certs.d:/etc/docker/certs.d";

        /** Most requests to one host at a time. */
        @AttributeDefinition(description = "Most requests to one host at a time.")
        int connectionsPerHost() default 8;

        /** Proxy of requests over https. */
        @AttributeDefinition(description = "Proxy of requests over https; empty: $HTTPS_PROXY; direct: none.")
        String httpsProxy() default "";

        /** Proxy of requests over http. */
        @AttributeDefinition(description = "Proxy of requests over http; empty: $HTTP_PROXY; direct: none.")
        String httpProxy() default "";

        /** Hosts that are reached without a proxy. */
        @AttributeDefinition(description = "Hosts that are reached without a proxy; empty: $NO_PROXY.")
        String noProxy() default "";
    }

    /** Makes the client; nothing is opened before the first call. */
    @Activate
    public RegistryComponent(Settings settings, @Reference Providers providers) {
        Map<String, String> environment = System.getenv();
        RegistrySettings parsed = new RegistrySettings(
                settings.attempts(),
                Duration.ofSeconds(settings.patience()),
                Duration.ofSeconds(settings.connectTimeout()),
                Duration.ofSeconds(settings.stallTimeout()),
                settings.connectionsPerHost(),
                roots(settings.hosts()),
                Proxies.of(settings.httpsProxy(), settings.httpProxy(), settings.noProxy(), environment));
        Clock clock = Clock.systemUTC();
        this.transport = new Transport(parsed, clock);
        Backoff backoff = new Backoff(parsed.patience(), clock, new Random());
        this.clients = known -> new RegistryClient(parsed, transport, known, backoff, Pause.REAL, clock);
        this.candidates = new Candidates(new HostsDirectory(parsed.hosts())::hosts, clock);
        this.source = new RegistryImageSource(clients.apply(registry -> credentials(providers, registry)), candidates);
        this.config = new DockerConfig(
                configFile(settings.dockerConfig(), environment), new CredentialHelpers(() -> exec, environment));
    }

    /** Takes what runs credential helpers. */
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    public void bindExec(HostExec service) {
        exec = service;
    }

    /** Lets it go. */
    public void unbindExec(HostExec service) {
        if (exec == service) {
            exec = null;
        }
    }

    private static List<Path> roots(String configured) {
        return Stream.of(configured.split(File.pathSeparator))
                .filter(text -> !text.isBlank())
                .map(text -> Path.of(text.strip()))
                .toList();
    }

    private static Path configFile(String configured, Map<String, String> environment) {
        if (!configured.isEmpty()) {
            return Path.of(configured);
        }
        String directory = environment.getOrDefault("DOCKER_CONFIG", "");
        return directory.isEmpty()
                ? Path.of(System.getProperty("user.home", "/root"), ".docker", "config.json")
                : Path.of(directory, "config.json");
    }

    @Override
    public Optional<Credentials> credentials(String registry) {
        return config.credentials(registry);
    }

    @Override
    public String login(String registry, Credentials offered) {
        String subject = "cannot log in to " + registry;
        ImageReference any = anyOf(subject, registry);
        new RegistryImageSource(clients.apply(asked -> Optional.of(offered)), candidates).ping(subject, any);
        String kept = config.store(any.domain(), offered);
        source.forget(any.domain());
        return kept;
    }

    @Override
    public List<String> tags(ImageReference repository) {
        return source.tags(repository);
    }

    @Override
    public List<Descriptor> referrers(ImageReference image, @Nullable MediaType artifactType) {
        return source.referrers(image, artifactType);
    }

    @Override
    public void logout(String registry) {
        String subject = "cannot log out of " + registry;
        String domain = anyOf(subject, registry).domain();
        boolean erased = config.erase(domain);
        source.forget(domain);
        if (!erased) {
            throw new FeluccaException(
                    ErrorCode.NOT_FOUND, subject, "no credentials of it are kept", "see 'felucca login'");
        }
    }

    /** Some repository of a registry, whose name is checked by the way. */
    private static ImageReference anyOf(String subject, String registry) {
        try {
            ImageReference any = ImageReference.parse(registry + "/any/any");
            if (any.path().equals("any/any")) {
                return any;
            }
        } catch (OciFormatException e) {
            throw new FeluccaException(ErrorCode.INVALID_ARGUMENT, subject, e.getMessage(), null, e);
        }
        throw new FeluccaException(
                ErrorCode.INVALID_ARGUMENT,
                subject,
                "that is no registry",
                "give host or host:port, as in image names");
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

    @Override
    public Optional<InputStream> fetchPart(ImageReference repository, Descriptor descriptor, long offset, long length) {
        return source.fetchPart(repository, descriptor, offset, length);
    }

    @Override
    public boolean stores(ImageReference reference) {
        return source.stores(reference);
    }

    @Override
    public boolean putBlob(
            ImageReference repository, Descriptor descriptor, BlobContent content, Optional<ImageReference> sibling) {
        return source.putBlob(repository, descriptor, content, sibling);
    }

    @Override
    public void putManifest(ImageReference target, Descriptor descriptor, byte[] document) {
        source.putManifest(target, descriptor, document);
    }
}
