package org.felucca.oci.reference;

import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.felucca.oci.OciFormatException;
import org.felucca.oci.digest.Digest;
import org.jspecify.annotations.Nullable;

/**
 * A fully qualified image reference: registry domain, repository path, and a tag, a digest or both. Immutable.
 *
 * <p>{@link #parse} normalises as Docker does: no domain means {@code docker.io}; a single path component there lives
 * in {@code library/}; neither tag nor digest means tag {@code latest}. With both, the digest decides what is fetched
 * and the tag is a note for people.
 *
 * <pre>
 *   alpine                        docker.io/library/alpine:latest
 *   gcr.io/a/b:1                  gcr.io/a/b:1
 *   localhost:5000/x@sha256:…     localhost:5000/x@sha256:…
 * </pre>
 */
public final class ImageReference {
    /** Docker Hub's domain in references; its registry host is another. */
    public static final String DEFAULT_DOMAIN = "docker.io";

    /** The tag meant when neither tag nor digest is given. */
    public static final String DEFAULT_TAG = "latest";

    private static final String LEGACY_DEFAULT_DOMAIN = "index.docker.io";
    private static final String OFFICIAL_PREFIX = "library/";
    private static final int PATH_MAX = 255;
    private static final int PORT_MAX = 65535;

    private static final String LABEL = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])";
    private static final Pattern DOMAIN =
            Pattern.compile("(?:" + LABEL + "(?:\\." + LABEL + ")*|\\[[a-fA-F0-9:]+\\])(?::[0-9]{1,5})?");
    private static final Pattern COMPONENT = Pattern.compile("[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*");
    private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");
    private static final Pattern IDENTIFIER = Pattern.compile("[a-f0-9]{64}");

    private final String domain;
    private final String path;
    private final @Nullable String tag;
    private final @Nullable Digest digest;

    private ImageReference(String domain, String path, @Nullable String tag, @Nullable Digest digest) {
        this.domain = domain;
        this.path = path;
        this.tag = tag;
        this.digest = digest;
    }

    /**
     * Parses and normalises a reference.
     *
     * @throws OciFormatException if the text is outside the grammar; the message names the part and the rule
     */
    public static ImageReference parse(String text) {
        if (text.isEmpty()) {
            throw invalid(text, "it is empty", "give an image name such as alpine:3.20");
        }
        if (IDENTIFIER.matcher(text).matches()) {
            throw invalid(text, "64 hexadecimal digits are an image id, not a name", "write name@sha256:… or a name");
        }
        String name = text;
        Digest digest = null;
        int at = text.indexOf('@');
        if (at >= 0) {
            name = text.substring(0, at);
            digest = digest(text, text.substring(at + 1));
        }
        String domain = DEFAULT_DOMAIN;
        String rest = name;
        int slash = name.indexOf('/');
        if (slash >= 0 && isDomain(name.substring(0, slash))) {
            domain = name.substring(0, slash);
            rest = name.substring(slash + 1);
            if (domain.equals(LEGACY_DEFAULT_DOMAIN)) {
                domain = DEFAULT_DOMAIN;
            }
        }
        String tag = null;
        int colon = rest.indexOf(':');
        if (colon >= 0) {
            tag = rest.substring(colon + 1);
            rest = rest.substring(0, colon);
        }
        if (domain.equals(DEFAULT_DOMAIN) && rest.indexOf('/') < 0) {
            rest = OFFICIAL_PREFIX + rest;
        }
        requireDomain(text, domain);
        requirePath(text, rest);
        if (tag != null) {
            requireTag(text, tag);
        } else if (digest == null) {
            tag = DEFAULT_TAG;
        }
        return new ImageReference(domain, rest, tag, digest);
    }

    /** This repository with that tag and no digest. */
    public ImageReference withTag(String newTag) {
        requireTag(newTag, newTag);
        return new ImageReference(domain, path, newTag, null);
    }

    /** This reference pinned to a digest; a tag is kept. */
    public ImageReference withDigest(Digest newDigest) {
        return new ImageReference(domain, path, tag, Objects.requireNonNull(newDigest, "digest"));
    }

    /** The registry: host, and port if one was given. */
    public String domain() {
        return domain;
    }

    /** The repository within the registry: {@code library/alpine}. */
    public String path() {
        return path;
    }

    /** Domain and path: {@code docker.io/library/alpine}. */
    public String name() {
        return domain + "/" + path;
    }

    /** The tag; empty only if there is a digest. */
    public Optional<String> tag() {
        return Optional.ofNullable(tag);
    }

    /** The digest the reference is pinned to. */
    public Optional<Digest> digest() {
        return Optional.ofNullable(digest);
    }

    /** What a registry is asked for: the digest if there is one, else the tag. */
    public String lookup() {
        return digest != null ? digest.toString() : Objects.requireNonNull(tag, "tag");
    }

    /** The short form people know: {@code alpine:latest}, {@code user/app@sha256:…}. {@link #parse} reads it back. */
    public String familiar() {
        String name = name();
        if (domain.equals(DEFAULT_DOMAIN)) {
            name = path;
            if (path.startsWith(OFFICIAL_PREFIX) && path.indexOf('/', OFFICIAL_PREFIX.length()) < 0) {
                name = path.substring(OFFICIAL_PREFIX.length());
            }
        }
        return suffixed(name);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ImageReference that
                && domain.equals(that.domain)
                && path.equals(that.path)
                && Objects.equals(tag, that.tag)
                && Objects.equals(digest, that.digest);
    }

    @Override
    public int hashCode() {
        return Objects.hash(domain, path, tag, digest);
    }

    /** The full form, which {@link #parse} reads back: {@code docker.io/library/alpine:latest}. */
    @Override
    public String toString() {
        return suffixed(name());
    }

    private String suffixed(String name) {
        return name + (tag == null ? "" : ":" + tag) + (digest == null ? "" : "@" + digest);
    }

    /** Whether the first component is a domain rather than a namespace on Docker Hub. */
    private static boolean isDomain(String first) {
        return first.equals("localhost")
                || first.indexOf('.') >= 0
                || first.indexOf(':') >= 0
                || !first.toLowerCase(Locale.ROOT).equals(first);
    }

    private static Digest digest(String text, String digest) {
        try {
            return Digest.parse(digest);
        } catch (OciFormatException e) {
            throw new OciFormatException(subject(text), null, "in the digest, " + e.reason(), e.fix(), e);
        }
    }

    private static void requireDomain(String text, String domain) {
        if (!DOMAIN.matcher(domain).matches()) {
            throw invalid(
                    text,
                    OciFormatException.quote(domain) + " is not a registry domain",
                    "write a host name or address with an optional port");
        }
        int colon = domain.lastIndexOf(':');
        if (colon > domain.lastIndexOf(']')) {
            int port = Integer.parseInt(domain.substring(colon + 1));
            if (port == 0 || port > PORT_MAX) {
                throw invalid(text, "port " + port + " does not exist", "write a port from 1 to " + PORT_MAX);
            }
        }
    }

    private static void requirePath(String text, String path) {
        if (path.length() > PATH_MAX) {
            throw invalid(
                    text,
                    "the repository name has " + path.length() + " characters",
                    "at most " + PATH_MAX + " are allowed");
        }
        for (String component : path.split("/", -1)) {
            if (!COMPONENT.matcher(component).matches()) {
                boolean upper = !component.toLowerCase(Locale.ROOT).equals(component);
                String wrong = upper ? "has upper-case letters" : component.isEmpty() ? "is empty" : "is malformed";
                throw invalid(
                        text,
                        "repository name component " + OciFormatException.quote(component) + " " + wrong,
                        "use lower-case letters and digits, separated by one of . _ __ or dashes");
            }
        }
    }

    private static void requireTag(String text, String tag) {
        if (!TAG.matcher(tag).matches()) {
            throw invalid(
                    text,
                    "tag " + OciFormatException.quote(tag) + " is malformed",
                    "use up to 128 letters, digits, _ . or -, not starting with . or -");
        }
    }

    private static OciFormatException invalid(String text, String reason, String fix) {
        return new OciFormatException(subject(text), null, reason, fix);
    }

    private static String subject(String text) {
        return "image reference " + OciFormatException.quote(text);
    }
}
