package org.felucca.registry.hosts;

import java.net.URI;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.felucca.oci.reference.ImageReference;
import org.felucca.registry.tls.TlsFiles;
import org.jspecify.annotations.Nullable;

/**
 * A host that answers for a registry: the registry itself or a mirror.
 *
 * @param domain host and port as references write them, which is what credentials are filed under
 * @param api scheme, authority and path of its API: {@code https://example.com/v2}
 * @param capabilities what it may be asked for
 * @param tls whom to trust and what to present
 * @param headers what every request to it carries
 * @param mirrored the registry it answers for, if that is another one; null otherwise
 * @param dialTimeout longest wait for a connection; null for the client's own
 */
public record RegistryHost(
        String domain,
        URI api,
        Set<Capability> capabilities,
        TlsFiles tls,
        Map<String, List<String>> headers,
        @Nullable String mirrored,
        @Nullable Duration dialTimeout) {
    private static final String DOCKER_HUB = "registry-1.docker.io";
    private static final Pattern LOOPBACK_V4 = Pattern.compile("127(\\.[0-9]{1,3}){3}");
    private static final Set<Capability> ALL = Set.copyOf(EnumSet.allOf(Capability.class));

    /** Copies. */
    public RegistryHost {
        capabilities = Set.copyOf(capabilities);
        headers = Map.copyOf(headers);
    }

    /** A host that may be asked for everything, with nothing special about it. */
    public static RegistryHost of(String domain, URI api) {
        return new RegistryHost(domain, api, ALL, TlsFiles.NONE, Map.of(), null, null);
    }

    /** The registry of a domain: over https, or http if it is a loopback host and the port is not 443. */
    public static RegistryHost of(String domain) {
        URI https = URI.create("https://" + authority(domain) + "/v2");
        boolean plain = isLoopback(https.getHost()) && https.getPort() != 443;
        return of(domain, plain ? URI.create("http://" + authority(domain) + "/v2") : https);
    }

    /** The registry of a domain over https, wherever it is. */
    static RegistryHost secure(String domain) {
        return of(domain, URI.create("https://" + authority(domain) + "/v2"));
    }

    private static String authority(String domain) {
        return domain.equals(ImageReference.DEFAULT_DOMAIN) ? DOCKER_HUB : domain;
    }

    /** The domain whose credentials an authority wants. */
    static String domainOf(String authority) {
        return authority.equals(DOCKER_HUB) ? ImageReference.DEFAULT_DOMAIN : authority;
    }

    /** This host with other TLS files. */
    RegistryHost with(TlsFiles other) {
        return new RegistryHost(domain, api, capabilities, other, headers, mirrored, dialTimeout);
    }

    /**
     * Whether a name or address means this machine by itself, without asking anybody: a name that merely resolves to
     * a loopback address can be made to resolve elsewhere.
     */
    public static boolean isLoopback(String host) {
        return host.equals("localhost")
                || host.endsWith(".localhost")
                || host.equals("[::1]")
                || LOOPBACK_V4.matcher(host).matches();
    }

    /** Whether a secret may travel there, whoever says so: https, or a loopback host. */
    public static boolean isSafe(URI uri) {
        return "https".equals(uri.getScheme()) || ("http".equals(uri.getScheme()) && isLoopback(uri.getHost()));
    }

    /**
     * Whether this host may send the client there: where {@link #isSafe}, and anywhere over http if it is spoken to in
     * the clear itself, because somebody configured that.
     */
    public boolean maySendTo(URI uri) {
        boolean configuredInTheClear = "http".equals(api.getScheme()) && !isLoopback(api.getHost());
        return isSafe(uri) || configuredInTheClear && "http".equals(uri.getScheme());
    }

    /** Whether a URI belongs to this host, so that it may see its Authorization header. */
    public boolean owns(URI uri) {
        return api.getScheme().equals(uri.getScheme())
                && api.getHost().equalsIgnoreCase(uri.getHost())
                && port(api) == port(uri);
    }

    /** Whether it may be asked for all of that. */
    public boolean can(Set<Capability> wanted) {
        return capabilities.containsAll(wanted);
    }

    /** Where its API begins; answers whether one is let in. */
    public URI root() {
        return URI.create(api + "/" + query(""));
    }

    /** A manifest or index. */
    public URI manifest(ImageReference repository, String tagOrDigest) {
        return in(repository, "/manifests/" + tagOrDigest, "");
    }

    /** A blob. */
    public URI blob(ImageReference repository, String digest) {
        return in(repository, "/blobs/" + digest, "");
    }

    /** Where uploads begin; {@code query} is empty or what mounts a blob. */
    public URI uploads(ImageReference repository, String query) {
        return in(repository, "/blobs/uploads/", query);
    }

    /** The tags there are, so many a page. */
    public URI tags(ImageReference repository, int page) {
        return in(repository, "/tags/list", "n=" + page);
    }

    /** What refers to a manifest; {@code query} is empty or what chooses among it. */
    public URI referrers(ImageReference repository, String digest, String query) {
        return in(repository, "/referrers/" + digest, query);
    }

    private URI in(ImageReference repository, String rest, String query) {
        return URI.create(api + "/" + repository.path() + rest + query(query));
    }

    /** A mirror of several registries is told which one is meant, as containerd does. */
    private String query(String own) {
        String namespace = mirrored == null ? "" : "ns=" + mirrored;
        String both = own.isEmpty() || namespace.isEmpty() ? own + namespace : own + "&" + namespace;
        return both.isEmpty() ? "" : "?" + both;
    }

    private static int port(URI uri) {
        return uri.getPort() >= 0 ? uri.getPort() : "https".equals(uri.getScheme()) ? 443 : 80;
    }
}
