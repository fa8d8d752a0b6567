package org.felucca.oci.image;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.felucca.oci.OciFormatException;
import org.felucca.oci.digest.Digest;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;
import org.felucca.oci.platform.Platform;
import org.jspecify.annotations.Nullable;

/**
 * A reference to content: what it is, its digest and its size in bytes. Immutable; {@code with…} makes a changed copy.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/main/descriptor.md">image-spec, descriptor</a>
 */
public final class Descriptor {
    private final MediaType mediaType;
    private final Digest digest;
    private final long size;
    private final List<String> urls;
    private final Map<String, String> annotations;
    private final @Nullable String data;
    private final @Nullable Platform platform;
    private final @Nullable MediaType artifactType;

    private Descriptor(
            MediaType mediaType,
            Digest digest,
            long size,
            List<String> urls,
            Map<String, String> annotations,
            @Nullable String data,
            @Nullable Platform platform,
            @Nullable MediaType artifactType) {
        if (size < 0) {
            throw new OciFormatException(
                    "descriptor of " + digest, null, "size " + size + " is negative", "give 0 or more");
        }
        this.mediaType = mediaType;
        this.digest = digest;
        this.size = size;
        this.urls = List.copyOf(urls);
        this.annotations = Collections.unmodifiableMap(new LinkedHashMap<>(annotations));
        this.data = data;
        this.platform = platform;
        this.artifactType = artifactType;
    }

    /**
     * A descriptor with the required parts.
     *
     * @throws OciFormatException if the size is negative
     */
    public static Descriptor of(MediaType mediaType, Digest digest, long size) {
        return new Descriptor(mediaType, digest, size, List.of(), Map.of(), null, null, null);
    }

    /** The descriptor of these bytes. */
    public static Descriptor of(MediaType mediaType, byte[] content) {
        return of(mediaType, Digest.of(content), content.length);
    }

    /** Reads one; see {@link JsonCursor} for what is thrown. */
    public static Descriptor read(JsonCursor at) {
        ObjectReader object = at.object();
        return new Descriptor(
                object.required("mediaType", Descriptor::mediaType),
                object.required("digest", cursor -> cursor.as(c -> Digest.parse(c.string()))),
                object.require("size").integer(0, Long.MAX_VALUE),
                object.strings("urls"),
                object.stringMap("annotations"),
                object.optionalString("data"),
                object.optional("platform", PlatformJson::read),
                object.optional("artifactType", Descriptor::mediaType));
    }

    static MediaType mediaType(JsonCursor at) {
        return at.as(cursor -> new MediaType(cursor.string()));
    }

    /** What the content is. */
    public MediaType mediaType() {
        return mediaType;
    }

    /** The content's identity. */
    public Digest digest() {
        return digest;
    }

    /** The content's length in bytes. */
    public long size() {
        return size;
    }

    /** Where else the content can be had. */
    public List<String> urls() {
        return urls;
    }

    /** Free notes. */
    public Map<String, String> annotations() {
        return annotations;
    }

    /** The content itself in base64, if it is embedded; not checked against the digest. */
    public Optional<String> data() {
        return Optional.ofNullable(data);
    }

    /** In an index: what the image runs on. */
    public Optional<Platform> platform() {
        return Optional.ofNullable(platform);
    }

    /** The type of the artifact when the content is one. */
    public Optional<MediaType> artifactType() {
        return Optional.ofNullable(artifactType);
    }

    /** The same with these annotations instead. */
    public Descriptor withAnnotations(Map<String, String> newAnnotations) {
        return new Descriptor(mediaType, digest, size, urls, newAnnotations, data, platform, artifactType);
    }

    /** The same for this platform. */
    public Descriptor withPlatform(Platform newPlatform) {
        return new Descriptor(mediaType, digest, size, urls, annotations, data, newPlatform, artifactType);
    }

    /** With what the artifact is that it describes. */
    public Descriptor withArtifactType(MediaType newArtifactType) {
        return new Descriptor(mediaType, digest, size, urls, annotations, data, platform, newArtifactType);
    }

    /** As image-spec writes it. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .put("mediaType", mediaType.value())
                .put("digest", digest.toString())
                .put("size", size)
                .strings("urls", urls)
                .stringMap("annotations", annotations)
                .optional("data", data)
                .optional("platform", platform, PlatformJson::write)
                .optional("artifactType", artifactType == null ? null : artifactType.value())
                .build();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Descriptor that && toJson().equals(that.toJson());
    }

    @Override
    public int hashCode() {
        return digest.hashCode();
    }

    /** Media type, digest and size, for people. */
    @Override
    public String toString() {
        return mediaType + " " + digest + " (" + size + " bytes)";
    }
}
