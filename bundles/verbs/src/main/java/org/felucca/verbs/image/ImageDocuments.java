package org.felucca.verbs.image;

import java.util.Optional;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.image.Image;
import org.felucca.api.image.ImageDetail;
import org.felucca.api.image.ImageService;
import org.felucca.oci.digest.Digest;
import org.felucca.oci.json.JsonArray;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.platform.Platform;
import org.felucca.oci.reference.ImageReference;

/** Images as documents. Stateless. */
public final class ImageDocuments {
    private static final String NONE = "<none>";

    private ImageDocuments() {}

    /** The image as this host would run it; empty if it has nothing for this host, is none, or content is missing. */
    static Optional<ImageDetail> detail(Image image, ImageService images) {
        try {
            return Optional.of(images.resolve(image, Platform.host()));
        } catch (FeluccaException e) {
            if (e.code() == ErrorCode.NOT_FOUND || e.code() == ErrorCode.UNSUPPORTED) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** The id people see: of the configuration, or of the target where this host has none. */
    static Digest id(Image image, Optional<ImageDetail> detail) {
        return detail.map(ImageDetail::id).orElse(image.target().digest());
    }

    /** An image that was brought here. */
    public static JsonObject brought(ImageDetail detail) {
        return JsonObject.builder()
                .put("name", detail.image().name().toString())
                .put("digest", detail.image().target().digest().toString())
                .put("id", detail.id().toString())
                .put("platform", detail.platform().toString())
                .put("size", detail.size())
                .build();
    }

    /** One row of {@code images}. */
    static JsonObject row(Image image, Optional<ImageDetail> detail) {
        ImageReference name = image.name();
        JsonObject.Builder row = JsonObject.builder()
                .put("name", name.toString())
                .put("repository", image.unnamed() ? NONE : repository(name))
                .put("tag", name.tag().orElse(NONE))
                .put("digest", image.target().digest().toString())
                .put("id", id(image, detail).toString())
                .put("created", created(image, detail));
        detail.ifPresent(found ->
                row.put("size", found.size()).put("platform", found.platform().toString()));
        return row.build();
    }

    private static String created(Image image, Optional<ImageDetail> detail) {
        return detail.map(found -> found.config().created())
                .orElse(image.created())
                .toString();
    }

    private static String repository(ImageReference name) {
        String familiar = name.familiar();
        String suffix = name.tag().map(tag -> ":" + tag).orElse("")
                + name.digest().map(digest -> "@" + digest).orElse("");
        return familiar.substring(0, familiar.length() - suffix.length());
    }

    /** Everything there is to say about an image. */
    public static JsonObject whole(Image image, ImageService images) {
        JsonObject.Builder document = JsonObject.builder()
                .put("name", image.name().toString())
                .put("target", image.target().toJson())
                .put("named", image.created().toString())
                .put("updated", image.updated().toString());
        detail(image, images)
                .ifPresent(found -> document.put("id", found.id().toString())
                        .put("platform", found.platform().toString())
                        .put("size", found.size())
                        .put("manifest", found.manifest().toJson())
                        .put("config", found.config().toJson())
                        .put(
                                "chain",
                                JsonArray.ofStrings(found.chain().stream()
                                        .map(Digest::toString)
                                        .toList())));
        return document.build();
    }
}
