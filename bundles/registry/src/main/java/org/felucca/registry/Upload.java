package org.felucca.registry;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.image.ImageSource.BlobContent;
import org.felucca.oci.image.Descriptor;
import org.felucca.oci.reference.ImageReference;
import org.felucca.registry.Call.Payload;
import org.felucca.registry.hosts.RegistryHost;
import org.jspecify.annotations.Nullable;

/**
 * One blob on its way into a repository, in pieces: after a break it asks the registry how far it came and goes on from
 * there, and so does the next push after one that gave up. Confined to one thread.
 *
 * <pre>
 * HEAD blob ─ 200 ─▶ there already
 *   │ 404
 * POST uploads?mount=…&amp;from=… ─ 201 ─▶ mounted
 *   │ 202, Location
 * PATCH Content-Range ◀─┐ next piece ── broken ─▶ GET Location: Range
 *   │ all sent ─────────┘
 * PUT ?digest=… ─ 201 ─▶ stored
 * </pre>
 *
 * @see <a href="https://github.com/opencontainers/distribution-spec/blob/main/spec.md#push">distribution-spec, push</a>
 */
final class Upload {
    /** Small enough that a cut costs little, large enough for registries that demand 5 MiB. */
    private static final long PIECE = 16L << 20;

    private static final Pattern RANGE = Pattern.compile("(?:bytes=)?0-([0-9]{1,18})");

    private final RegistryClient client;
    private final RegistryHost host;
    private final ImageReference repository;
    private final Descriptor descriptor;
    private final BlobContent content;
    private final OpenUploads open;
    private final String subject;
    private int failures;
    private @Nullable Session session;

    /** Where the next piece goes, and how much the registry has. */
    private record Session(URI location, long offset, long piece) {}

    Upload(
            RegistryClient client,
            String subject,
            RegistryHost host,
            ImageReference repository,
            Descriptor descriptor,
            BlobContent content,
            OpenUploads open) {
        this.client = client;
        this.host = host;
        this.repository = repository;
        this.descriptor = descriptor;
        this.content = content;
        this.open = open;
        this.subject = subject;
    }

    /** The access that pushing needs. */
    static String scope(ImageReference repository) {
        return "repository:" + repository.path() + ":pull,push";
    }

    /** Brings the blob there; false if the registry had it. */
    boolean run(Optional<ImageReference> sibling) {
        if (exists()) {
            return false;
        }
        try {
            resume();
            if (session == null && sibling.isPresent() && mount(sibling.orElseThrow())) {
                return false;
            }
            while (true) {
                try {
                    if (step()) {
                        return true;
                    }
                } catch (IOException e) {
                    failed(client.unreachable(call("PATCH", host.root()), e));
                    client.waitAfter(failures, subject);
                    session = recovered();
                }
            }
        } catch (FeluccaException e) {
            abandon(e);
            throw e;
        }
    }

    /** Goes on where an earlier push stopped, if the registry still knows; else the blob begins anew. */
    private void resume() {
        OpenUploads.Left left = open.take(host, repository, descriptor.digest()).orElse(null);
        if (left == null) {
            return;
        }
        session = new Session(left.location(), 0, left.piece());
        try {
            session = recovered();
        } catch (FeluccaException e) {
            switch (e.code()) {
                case NOT_FOUND, INVALID_ARGUMENT, DATA_LOSS -> session = null;
                default -> throw e;
            }
        }
    }

    private boolean exists() {
        Call head = call("HEAD", host.blob(repository, descriptor.digest().toString()));
        HttpResponse<InputStream> response = client.call(head, 404);
        close(response);
        return response.statusCode() != 404;
    }

    /** Asks for a blob of another repository; false if it has to be sent after all, maybe in the session this opened. */
    private boolean mount(ImageReference sibling) {
        String query = "mount=" + descriptor.digest() + "&from=" + sibling.path();
        String scope = scope(repository) + " repository:" + sibling.path() + ":pull";
        Call post = Call.to(subject, host, "POST", host.uploads(repository, query), scope)
                .empty();
        try {
            HttpResponse<InputStream> response = client.call(post, 400, 404);
            close(response);
            if (response.statusCode() == 202) {
                session = begun(response);
            }
            return response.statusCode() == 201;
        } catch (FeluccaException e) {
            if (e.is(ErrorCode.UNAUTHENTICATED) || e.is(ErrorCode.PERMISSION_DENIED)) {
                // The other repository may not be read: the blob itself is sent.
                return false;
            }
            throw e;
        }
    }

    /** One request towards the goal; true when the blob is stored. */
    private boolean step() throws IOException {
        Session current = session;
        if (current == null) {
            HttpResponse<InputStream> response =
                    client.call(call("POST", host.uploads(repository, "")).empty());
            close(response);
            session = begun(response);
            return false;
        }
        return current.offset() < descriptor.size() ? sendPiece(current) : complete(current);
    }

    private boolean sendPiece(Session current) throws IOException {
        long length = Math.min(current.piece(), descriptor.size() - current.offset());
        Call patch = call("PATCH", current.location())
                .header("Content-Type", "application/octet-stream")
                .header("Content-Range", current.offset() + "-" + (current.offset() + length - 1))
                .payload(new Payload(length, () -> open(current.offset(), length)));
        HttpResponse<InputStream> response = client.once(patch);
        if (response.statusCode() == 202) {
            close(response);
            long offset = received(response).orElse(current.offset() + length);
            if (offset <= current.offset()) {
                throw new IOException("the registry took none of " + length + " bytes");
            }
            failures = 0;
            session = new Session(location(response), offset, current.piece());
            return false;
        }
        refused(patch, response);
        return false;
    }

    private boolean complete(Session current) throws IOException {
        String join = current.location().getRawQuery() == null ? "?" : "&";
        URI uri = URI.create(current.location() + join + "digest=" + descriptor.digest());
        Call put = call("PUT", uri).empty();
        HttpResponse<InputStream> response = client.once(put);
        if (response.statusCode() == 201 || response.statusCode() == 204) {
            close(response);
            session = null;
            return true;
        }
        if (response.statusCode() == 400) {
            FeluccaException said = client.refusal(put, response);
            throw new FeluccaException(
                    ErrorCode.DATA_LOSS, subject, said.reason(), "check the blob here, and pull the image again", said);
        }
        refused(put, response);
        return session == null && exists();
    }

    /** Looks where the upload stands after an answer that was no success. */
    private void refused(Call call, HttpResponse<InputStream> response) throws IOException {
        int status = response.statusCode();
        FeluccaException refusal = client.refusal(call, response);
        boolean lost = status == 404 || status == 416;
        if (!lost && !RegistryClient.isTransient(status)) {
            throw refusal;
        }
        failed(refusal);
        client.waitAsAsked(response, failures, refusal, subject);
        session = recovered();
    }

    private void failed(FeluccaException last) {
        failures++;
        if (failures >= client.attempts()) {
            throw last;
        }
    }

    /** What the registry has of it; null if it no longer knows the upload, which then begins anew. */
    private @Nullable Session recovered() {
        Session before = session;
        if (before == null) {
            return null;
        }
        HttpResponse<InputStream> response = client.call(call("GET", before.location()), 404);
        close(response);
        if (response.statusCode() != 204) {
            return null;
        }
        // The specification has no word for "nothing yet"; docker-registry says 0-0, which may also be one byte.
        long offset = received(response).orElse(0L);
        if (offset > descriptor.size()) {
            return null;
        }
        URI location = response.headers().firstValue("Location").isPresent() ? location(response) : before.location();
        return new Session(location, offset <= 1 ? 0 : offset, before.piece());
    }

    private static Optional<Long> received(HttpResponse<?> response) {
        return response.headers()
                .firstValue("Range")
                .map(RANGE::matcher)
                .filter(Matcher::matches)
                .map(range -> Long.parseLong(range.group(1)) + 1);
    }

    private Session begun(HttpResponse<?> response) {
        long least = response.headers().firstValueAsLong("OCI-Chunk-Min-Length").orElse(0);
        return new Session(location(response), 0, Math.max(PIECE, least));
    }

    /** Where to go on; only where a secret may travel, or to the registry itself. */
    private URI location(HttpResponse<?> response) {
        String text = response.headers().firstValue("Location").orElse("");
        try {
            URI uri = response.uri().resolve(text);
            if (!text.isEmpty() && uri.getHost() != null && (host.owns(uri) || host.maySendTo(uri))) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            throw badLocation(text, e);
        }
        throw badLocation(text, null);
    }

    private FeluccaException badLocation(String text, @Nullable Throwable cause) {
        return new FeluccaException(
                ErrorCode.UNAVAILABLE,
                subject,
                "registry " + host.domain() + " wants the bytes at '" + text + "'",
                "it must name a place that is reached over https",
                cause);
    }

    /**
     * Leaves a broken upload to the next push where that can go on with it; else takes it away, so that the registry
     * keeps nothing of it. A failure is noted on what broke it.
     */
    private void abandon(FeluccaException reason) {
        Session left = session;
        if (left == null) {
            return;
        }
        if (reason.is(ErrorCode.CANCELLED) || reason.is(ErrorCode.UNAVAILABLE)) {
            open.keep(host, repository, descriptor.digest(), new OpenUploads.Left(left.location(), left.piece()));
            return;
        }
        try {
            client.once(call("DELETE", left.location())).body().close();
        } catch (IOException | FeluccaException e) {
            reason.addSuppressed(e);
        }
    }

    private InputStream open(long offset, long length) {
        try {
            return new Bounded(content.open(offset), length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Call call(String method, URI uri) {
        return Call.to(subject, host, method, uri, scope(repository));
    }

    private void close(HttpResponse<InputStream> response) {
        try {
            response.body().close();
        } catch (IOException e) {
            throw Refusals.unreachable(subject, host.domain(), e);
        }
    }
}
