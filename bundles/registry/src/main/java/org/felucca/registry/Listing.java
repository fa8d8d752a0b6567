package org.felucca.registry;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.oci.OciFormatException;
import org.felucca.oci.digest.Digest;
import org.felucca.oci.image.Descriptor;
import org.felucca.oci.image.ImageIndex;
import org.felucca.oci.image.MediaType;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonLimits;
import org.felucca.oci.reference.ImageReference;
import org.felucca.registry.hosts.Capability;
import org.felucca.registry.hosts.RegistryHost;
import org.jspecify.annotations.Nullable;

/**
 * What a registry says of a repository as a whole: its tags, and what refers to a manifest. Answers come in pages that
 * are followed to the end. Thread-safe; calls block.
 *
 * @see <a href="https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#content-discovery">content
 *     discovery</a>
 */
final class Listing {
    /** Tags asked for at a time; registries may give fewer. */
    private static final int PAGE = 1000;

    /** More is a registry that goes round in circles. */
    private static final int PAGES = 10_000;

    private static final Pattern NEXT = Pattern.compile("<([^>]*)>\\s*;[^,]*\\brel=\"?next\"?");

    private final RegistryClient client;
    private final Candidates candidates;

    Listing(RegistryClient client, Candidates candidates) {
        this.client = client;
        this.candidates = candidates;
    }

    /** The tags of a repository, sorted: the specification has registries do that, and docker-registry does not. */
    List<String> tags(ImageReference repository) {
        String subject = "cannot list tags of " + repository.name();
        return asked(subject, repository, Capability.RESOLVE, (host, attempts) -> {
            Set<String> tags = new TreeSet<>();
            Call call = Call.to(subject, host, "GET", host.tags(repository, PAGE), scope(repository))
                    .header("Accept", "application/json")
                    .attempts(attempts);
            pages(call, client.call(call), document -> tags.addAll(tags(document)));
            return List.copyOf(tags);
        });
    }

    /** A registry says null of a repository whose tags were all removed. */
    private static List<String> tags(byte[] document) {
        var object = JsonCursor.of("tags", document).object();
        return object.list("tags", JsonCursor::string);
    }

    /**
     * The manifests that refer to one.
     *
     * @param artifactType only of this type; null for all
     */
    List<Descriptor> referrers(ImageReference repository, Digest digest, @Nullable MediaType artifactType) {
        String subject = "cannot list what refers to " + digest + " in " + repository.name();
        List<Descriptor> all = asked(
                subject,
                repository,
                Capability.REFERRERS,
                (host, attempts) -> referrers(subject, host, attempts, repository, digest, artifactType));
        // A registry need not choose by itself, and says in a header whether it did.
        return all.stream()
                .filter(one -> artifactType == null
                        || one.artifactType().filter(artifactType::equals).isPresent())
                .toList();
    }

    private List<Descriptor> referrers(
            String subject,
            RegistryHost host,
            int attempts,
            ImageReference repository,
            Digest digest,
            @Nullable MediaType artifactType)
            throws IOException {
        String query = artifactType == null
                ? ""
                : "artifactType=" + URLEncoder.encode(artifactType.value(), StandardCharsets.UTF_8);
        URI uri = host.referrers(repository, digest.toString(), query);
        Call call = index(subject, host, uri, repository).attempts(attempts);
        List<Descriptor> found = new ArrayList<>();
        HttpResponse<InputStream> response = client.call(call, 404, 405);
        if (response.statusCode() == 200) {
            pages(call, response, document -> found.addAll(manifests(document)));
            return found;
        }
        response.body().close();
        // A registry without the API: whoever pushes a referrer keeps an index under a tag made of the digest.
        String tag = digest.algorithm().id() + "-"
                + digest.hex().substring(0, Math.min(64, digest.hex().length()));
        Call tagged =
                index(subject, host, host.manifest(repository, tag), repository).attempts(attempts);
        HttpResponse<InputStream> fallback = client.call(tagged, 404);
        if (fallback.statusCode() == 404) {
            fallback.body().close();
            return found;
        }
        found.addAll(parsed(tagged, document(tagged, fallback), Listing::manifests));
        return found;
    }

    private static Call index(String subject, RegistryHost host, URI uri, ImageReference repository) {
        return Call.to(subject, host, "GET", uri, scope(repository)).header("Accept", MediaType.OCI_INDEX.value());
    }

    private static List<Descriptor> manifests(byte[] document) {
        return ImageIndex.parse(document).manifests();
    }

    /** Reads a page and those after it. */
    private void pages(Call first, HttpResponse<InputStream> answer, Consumer<byte[]> page) throws IOException {
        HttpResponse<InputStream> response = answer;
        for (int number = 1; ; number++) {
            Optional<String> link = next(response);
            parsed(first, document(first, response), document -> {
                page.accept(document);
                return document;
            });
            if (link.isEmpty()) {
                return;
            }
            if (number == PAGES) {
                throw new FeluccaException(
                        ErrorCode.RESOURCE_EXHAUSTED,
                        first.subject(),
                        "registry " + first.registry() + " gives more than " + PAGES + " pages",
                        "ask the registry's operator");
            }
            response = client.call(first.uri(followed(first, response.uri(), link.orElseThrow())));
        }
    }

    private static Optional<String> next(HttpResponse<?> response) {
        return response.headers().allValues("Link").stream()
                .map(NEXT::matcher)
                .filter(Matcher::find)
                .map(matcher -> matcher.group(1))
                .findFirst();
    }

    /** Pages lie at the registry itself, since credentials go along. */
    private static URI followed(Call first, URI from, String link) {
        try {
            URI uri = from.resolve(link);
            RegistryHost host = first.host();
            if (uri.getHost() != null && host != null && host.owns(uri)) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            throw badLink(first, link, e);
        }
        throw badLink(first, link, null);
    }

    private static FeluccaException badLink(Call first, String link, @Nullable Throwable cause) {
        return new FeluccaException(
                ErrorCode.UNAVAILABLE,
                first.subject(),
                "registry " + first.registry() + " continues at '" + link + "'",
                "the next page must lie at the same host",
                cause);
    }

    private byte[] document(Call call, HttpResponse<InputStream> response) throws IOException {
        int limit = JsonLimits.DEFAULT.bytes();
        try (InputStream body = response.body()) {
            byte[] document = body.readNBytes(limit + 1);
            if (document.length > limit) {
                throw new FeluccaException(
                        ErrorCode.DATA_LOSS, call.subject(), "the answer has more than " + limit + " bytes");
            }
            return document;
        }
    }

    private static <T> T parsed(Call call, byte[] document, Function<byte[], T> reader) {
        try {
            return reader.apply(document);
        } catch (OciFormatException e) {
            throw new FeluccaException(
                    ErrorCode.DATA_LOSS,
                    call.subject(),
                    "registry " + call.registry() + " gave no such list: " + e.getMessage(),
                    "look for a proxy that changes documents",
                    e);
        }
    }

    private <T> T asked(String subject, ImageReference repository, Capability wanted, Candidates.Turn<T> turn) {
        try {
            return candidates.ask(subject, repository.domain(), Set.of(wanted), turn);
        } catch (IOException e) {
            throw Refusals.unreachable(subject, repository.domain(), e);
        }
    }

    private static String scope(ImageReference repository) {
        return "repository:" + repository.path() + ":pull";
    }
}
