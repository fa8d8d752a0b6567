package org.felucca.registry;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import javax.net.ssl.SSLException;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.image.CredentialProvider.Credentials;
import org.felucca.registry.Call.Payload;
import org.felucca.registry.hosts.RegistryHost;
import org.jspecify.annotations.Nullable;

/**
 * Makes a request succeed if it can: follows redirects, answers challenges, waits and tries again. Thread-safe; calls
 * block.
 */
final class RegistryClient {
    private static final int REDIRECTS = 5;
    private static final String USER_AGENT = "felucca";

    private final Transport transport;
    private final Authenticator authenticator;
    private final Backoff backoff;
    private final Pause pause;
    private final int attempts;

    RegistryClient(
            RegistrySettings settings,
            Transport transport,
            Function<String, Optional<Credentials>> credentials,
            Backoff backoff,
            Pause pause,
            Clock clock) {
        this.transport = transport;
        this.authenticator = new Authenticator(credentials, this::fetchToken, clock);
        this.backoff = backoff;
        this.pause = pause;
        this.attempts = settings.attempts();
    }

    /**
     * Makes a call.
     *
     * @return an answer with status 2xx, or one of {@code accepted}; its body must be closed
     * @throws FeluccaException as the contract of an image source says
     */
    HttpResponse<InputStream> call(Call call, int... accepted) {
        int most = call.attempts() > 0 ? call.attempts() : attempts;
        FeluccaException last = null;
        for (int failures = 0; failures < most; failures++) {
            Duration wait;
            try {
                HttpResponse<InputStream> response = authorized(call);
                if (isFinal(response.statusCode(), accepted)) {
                    return response;
                }
                last = refusal(call, response);
                if (!isTransient(response.statusCode())) {
                    throw last;
                }
                Duration asked = asked(response);
                if (asked.compareTo(backoff.patience()) > 0) {
                    throw last;
                }
                wait = max(asked, backoff.after(failures + 1));
            } catch (SSLException e) {
                throw unreachable(call, e);
            } catch (IOException e) {
                last = unreachable(call, e);
                wait = backoff.after(failures + 1);
            }
            if (failures + 1 < most) {
                waitFor(wait, call.subject());
            }
        }
        throw last == null ? new IllegalStateException("no attempt was made") : last;
    }

    /** What an answer that is no success means; closes it. */
    FeluccaException refusal(Call call, HttpResponse<InputStream> response) throws IOException {
        try (InputStream body = response.body()) {
            if (response.statusCode() == 407) {
                return Refusals.proxyRefuses(call.subject(), via(call.subject(), response.uri()));
            }
            return Refusals.of(
                    call.subject(),
                    call.registry(),
                    response.statusCode(),
                    body,
                    RateLimit.of(response.headers()).words());
        }
    }

    /** What it means that no answer came. */
    FeluccaException unreachable(Call call, IOException e) {
        String via = via(call.subject(), call.uri());
        return Refusals.unreachable(call.subject(), call.registry() + (via.isEmpty() ? "" : " through " + via), e);
    }

    private String via(String subject, URI uri) {
        return transport.proxies().describe(subject, uri).orElse("");
    }

    private Duration asked(HttpResponse<?> response) {
        return response.headers()
                .firstValue("Retry-After")
                .flatMap(backoff::asked)
                .orElse(Duration.ZERO);
    }

    /**
     * Makes a call once, with answers to redirects and challenges but whatever its status; for work that has to look
     * where it stands before it tries again.
     */
    HttpResponse<InputStream> once(Call call) throws IOException {
        return authorized(call);
    }

    /** Whether the same request may succeed later. */
    static boolean isTransient(int status) {
        return status == 408 || status == 429 || status == 500 || status == 502 || status == 503 || status == 504;
    }

    /**
     * Waits before another try, as long as an answer asks for.
     *
     * @throws FeluccaException {@code otherwise} if that is beyond patience
     */
    void waitAsAsked(HttpResponse<?> response, int failures, FeluccaException otherwise, String subject) {
        Duration asked = asked(response);
        if (asked.compareTo(backoff.patience()) > 0) {
            throw otherwise;
        }
        waitFor(max(asked, backoff.after(failures)), subject);
    }

    /** Asks for credentials again at the next challenge of a registry. */
    void forget(String domain) {
        authenticator.forget(domain);
    }

    /** Waits before another try; for streams that resume. */
    void waitAfter(int failures, String subject) {
        waitFor(backoff.after(failures), subject);
    }

    int attempts() {
        return attempts;
    }

    private void waitFor(Duration wait, String subject) {
        try {
            pause.pause(wait);
        } catch (InterruptedException e) {
            throw Refusals.cancelled(subject, e);
        }
    }

    /** Sends with what is known to work, and answers a challenge once. */
    private HttpResponse<InputStream> authorized(Call call) throws IOException {
        RegistryHost host = call.host();
        if (host == null) {
            return follow(call, null);
        }
        Optional<String> known = authenticator.known(host, call.scope());
        HttpResponse<InputStream> response = follow(call, known.orElse(null));
        if (response.statusCode() != 401 || !host.owns(response.uri())) {
            return response;
        }
        response.body().close();
        authenticator.forget(host, call.scope());
        String answer = authenticator.answer(
                host, call.scope(), Challenge.parse(response.headers().allValues("WWW-Authenticate")), call.subject());
        HttpResponse<InputStream> second = follow(call, answer);
        if (second.statusCode() == 401) {
            authenticator.forget(host, call.scope());
        }
        return second;
    }

    /** Follows redirects; the Authorization header stays with the registry it is for. */
    private HttpResponse<InputStream> follow(Call call, @Nullable String authorization) throws IOException {
        URI uri = call.uri();
        for (int hop = 0; hop <= REDIRECTS; hop++) {
            boolean own = call.host() != null && call.host().owns(uri);
            HttpResponse<InputStream> response = exchange(call, uri, own, authorization);
            if (!isRedirect(response.statusCode())) {
                return response;
            }
            response.body().close();
            if (call.payload() != null && response.statusCode() != 307 && response.statusCode() != 308) {
                // Any other status turns the request into a GET (RFC 9110, 15.4): nothing would be stored.
                throw badRedirect(
                        call, response.headers().firstValue("Location").orElse(""), null);
            }
            uri = target(call, uri, response.headers().firstValue("Location").orElse(""));
        }
        throw new FeluccaException(
                ErrorCode.UNAVAILABLE,
                call.subject(),
                "registry " + call.registry() + " redirects more than " + REDIRECTS + " times");
    }

    private HttpResponse<InputStream> exchange(Call call, URI uri, boolean own, @Nullable String authorization)
            throws IOException {
        try (SentBody body = new SentBody(call.payload())) {
            HttpRequest.Builder builder = HttpRequest.newBuilder(uri)
                    .timeout(timeout(call.payload()))
                    .header("User-Agent", USER_AGENT)
                    .method(call.method(), body.publisher());
            call.headers().forEach((name, values) -> {
                // What was configured for a host is as much its own as credentials are.
                if (own || call.host() == null || !call.host().headers().containsKey(name)) {
                    values.forEach(value -> builder.header(name, value));
                }
            });
            if (own && authorization != null) {
                builder.setHeader("Authorization", authorization);
            }
            return send(builder, uri, call.host(), call.subject());
        }
    }

    private Duration timeout(@Nullable Payload payload) {
        return payload == null
                ? transport.headTimeout()
                : transport.headTimeout().plus(payload.patience());
    }

    /** Sends when the host is open for requests, and heeds what its answer says about the next ones. */
    private HttpResponse<InputStream> send(
            HttpRequest.Builder builder, URI uri, @Nullable RegistryHost host, String subject) throws IOException {
        Traffic traffic = transport.traffic();
        transport
                .proxies()
                .authorization(subject, uri)
                .ifPresent(value -> builder.setHeader("Proxy-Authorization", value));
        Duration closed = traffic.closed(uri);
        if (!closed.isZero()) {
            waitFor(closed, subject);
        }
        try {
            HttpResponse<InputStream> response = transport.send(builder.build(), host, subject);
            Duration wait = isOverloaded(response.statusCode())
                    ? asked(response)
                    : RateLimit.of(response.headers()).pause().orElse(Duration.ZERO);
            if (!wait.isZero() && wait.compareTo(backoff.patience()) <= 0) {
                traffic.close(uri, wait);
            }
            return response;
        } catch (InterruptedException e) {
            throw Refusals.cancelled(subject, e);
        }
    }

    /** Whether an answer is about the host and not about what was asked. */
    private static boolean isOverloaded(int status) {
        return status == 429 || status == 503;
    }

    private static URI target(Call call, URI from, String location) {
        try {
            URI to = from.resolve(location);
            boolean downgrade = "https".equals(from.getScheme()) && !"https".equals(to.getScheme());
            RegistryHost host = call.host();
            boolean allowed = to.getHost() != null && (host == null ? RegistryHost.isSafe(to) : host.maySendTo(to));
            if (!location.isEmpty() && !downgrade && allowed) {
                return to;
            }
        } catch (IllegalArgumentException e) {
            throw badRedirect(call, location, e);
        }
        throw badRedirect(call, location, null);
    }

    private static FeluccaException badRedirect(Call call, String location, @Nullable Throwable cause) {
        return new FeluccaException(
                ErrorCode.UNAVAILABLE,
                call.subject(),
                "registry " + call.registry() + " redirects to '" + location + "'",
                "only https is followed, and http between loopback hosts",
                cause);
    }

    private byte[] fetchToken(RegistryHost host, URI uri, @Nullable String authorization, @Nullable String form) {
        String subject = "cannot get a token from " + uri.getHost();
        HttpRequest.Builder builder = HttpRequest.newBuilder(uri)
                .timeout(transport.headTimeout())
                .header("User-Agent", USER_AGENT)
                .header("Accept", "application/json");
        if (authorization != null) {
            builder.header("Authorization", authorization);
        }
        if (form != null) {
            builder.header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(HttpRequest.BodyPublishers.ofString(form));
        }
        FeluccaException last = null;
        for (int failures = 0; failures < attempts; failures++) {
            if (failures > 0) {
                waitAfter(failures, subject);
            }
            try {
                HttpResponse<InputStream> response = send(builder, uri, host, subject);
                if (response.statusCode() == 200) {
                    try (InputStream body = response.body()) {
                        return body.readNBytes(1 << 20);
                    }
                }
                last = refusal(Call.elsewhere(subject, uri), response);
                if (!isTransient(response.statusCode())) {
                    throw last;
                }
            } catch (IOException e) {
                last = unreachable(Call.elsewhere(subject, uri), e);
            }
        }
        throw last == null ? new IllegalStateException("no attempt was made") : last;
    }

    private static boolean isFinal(int status, int... accepted) {
        for (int one : accepted) {
            if (status == one) {
                return true;
            }
        }
        return status >= 200 && status < 300;
    }

    private static boolean isRedirect(int status) {
        return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
    }

    private static Duration max(Duration a, Duration b) {
        return a.compareTo(b) >= 0 ? a : b;
    }
}
