package org.felucca.registry;

import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.felucca.registry.hosts.RegistryHost;
import org.jspecify.annotations.Nullable;

/**
 * A request to a registry. Immutable; withers return new requests.
 *
 * @param subject what cannot be done if it fails: {@code cannot fetch …}
 * @param host whom to ask; null for a server that must see no secret
 * @param registry whom to blame in messages
 * @param method of HTTP
 * @param uri where
 * @param headers what to send beside Authorization
 * @param scope what access is asked for, {@code repository:<path>:pull}
 * @param payload what to send as the body; null for nothing
 * @param attempts most tries; 0 for as many as the settings say
 */
record Call(
        String subject,
        @Nullable RegistryHost host,
        String registry,
        String method,
        URI uri,
        Map<String, List<String>> headers,
        String scope,
        @Nullable Payload payload,
        int attempts) {

    /** A request to a registry's host. */
    static Call to(String subject, RegistryHost host, String method, URI uri, String scope) {
        return new Call(subject, host, host.domain(), method, uri, host.headers(), scope, null, 0);
    }

    /** A request to a server that must see no secret. */
    static Call elsewhere(String subject, URI uri) {
        return new Call(subject, null, uri.getHost(), "GET", uri, Map.of(), "", null, 0);
    }

    /** With a header more; one of that name is replaced. */
    Call header(String name, String value) {
        Map<String, List<String>> more = new LinkedHashMap<>(headers);
        more.keySet().removeIf(name::equalsIgnoreCase);
        more.put(name, List.of(value));
        return new Call(subject, host, registry, method, uri, more, scope, payload, attempts);
    }

    /** Going elsewhere on the same host. */
    Call uri(URI other) {
        return new Call(subject, host, registry, method, other, headers, scope, payload, attempts);
    }

    /** With another method. */
    Call method(String other) {
        return new Call(subject, host, registry, other, uri, headers, scope, payload, attempts);
    }

    /** With a body. */
    Call payload(Payload body) {
        return new Call(subject, host, registry, method, uri, headers, scope, body, attempts);
    }

    /** With a body of no bytes. */
    Call empty() {
        return payload(new Payload(0, InputStream::nullInputStream));
    }

    /** Asking for access to something else. */
    Call scope(String other) {
        return new Call(subject, host, registry, method, uri, headers, other, payload, attempts);
    }

    /** With another number of tries. */
    Call attempts(int most) {
        return new Call(subject, host, registry, method, uri, headers, scope, payload, most);
    }

    /**
     * The body of a request, opened again for every try.
     *
     * @param length exact number of bytes
     * @param content opens them
     */
    record Payload(long length, Supplier<InputStream> content) {
        /** The slowest transfer that is waited for, in bytes a second; what is slower counts as stalled. */
        private static final long SLOWEST = 16 << 10;

        /** How long sending it may take beyond what an empty request may. */
        Duration patience() {
            return Duration.ofSeconds(length / SLOWEST);
        }
    }
}
