package org.felucca.registry;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.image.CredentialProvider.Credentials;
import org.felucca.oci.OciFormatException;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.ObjectReader;
import org.felucca.registry.hosts.RegistryHost;
import org.jspecify.annotations.Nullable;

/**
 * Answers challenges: basic credentials, or a token fetched for them (anonymously without any). Keeps what worked per
 * registry and scope until it expires. Thread-safe.
 *
 * @see <a href="https://distribution.github.io/distribution/spec/auth/token/">token authentication</a>
 */
final class Authenticator {
    private static final Duration DEFAULT_LIFE = Duration.ofSeconds(60);
    private static final Duration MARGIN = Duration.ofSeconds(10);

    private final Function<String, Optional<Credentials>> credentials;
    private final TokenFetch fetch;
    private final Clock clock;
    private final Map<String, Grant> grants = new ConcurrentHashMap<>();

    /** Fetches a token document for a host, whose certificates count; a form makes it a POST. */
    interface TokenFetch {
        byte[] fetch(RegistryHost host, URI uri, @Nullable String authorization, @Nullable String form);
    }

    /** A header value that worked, and until when it should. */
    private record Grant(String authorization, Instant until) {}

    /**
     * @param credentials finds credentials by a reference's domain
     * @param fetch how tokens are fetched
     */
    Authenticator(Function<String, Optional<Credentials>> credentials, TokenFetch fetch, Clock clock) {
        this.credentials = credentials;
        this.fetch = fetch;
        this.clock = clock;
    }

    /** The Authorization header to send at once, if one is known to have worked. */
    Optional<String> known(RegistryHost host, String scope) {
        Grant grant = grants.get(key(host, scope));
        return grant == null || clock.instant().isAfter(grant.until())
                ? Optional.empty()
                : Optional.of(grant.authorization());
    }

    /**
     * The Authorization header that answers a 401.
     *
     * @param scope what access is for, unless the challenge says so itself
     * @throws FeluccaException UNAUTHENTICATED if there is no answer, or the token server refuses it
     */
    String answer(RegistryHost host, String scope, List<Challenge> challenges, String subject) {
        Grant grant = null;
        for (Challenge challenge : challenges) {
            if (challenge.scheme().equals("bearer")) {
                grant = bearer(host, scope, challenge, subject);
                break;
            } else if (challenge.scheme().equals("basic") && grant == null) {
                grant = basic(host, subject);
            }
        }
        if (grant == null) {
            throw new FeluccaException(
                    ErrorCode.UNAUTHENTICATED,
                    subject,
                    "registry " + host.domain() + " asks for an authentication nobody here speaks",
                    "it must offer Bearer or Basic");
        }
        grants.put(key(host, scope), grant);
        return grant.authorization();
    }

    /** Forgets what did not work after all. */
    void forget(RegistryHost host, String scope) {
        grants.remove(key(host, scope));
    }

    /** Forgets all that worked for a registry: its credentials have changed. */
    void forget(String domain) {
        grants.keySet().removeIf(key -> key.startsWith(domain + " "));
    }

    private Grant basic(RegistryHost host, String subject) {
        Credentials found = credentials
                .apply(host.domain())
                .orElseThrow(() -> new FeluccaException(
                        ErrorCode.UNAUTHENTICATED,
                        subject,
                        "registry " + host.domain() + " asks for a user and a password",
                        "run 'felucca login " + host.domain() + "'"));
        return new Grant(basicHeader(found), Instant.MAX);
    }

    private Grant bearer(RegistryHost host, String scope, Challenge challenge, String subject) {
        URI realm = realm(host, challenge.parameter("realm"), subject);
        // Looking whether a blob is there asks for less than the push it belongs to: one token does for both.
        String wanted = scope.startsWith(challenge.parameter("scope")) ? scope : challenge.parameter("scope");
        String service = challenge.parameter("service");
        Credentials found = credentials.apply(host.domain()).orElse(null);
        byte[] document;
        if (found != null && found.user().isEmpty()) {
            String form = "grant_type=refresh_token&client_id=felucca&refresh_token=" + encode(found.secret())
                    + "&service=" + encode(service) + parameter(wanted);
            document = fetch.fetch(host, realm, null, form);
        } else {
            String query = "service=" + encode(service) + parameter(wanted);
            String join = realm.getRawQuery() == null ? "?" : "&";
            URI asked = URI.create(realm + join + query);
            document = fetch.fetch(host, asked, found == null ? null : basicHeader(found), null);
        }
        return token(host, document, subject);
    }

    private static URI realm(RegistryHost host, String text, String subject) {
        try {
            URI realm = URI.create(text);
            if (realm.getHost() != null && host.maySendTo(realm)) {
                return realm;
            }
        } catch (IllegalArgumentException e) {
            throw badRealm(host, text, subject, e);
        }
        throw badRealm(host, text, subject, null);
    }

    private Grant token(RegistryHost host, byte[] document, String subject) {
        try {
            return token(host, JsonCursor.of("the token", document).object(), subject);
        } catch (OciFormatException e) {
            throw new FeluccaException(
                    ErrorCode.UNAVAILABLE,
                    subject,
                    "the token server of " + host.domain() + " gave no token: " + e.getMessage(),
                    "try again later",
                    e);
        }
    }

    private Grant token(RegistryHost host, ObjectReader object, String subject) {
        String token = object.optionalString("token");
        String accessToken = object.optionalString("access_token");
        String value = token == null || token.isEmpty() ? accessToken : token;
        if (value == null || value.isEmpty() || value.chars().anyMatch(c -> c <= ' ' || c >= 0x7f)) {
            throw new FeluccaException(
                    ErrorCode.UNAUTHENTICATED,
                    subject,
                    "the token server of " + host.domain() + " gave no usable token");
        }
        Long seconds = object.optionalInt64("expires_in");
        Duration life = seconds == null || seconds <= 0 ? DEFAULT_LIFE : Duration.ofSeconds(seconds);
        return new Grant("Bearer " + value, clock.instant().plus(life).minus(MARGIN));
    }

    private static FeluccaException badRealm(
            RegistryHost host, String text, String subject, @Nullable Throwable cause) {
        return new FeluccaException(
                ErrorCode.UNAUTHENTICATED,
                subject,
                "registry " + host.domain() + " names token server '" + text + "'",
                "it must be reached over https",
                cause);
    }

    private static String basicHeader(Credentials credentials) {
        byte[] pair = (credentials.user() + ":" + credentials.secret()).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair);
    }

    /** Logging in asks for no access to anything. */
    private static String parameter(String scope) {
        return scope.isEmpty() ? "" : "&scope=" + encode(scope);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String key(RegistryHost host, String scope) {
        return host.domain() + " " + host.api() + " " + scope;
    }
}
