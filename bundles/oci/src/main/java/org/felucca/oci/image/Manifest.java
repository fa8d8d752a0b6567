package org.felucca.oci.image;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.felucca.oci.OciFormatException;
import org.felucca.oci.json.JsonArray;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.JsonValue;
import org.felucca.oci.json.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * An image manifest: the configuration and the layers of one image for one platform.
 *
 * @param mediaType which of the two formats it is
 * @param config the configuration
 * @param layers the layers, lowest first
 * @param annotations free notes
 * @param artifactType what it is when it is no image; null for images
 * @param subject the manifest this one is about (referrers); null for images
 * @see <a href="https://github.com/opencontainers/image-spec/blob/main/manifest.md">image-spec, manifest</a>
 */
public record Manifest(
        MediaType mediaType,
        Descriptor config,
        List<Descriptor> layers,
        Map<String, String> annotations,
        @Nullable MediaType artifactType,
        @Nullable Descriptor subject) {
    private static final String SUBJECT = "image manifest";

    /**
     * @throws OciFormatException if the media type is not that of a manifest
     */
    public Manifest {
        if (!mediaType.isManifest()) {
            throw new OciFormatException(
                    SUBJECT, null, mediaType + " is not a manifest", "use " + MediaType.OCI_MANIFEST);
        }
        layers = List.copyOf(layers);
        annotations = Collections.unmodifiableMap(new LinkedHashMap<>(annotations));
    }

    /** An OCI manifest of an image. */
    public static Manifest of(Descriptor config, List<Descriptor> layers) {
        return new Manifest(MediaType.OCI_MANIFEST, config, layers, Map.of(), null, null);
    }

    /**
     * Parses a manifest.
     *
     * @param document its bytes, whose digest the caller has checked
     * @throws OciFormatException if it is not a schema 2 or OCI manifest, or could also be read as an index
     */
    public static Manifest parse(byte[] document) {
        ObjectReader object = JsonCursor.of(SUBJECT, document).object();
        MediaType mediaType = SchemaVersion.mediaType(object, MediaType.OCI_MANIFEST);
        if (!mediaType.isManifest()) {
            throw object.at().error(mediaType + " is not a manifest", "expected " + MediaType.OCI_MANIFEST);
        }
        SchemaVersion.refuse(object, "manifests");
        return new Manifest(
                mediaType,
                object.required("config", Descriptor::read),
                object.require("layers").list(Descriptor::read),
                object.stringMap("annotations"),
                object.optional("artifactType", Descriptor::mediaType),
                object.optional("subject", Descriptor::read));
    }

    /** Whether the configuration is that of a container image, so that it can be unpacked and run. */
    public boolean isImage() {
        return config.mediaType().isConfig()
                && layers.stream().allMatch(layer -> layer.mediaType().isLayer());
    }

    /** As image-spec writes it. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .put("schemaVersion", 2)
                .put("mediaType", mediaType.value())
                .optional("artifactType", artifactType == null ? null : artifactType.value())
                .put("config", config.toJson())
                .put(
                        "layers",
                        new JsonArray(layers.stream()
                                .<JsonValue>map(Descriptor::toJson)
                                .toList()))
                .optional("subject", subject, Descriptor::toJson)
                .stringMap("annotations", annotations)
                .build();
    }
}
