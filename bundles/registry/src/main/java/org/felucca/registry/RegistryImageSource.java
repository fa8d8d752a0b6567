package org.felucca.registry;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.image.ImageSource;
import org.felucca.oci.OciFormatException;
import org.felucca.oci.digest.Digest;
import org.felucca.oci.image.Descriptor;
import org.felucca.oci.image.MediaType;
import org.felucca.oci.json.JsonLimits;
import org.felucca.oci.reference.ImageReference;
import org.felucca.registry.RegistryClient.Call;
import org.felucca.registry.RegistryClient.Payload;

/** Any registry that speaks the distribution API. Thread-safe; calls block. */
final class RegistryImageSource implements ImageSource {
    private static final String MANIFESTS = String.join(
            ", ",
            List.of(
                    MediaType.OCI_INDEX.value(),
                    MediaType.OCI_MANIFEST.value(),
                    MediaType.DOCKER_INDEX.value(),
                    MediaType.DOCKER_MANIFEST.value()));

    private final RegistryClient client;

    RegistryImageSource(RegistryClient client) {
        this.client = client;
    }

    @Override
    public boolean serves(ImageReference reference) {
        return true;
    }

    @Override
    public Descriptor resolve(ImageReference reference) {
        String subject = "cannot find image " + reference.familiar();
        RegistryHost host = RegistryHost.of(reference);
        URI uri = host.manifest(reference, reference.lookup());
        Call head = new Call(subject, host, host.domain(), "HEAD", uri, Map.of("Accept", MANIFESTS), scope(reference));
        HttpResponse<InputStream> response = client.call(head, 405);
        closeQuietly(response);
        if (response.statusCode() != 405) {
            Optional<Digest> digest = reference.digest().or(() -> digest(subject, response.headers()));
            OptionalLong size = response.headers().firstValueAsLong("Content-Length");
            if (digest.isPresent() && size.isPresent()) {
                return Descriptor.of(mediaType(subject, response.headers()), digest.get(), size.getAsLong());
            }
        }
        return resolveByContent(subject, head);
    }

    /** For registries whose HEAD does not say it all: the manifest itself does. */
    private Descriptor resolveByContent(String subject, Call head) {
        Call get = new Call(subject, head.host(), head.registry(), "GET", head.uri(), head.headers(), head.scope());
        HttpResponse<InputStream> response = client.call(get);
        int limit = JsonLimits.DEFAULT.bytes();
        try (InputStream body = response.body()) {
            byte[] document = body.readNBytes(limit + 1);
            if (document.length > limit) {
                throw new FeluccaException(
                        ErrorCode.DATA_LOSS, subject, "its manifest has more than " + limit + " bytes");
            }
            return Descriptor.of(mediaType(subject, response.headers()), document);
        } catch (IOException e) {
            throw Refusals.unreachable(subject, head.registry(), e);
        }
    }

    @Override
    public InputStream fetch(ImageReference repository, Descriptor descriptor, long offset) {
        String subject = "cannot fetch " + descriptor.digest() + " of " + repository.name();
        if (offset < 0 || offset > descriptor.size()) {
            throw new FeluccaException(
                    ErrorCode.INVALID_ARGUMENT,
                    subject,
                    "offset " + offset + " is outside its " + descriptor.size() + " bytes");
        }
        Call call = call(subject, repository, descriptor);
        ResumingStream stream =
                new ResumingStream(client, subject, from -> open(call, from), offset, descriptor.size());
        try {
            stream.connect();
            return stream;
        } catch (IOException e) {
            throw Refusals.unreachable(subject, call.registry(), e);
        }
    }

    private Call call(String subject, ImageReference repository, Descriptor descriptor) {
        MediaType type = descriptor.mediaType();
        if (type.isForeignLayer() && !descriptor.urls().isEmpty()) {
            URI uri = foreign(subject, descriptor.urls().get(0));
            return new Call(subject, null, uri.getHost(), "GET", uri, Map.of(), "");
        }
        RegistryHost host = RegistryHost.of(repository);
        String digest = descriptor.digest().toString();
        boolean manifest = type.isManifest() || type.isIndex();
        return new Call(
                subject,
                host,
                host.domain(),
                "GET",
                manifest ? host.manifest(repository, digest) : host.blob(repository, digest),
                manifest ? Map.of("Accept", type.value()) : Map.of(),
                scope(repository));
    }

    /** Asks for the rest of a blob; where the server sends all of it, skips what is known. */
    private InputStream open(Call call, long from) throws IOException {
        if (from == 0) {
            return whole(client.call(call));
        }
        Map<String, String> headers = new HashMap<>(call.headers());
        headers.put("Range", "bytes=" + from + "-");
        Call ranged = new Call(
                call.subject(), call.host(), call.registry(), call.method(), call.uri(), headers, call.scope());
        HttpResponse<InputStream> response = client.call(ranged);
        InputStream body = response.body();
        if (response.statusCode() == 206) {
            String range = response.headers().firstValue("Content-Range").orElse("");
            if (!range.startsWith("bytes " + from + "-")) {
                body.close();
                throw new IOException("asked for byte " + from + " on, got '" + range + "'");
            }
            return body;
        }
        InputStream all = whole(response);
        try {
            all.skipNBytes(from);
            return all;
        } catch (IOException e) {
            all.close();
            throw e;
        }
    }

    private static InputStream whole(HttpResponse<InputStream> response) throws IOException {
        if (response.statusCode() != 200) {
            response.body().close();
            throw new IOException("asked for all of it, got status " + response.statusCode());
        }
        return response.body();
    }

    /** Asks a registry whether it lets the client in at all. */
    void ping(String subject, ImageReference any) {
        RegistryHost host = RegistryHost.of(any);
        URI uri = URI.create(host.base() + "/v2/");
        closeQuietly(client.call(new Call(subject, host, host.domain(), "GET", uri, Map.of(), "")));
    }

    /** Asks for credentials again: those of a registry have changed. */
    void forget(String domain) {
        client.forget(domain);
    }

    @Override
    public boolean stores(ImageReference reference) {
        return true;
    }

    @Override
    public boolean putBlob(
            ImageReference repository, Descriptor descriptor, BlobContent content, Optional<ImageReference> sibling) {
        return new Upload(client, repository, descriptor, content).run(sibling);
    }

    @Override
    public void putManifest(ImageReference target, Descriptor descriptor, byte[] document) {
        String subject = "cannot push " + target.familiar();
        RegistryHost host = RegistryHost.of(target);
        String name = target.tag().isPresent()
                ? target.tag().orElseThrow()
                : descriptor.digest().toString();
        Call put = new Call(
                subject,
                host,
                host.domain(),
                "PUT",
                host.manifest(target, name),
                Map.of("Content-Type", descriptor.mediaType().value()),
                Upload.scope(target),
                new Payload(document.length, () -> new ByteArrayInputStream(document)));
        HttpResponse<InputStream> response = client.call(put);
        closeQuietly(response);
        Optional<Digest> stored = digest(subject, response.headers());
        if (stored.filter(actual ->
                        actual.algorithm() == descriptor.digest().algorithm() && !actual.equals(descriptor.digest()))
                .isPresent()) {
            throw new FeluccaException(
                    ErrorCode.DATA_LOSS,
                    subject,
                    "registry " + host.domain() + " stored " + stored.orElseThrow() + " instead of "
                            + descriptor.digest(),
                    "look for a proxy that changes documents");
        }
    }

    private static URI foreign(String subject, String url) {
        try {
            URI uri = URI.create(url);
            if (uri.getHost() != null && RegistryHost.isSafe(uri)) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            throw new FeluccaException(ErrorCode.UNSUPPORTED, subject, "its address is malformed: " + url, null, e);
        }
        throw new FeluccaException(ErrorCode.UNSUPPORTED, subject, "it lies at " + url, "only https is followed");
    }

    private static Optional<Digest> digest(String subject, HttpHeaders headers) {
        try {
            return headers.firstValue("Docker-Content-Digest").map(Digest::parse);
        } catch (OciFormatException e) {
            throw new FeluccaException(ErrorCode.DATA_LOSS, subject, "the registry names a malformed digest", null, e);
        }
    }

    private static MediaType mediaType(String subject, HttpHeaders headers) {
        String type = headers.firstValue("Content-Type").orElse("");
        try {
            MediaType mediaType = MediaType.ofContentType(type);
            if (mediaType.isManifest() || mediaType.isIndex()) {
                return mediaType;
            }
            String name = mediaType.isSchema1() ? "a Docker schema 1 manifest" : "of media type " + mediaType;
            throw new FeluccaException(
                    ErrorCode.UNSUPPORTED, subject, "it is " + name, "push it as an OCI or Docker schema 2 image");
        } catch (OciFormatException e) {
            throw new FeluccaException(
                    ErrorCode.DATA_LOSS, subject, "the registry names no media type: '" + type + "'", null, e);
        }
    }

    private static String scope(ImageReference repository) {
        return "repository:" + repository.path() + ":pull";
    }

    private static void closeQuietly(HttpResponse<InputStream> head) {
        try {
            head.body().close();
        } catch (IOException e) {
            // The answer to HEAD has no body; there is nothing to lose.
            return;
        }
    }
}
