package org.felucca.oci.image;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.felucca.oci.OciFormatException;
import org.felucca.oci.json.JsonArray;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.JsonValue;
import org.felucca.oci.json.ObjectReader;
import org.felucca.oci.platform.PlatformMatcher;
import org.jspecify.annotations.Nullable;

/**
 * An image index: manifests, usually one per platform. Also what a Docker manifest list is and what an image layout's
 * {@code index.json} holds.
 *
 * @param mediaType which of the two formats it is
 * @param manifests the entries in order
 * @param annotations free notes
 * @param artifactType what it is when it is no set of images; null for images
 * @param subject the manifest this one is about (referrers); null for images
 * @see <a href="https://github.com/opencontainers/image-spec/blob/main/image-index.md">image-spec, image index</a>
 */
public record ImageIndex(
        MediaType mediaType,
        List<Descriptor> manifests,
        Map<String, String> annotations,
        @Nullable MediaType artifactType,
        @Nullable Descriptor subject) {
    private static final String SUBJECT = "image index";

    /**
     * @throws OciFormatException if the media type is not that of an index
     */
    public ImageIndex {
        if (!mediaType.isIndex()) {
            throw new OciFormatException(SUBJECT, null, mediaType + " is not an index", "use " + MediaType.OCI_INDEX);
        }
        manifests = List.copyOf(manifests);
        annotations = Collections.unmodifiableMap(new LinkedHashMap<>(annotations));
    }

    /** An OCI index of these manifests. */
    public static ImageIndex of(List<Descriptor> manifests) {
        return new ImageIndex(MediaType.OCI_INDEX, manifests, Map.of(), null, null);
    }

    /**
     * Parses an index.
     *
     * @param document its bytes, whose digest the caller has checked
     * @throws OciFormatException if it is not an index or manifest list, or could also be read as a manifest
     */
    public static ImageIndex parse(byte[] document) {
        ObjectReader object = JsonCursor.of(SUBJECT, document).object();
        MediaType mediaType = SchemaVersion.mediaType(object, MediaType.OCI_INDEX);
        if (!mediaType.isIndex()) {
            throw object.at().error(mediaType + " is not an index", "expected " + MediaType.OCI_INDEX);
        }
        SchemaVersion.refuse(object, "layers");
        SchemaVersion.refuse(object, "config");
        return new ImageIndex(
                mediaType,
                object.require("manifests").list(Descriptor::read),
                object.stringMap("annotations"),
                object.optional("artifactType", Descriptor::mediaType),
                object.optional("subject", Descriptor::read));
    }

    /**
     * The entry a host should take: the best match among those that name a platform, else the first image that names
     * none. Entries that are neither manifest nor index are passed over, so are attestations, which name the platform
     * {@code unknown/unknown}.
     */
    public Optional<Descriptor> select(PlatformMatcher matcher) {
        List<Descriptor> images = manifests.stream()
                .filter(entry ->
                        entry.mediaType().isManifest() || entry.mediaType().isIndex())
                .toList();
        List<Descriptor> named =
                images.stream().filter(entry -> entry.platform().isPresent()).toList();
        return matcher.best(named, entry -> entry.platform().orElseThrow())
                .or(() -> images.stream()
                        .filter(entry -> entry.platform().isEmpty())
                        .findFirst());
    }

    /** As image-spec writes it. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .put("schemaVersion", 2)
                .put("mediaType", mediaType.value())
                .optional("artifactType", artifactType == null ? null : artifactType.value())
                .put(
                        "manifests",
                        new JsonArray(manifests.stream()
                                .<JsonValue>map(Descriptor::toJson)
                                .toList()))
                .optional("subject", subject, Descriptor::toJson)
                .stringMap("annotations", annotations)
                .build();
    }
}
