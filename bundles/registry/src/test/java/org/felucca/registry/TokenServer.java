package org.felucca.registry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;

/** A token server for docker-registry: lets one user in and signs what is asked for. */
final class TokenServer implements AutoCloseable {
    static final String ISSUER = "test-tokens";
    static final String SERVICE = "test-registry";

    private final HttpsServer server;
    private final List<String> queries = new CopyOnWriteArrayList<>();
    private final String user;
    private final PrivateKey key;
    private final byte[] certificate;

    /**
     * @param tls what it presents
     * @param credentials {@code user:password}
     * @param key an RSA key that signs tokens
     * @param certificate its certificate in DER
     */
    TokenServer(SSLContext tls, String credentials, PrivateKey key, byte[] certificate) throws IOException {
        this.user = "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
        this.key = key;
        this.certificate = certificate.clone();
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        server.createContext("/token", this::answer);
        server.start();
    }

    String realm() {
        return "https://127.0.0.1:" + server.getAddress().getPort() + "/token";
    }

    /** What was asked, decoded. */
    List<String> queries() {
        return queries;
    }

    /** The section of a registry's configuration that trusts this server. */
    String section(Path bundle) {
        return "auth: {token: {realm: '" + realm() + "', service: " + SERVICE + ", issuer: " + ISSUER
                + ", rootcertbundle: " + bundle + "}}";
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String query = String.valueOf(exchange.getRequestURI().getRawQuery());
            queries.add(URLDecoder.decode(query, StandardCharsets.UTF_8));
            if (!user.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                exchange.sendResponseHeaders(401, -1);
                return;
            }
            byte[] document =
                    ("{\"token\":\"" + token(query) + "\",\"expires_in\":300}").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, document.length);
            exchange.getResponseBody().write(document);
        }
    }

    private String token(String query) {
        String access = Arrays.stream(query.split("&"))
                .filter(pair -> pair.startsWith("scope="))
                .flatMap(pair -> Arrays.stream(URLDecoder.decode(pair.substring(6), StandardCharsets.UTF_8)
                        .split(" ")))
                .map(TokenServer::access)
                .collect(Collectors.joining(","));
        long now = System.currentTimeMillis() / 1000;
        String header = "{\"alg\":\"RS256\",\"typ\":\"JWT\",\"x5c\":[\""
                + Base64.getEncoder().encodeToString(certificate) + "\"]}";
        String claims = "{\"iss\":\"" + ISSUER + "\",\"sub\":\"u\",\"aud\":\"" + SERVICE + "\",\"exp\":" + (now + 300)
                + ",\"nbf\":" + (now - 60) + ",\"iat\":" + now + ",\"jti\":\"" + queries.size() + "\",\"access\":["
                + access + "]}";
        String signed =
                encode(header.getBytes(StandardCharsets.UTF_8)) + "." + encode(claims.getBytes(StandardCharsets.UTF_8));
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key);
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + encode(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@code repository:team/app:pull,push}. */
    private static String access(String scope) {
        String[] parts = scope.split(":");
        String actions = Arrays.stream(parts[2].split(","))
                .map(action -> "\"" + action + "\"")
                .collect(Collectors.joining(","));
        return "{\"type\":\"" + parts[0] + "\",\"name\":\"" + parts[1] + "\",\"actions\":[" + actions + "]}";
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
