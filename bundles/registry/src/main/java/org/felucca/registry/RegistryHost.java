package org.felucca.registry;

import java.net.URI;
import java.util.regex.Pattern;
import org.felucca.oci.reference.ImageReference;

/**
 * A registry: the domain of its references and where it answers.
 *
 * @param domain host and port as references write them, which is what credentials are filed under
 * @param base scheme and authority of its API
 */
record RegistryHost(String domain, URI base) {
    private static final String DOCKER_HUB = "registry-1.docker.io";
    private static final Pattern LOOPBACK_V4 = Pattern.compile("127(\\.[0-9]{1,3}){3}");

    /** The registry of a reference: over https, or http if it is a loopback host and the port is not 443. */
    static RegistryHost of(ImageReference reference) {
        String domain = reference.domain();
        String authority = domain.equals(ImageReference.DEFAULT_DOMAIN) ? DOCKER_HUB : domain;
        URI https = URI.create("https://" + authority);
        boolean plain = isLoopback(https.getHost()) && https.getPort() != 443;
        return new RegistryHost(domain, plain ? URI.create("http://" + authority) : https);
    }

    /**
     * Whether a name or address means this machine by itself, without asking anybody: a name that merely resolves to
     * a loopback address can be made to resolve elsewhere.
     */
    static boolean isLoopback(String host) {
        return host.equals("localhost")
                || host.endsWith(".localhost")
                || host.equals("[::1]")
                || LOOPBACK_V4.matcher(host).matches();
    }

    /** Whether a secret may travel there: https, or a loopback host. */
    static boolean isSafe(URI uri) {
        return "https".equals(uri.getScheme()) || ("http".equals(uri.getScheme()) && isLoopback(uri.getHost()));
    }

    /** Whether a URI belongs to this registry, so that it may see its Authorization header. */
    boolean owns(URI uri) {
        return base.getScheme().equals(uri.getScheme())
                && base.getHost().equalsIgnoreCase(uri.getHost())
                && port(base) == port(uri);
    }

    URI manifest(ImageReference repository, String tagOrDigest) {
        return URI.create(base + "/v2/" + repository.path() + "/manifests/" + tagOrDigest);
    }

    URI blob(ImageReference repository, String digest) {
        return URI.create(base + "/v2/" + repository.path() + "/blobs/" + digest);
    }

    /** Where uploads begin; {@code query} is empty or what mounts a blob. */
    URI uploads(ImageReference repository, String query) {
        return URI.create(base + "/v2/" + repository.path() + "/blobs/uploads/" + (query.isEmpty() ? "" : "?" + query));
    }

    private static int port(URI uri) {
        return uri.getPort() >= 0 ? uri.getPort() : "https".equals(uri.getScheme()) ? 443 : 80;
    }
}
