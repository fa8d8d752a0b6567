package org.felucca.registry;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.image.ImageSource;
import org.felucca.api.image.RegistryListings;
import org.felucca.oci.OciFormatException;
import org.felucca.oci.digest.Digest;
import org.felucca.oci.image.Descriptor;
import org.felucca.oci.image.MediaType;
import org.felucca.oci.json.JsonLimits;
import org.felucca.oci.reference.ImageReference;
import org.felucca.registry.Call.Payload;
import org.felucca.registry.hosts.Capability;
import org.felucca.registry.hosts.RegistryHost;
import org.jspecify.annotations.Nullable;

/** Any registry that speaks the distribution API. Thread-safe; calls block. */
final class RegistryImageSource implements ImageSource, RegistryListings {
    private static final String MANIFESTS = String.join(
            ", ",
            List.of(
                    MediaType.OCI_INDEX.value(),
                    MediaType.OCI_MANIFEST.value(),
                    MediaType.DOCKER_INDEX.value(),
                    MediaType.DOCKER_MANIFEST.value()));

    private final RegistryClient client;
    private final Candidates candidates;
    private final Listing listing;
    private final OpenUploads uploads = new OpenUploads();

    RegistryImageSource(RegistryClient client, Candidates candidates) {
        this.client = client;
        this.candidates = candidates;
        this.listing = new Listing(client, candidates);
    }

    @Override
    public List<String> tags(ImageReference repository) {
        return listing.tags(repository);
    }

    @Override
    public List<Descriptor> referrers(ImageReference image, @Nullable MediaType artifactType) {
        Digest digest = image.digest().orElseGet(() -> resolve(image).digest());
        return listing.referrers(image, digest, artifactType);
    }

    @Override
    public boolean serves(ImageReference reference) {
        return true;
    }

    @Override
    public Descriptor resolve(ImageReference reference) {
        String subject = "cannot find image " + reference.familiar();
        Set<Capability> wanted =
                reference.digest().isPresent() ? Set.of(Capability.PULL) : Set.of(Capability.PULL, Capability.RESOLVE);
        try {
            return candidates.ask(
                    subject,
                    reference.domain(),
                    wanted,
                    (host, attempts) -> resolve(subject, reference, host, attempts));
        } catch (IOException e) {
            throw Refusals.unreachable(subject, reference.domain(), e);
        }
    }

    private Descriptor resolve(String subject, ImageReference reference, RegistryHost host, int attempts) {
        URI uri = host.manifest(reference, reference.lookup());
        Call head = Call.to(subject, host, "HEAD", uri, scope(reference))
                .header("Accept", MANIFESTS)
                .attempts(attempts);
        HttpResponse<InputStream> response = client.call(head, 405);
        closeQuietly(response);
        if (response.statusCode() != 405) {
            Optional<Digest> digest = reference.digest().or(() -> digest(subject, response.headers()));
            OptionalLong size = response.headers().firstValueAsLong("Content-Length");
            if (digest.isPresent() && size.isPresent()) {
                return Descriptor.of(mediaType(subject, response.headers()), digest.get(), size.getAsLong());
            }
        }
        return resolveByContent(head.method("GET"));
    }

    /** For registries whose HEAD does not say it all: the manifest itself does. */
    private Descriptor resolveByContent(Call get) {
        String subject = get.subject();
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
            throw client.unreachable(get, e);
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
        ResumingStream stream = stream(subject, repository, descriptor, offset, descriptor.size());
        try {
            stream.connect();
            return stream;
        } catch (IOException e) {
            throw Refusals.unreachable(subject, repository.domain(), e);
        }
    }

    private ResumingStream stream(
            String subject, ImageReference repository, Descriptor descriptor, long offset, long end) {
        return new ResumingStream(
                client,
                subject,
                from -> asked(subject, repository, descriptor, call -> open(call, from, end, descriptor.size())),
                offset,
                end);
    }

    @Override
    public Optional<InputStream> fetchPart(ImageReference repository, Descriptor descriptor, long offset, long length) {
        String subject = "cannot fetch " + descriptor.digest() + " of " + repository.name();
        long end = offset + length;
        if (offset < 0 || length < 1 || end > descriptor.size()) {
            throw new FeluccaException(
                    ErrorCode.INVALID_ARGUMENT,
                    subject,
                    length + " bytes from " + offset + " are outside its " + descriptor.size());
        }
        try {
            Optional<InputStream> first =
                    asked(subject, repository, descriptor, call -> ranged(call, offset, end, descriptor.size()));
            return first.map(
                    body -> stream(subject, repository, descriptor, offset, end).startingWith(body));
        } catch (IOException e) {
            throw Refusals.unreachable(subject, repository.domain(), e);
        }
    }

    /** A request for a blob, made of one host. */
    @FunctionalInterface
    private interface Request<T> {
        T send(Call call) throws IOException;
    }

    /** Asks who has a blob: the hosts of the registry in turn, or the server that holds what registries may not. */
    private <T> T asked(String subject, ImageReference repository, Descriptor descriptor, Request<T> request)
            throws IOException {
        if (descriptor.mediaType().isForeignLayer() && !descriptor.urls().isEmpty()) {
            return request.send(
                    Call.elsewhere(subject, foreign(subject, descriptor.urls().get(0))));
        }
        return candidates.ask(
                subject,
                repository.domain(),
                Set.of(Capability.PULL),
                (host, attempts) ->
                        request.send(call(subject, host, repository, descriptor).attempts(attempts)));
    }

    private static Call call(String subject, RegistryHost host, ImageReference repository, Descriptor descriptor) {
        MediaType type = descriptor.mediaType();
        String digest = descriptor.digest().toString();
        String scope = scope(repository);
        return type.isManifest() || type.isIndex()
                ? Call.to(subject, host, "GET", host.manifest(repository, digest), scope)
                        .header("Accept", type.value())
                : Call.to(subject, host, "GET", host.blob(repository, digest), scope);
    }

    /** Asks for the rest of a blob, or of a part; where the server sends all of it, skips what is known. */
    private InputStream open(Call call, long from, long end, long size) throws IOException {
        if (from == 0 && end == size) {
            return whole(client.call(call));
        }
        HttpResponse<InputStream> response = client.call(range(call, from, end, size));
        if (response.statusCode() == 206) {
            return part(response, from);
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

    /** Asks for a part; empty where the server sends all instead. */
    private Optional<InputStream> ranged(Call call, long from, long end, long size) throws IOException {
        HttpResponse<InputStream> response = client.call(range(call, from, end, size));
        if (response.statusCode() == 206) {
            return Optional.of(part(response, from));
        }
        response.body().close();
        return Optional.empty();
    }

    private static Call range(Call call, long from, long end, long size) {
        return call.header("Range", "bytes=" + from + "-" + (end == size ? "" : end - 1));
    }

    private static InputStream part(HttpResponse<InputStream> response, long from) throws IOException {
        String range = response.headers().firstValue("Content-Range").orElse("");
        if (!range.startsWith("bytes " + from + "-")) {
            response.body().close();
            throw new IOException("asked for byte " + from + " on, got '" + range + "'");
        }
        return response.body();
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
        RegistryHost host = candidates.own(any.domain());
        closeQuietly(client.call(Call.to(subject, host, "GET", host.root(), "")));
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
        String subject = "cannot push " + descriptor.digest() + " to " + repository.name();
        RegistryHost host = candidates.first(subject, repository.domain(), Set.of(Capability.PUSH));
        return new Upload(client, subject, host, repository, descriptor, content, uploads).run(sibling);
    }

    @Override
    public void putManifest(ImageReference target, Descriptor descriptor, byte[] document) {
        String subject = "cannot push " + target.familiar();
        RegistryHost host = candidates.first(subject, target.domain(), Set.of(Capability.PUSH));
        String name = target.tag().isPresent()
                ? target.tag().orElseThrow()
                : descriptor.digest().toString();
        Call put = Call.to(subject, host, "PUT", host.manifest(target, name), Upload.scope(target))
                .header("Content-Type", descriptor.mediaType().value())
                .payload(new Payload(document.length, () -> new ByteArrayInputStream(document)));
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
