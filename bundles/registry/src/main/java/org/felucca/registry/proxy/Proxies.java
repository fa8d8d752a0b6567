package org.felucca.registry.proxy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.jspecify.annotations.Nullable;

/**
 * The proxies for requests over https and http. A setting counts before the environment, {@code direct} in it switches
 * the environment off. Immutable.
 */
public final class Proxies {
    private static final String DIRECT = "direct";
    private static final int DEFAULT_PORT = 80;

    private final Setting https;
    private final Setting http;
    private final Bypass bypass;

    /** The text of a proxy and who says so. */
    private record Setting(String text, String source) {}

    /**
     * A proxy.
     *
     * @param address where it is; not looked up
     * @param authorization what it wants to see, or null
     * @param source who named it
     */
    private record Found(
            InetSocketAddress address, @Nullable String authorization, String source) {}

    private Proxies(Setting https, Setting http, Bypass bypass) {
        this.https = https;
        this.http = http;
        this.bypass = bypass;
    }

    /**
     * Takes settings, and the environment where they are empty.
     *
     * @param https proxy of requests over https: {@code http://user:password@host:port}, {@code direct} or empty
     * @param http the same of requests over http
     * @param bypass hosts that are reached without, as {@code NO_PROXY} lists them
     * @param environment with {@code HTTPS_PROXY}, {@code HTTP_PROXY} and {@code NO_PROXY}, in capitals or not
     */
    public static Proxies of(String https, String http, String bypass, Map<String, String> environment) {
        return new Proxies(
                setting(https, "httpsProxy", "HTTPS_PROXY", environment),
                setting(http, "httpProxy", "HTTP_PROXY", environment),
                new Bypass(setting(bypass, "noProxy", "NO_PROXY", environment).text()));
    }

    private static Setting setting(String configured, String key, String variable, Map<String, String> environment) {
        if (!configured.isBlank()) {
            return new Setting(configured.strip(), key);
        }
        String lower = variable.toLowerCase(Locale.ROOT);
        String value = environment.getOrDefault(variable, "");
        return value.isBlank()
                ? new Setting(environment.getOrDefault(lower, "").strip(), lower)
                : new Setting(value.strip(), variable);
    }

    /** Whether there is any, so that the selector is wanted. */
    public boolean isEmpty() {
        return https.text().isEmpty() && http.text().isEmpty();
    }

    /**
     * Which proxy a request goes through, in words: {@code proxy host:port (HTTPS_PROXY)}.
     *
     * @throws FeluccaException FAILED_PRECONDITION if what is configured is no proxy that can be spoken to
     */
    public Optional<String> describe(String subject, URI uri) {
        return find(subject, uri)
                .map(found -> "proxy " + found.address().getHostString() + ":"
                        + found.address().getPort() + " (" + found.source() + ")");
    }

    /** The value of {@code Proxy-Authorization} for a request, if its proxy has credentials. */
    public Optional<String> authorization(String subject, URI uri) {
        return find(subject, uri).flatMap(found -> Optional.ofNullable(found.authorization()));
    }

    /** What the HTTP client asks. */
    public ProxySelector selector() {
        return new ProxySelector() {
            @Override
            public List<Proxy> select(URI uri) {
                return find("cannot reach " + uri.getHost(), uri)
                        .map(found -> List.of(new Proxy(Proxy.Type.HTTP, found.address())))
                        .orElse(List.of(Proxy.NO_PROXY));
            }

            @Override
            public void connectFailed(URI uri, SocketAddress address, IOException e) {
                // The request itself fails; there is no other proxy to try.
            }
        };
    }

    private Optional<Found> find(String subject, URI uri) {
        Setting setting = "https".equals(uri.getScheme()) ? https : http;
        if (setting.text().isEmpty() || setting.text().equals(DIRECT) || bypass.covers(uri)) {
            return Optional.empty();
        }
        return Optional.of(parse(subject, setting));
    }

    private static Found parse(String subject, Setting setting) {
        String text = setting.text().contains("://") ? setting.text() : "http://" + setting.text();
        URI uri;
        try {
            uri = URI.create(text);
        } catch (IllegalArgumentException e) {
            // Its text may hold a password, so it is not shown.
            throw wrong(subject, setting, "is malformed");
        }
        if (!"http".equals(uri.getScheme())) {
            throw wrong(subject, setting, "has scheme " + uri.getScheme() + ", which is not spoken here");
        }
        if (uri.getHost() == null) {
            throw wrong(subject, setting, "is malformed");
        }
        int port = uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort();
        String user = uri.getRawUserInfo();
        return new Found(
                InetSocketAddress.createUnresolved(uri.getHost(), port),
                user == null ? null : "Basic " + encoded(user),
                setting.source());
    }

    private static String encoded(String userInfo) {
        String pair = URLDecoder.decode(userInfo.replace("+", "%2B"), StandardCharsets.UTF_8);
        String whole = pair.contains(":") ? pair : pair + ":";
        return Base64.getEncoder().encodeToString(whole.getBytes(StandardCharsets.UTF_8));
    }

    private static FeluccaException wrong(String subject, Setting setting, String reason) {
        return new FeluccaException(
                ErrorCode.FAILED_PRECONDITION,
                subject,
                "the proxy of " + setting.source() + " " + reason,
                "write http://host:port, or http://user:password@host:port");
    }
}
