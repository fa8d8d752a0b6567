package org.felucca.registry;

import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLSession;

/**
 * An answer whose head has arrived, whatever becomes of its body.
 *
 * @param request what was asked
 * @param statusCode of HTTP
 * @param headers its headers
 * @param body the rest, as it arrives
 */
record Arrived(HttpRequest request, int statusCode, HttpHeaders headers, Body body)
        implements HttpResponse<InputStream> {

    /** An answer that has no body. */
    static Arrived withoutBody(HttpResponse<?> response) {
        Body body = new Body(Duration.ofSeconds(1));
        body.onComplete();
        return new Arrived(response.request(), response.statusCode(), response.headers(), body);
    }

    @Override
    public Optional<HttpResponse<InputStream>> previousResponse() {
        return Optional.empty();
    }

    @Override
    public Optional<SSLSession> sslSession() {
        return Optional.empty();
    }

    @Override
    public URI uri() {
        return request.uri();
    }

    @Override
    public HttpClient.Version version() {
        return HttpClient.Version.HTTP_1_1;
    }
}
