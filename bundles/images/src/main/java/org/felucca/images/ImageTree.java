package org.felucca.images;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.oci.OciFormatException;
import org.felucca.oci.image.Descriptor;
import org.felucca.oci.image.ImageConfig;
import org.felucca.oci.image.ImageIndex;
import org.felucca.oci.image.Manifest;
import org.felucca.oci.image.MediaType;
import org.felucca.oci.platform.Platform;

/** Walks from an index or manifest down to the configuration of one platform. */
final class ImageTree {
    /** Indexes in indexes; more is a trick. */
    private static final int DEPTH = 4;

    private ImageTree() {}

    /**
     * Resolves an image.
     *
     * @param documents gives the verified bytes of a document
     * @throws FeluccaException NOT_FOUND if it has no manifest for the platform; UNSUPPORTED if it is no container
     *     image; DATA_LOSS if a document is malformed or contradicts another
     */
    static ResolvedImage resolve(
            String name, Descriptor root, Platform platform, Function<Descriptor, byte[]> documents) {
        String subject = "cannot use image " + name;
        List<Descriptor> path = new ArrayList<>(List.of(root));
        Descriptor current = root;
        while (current.mediaType().isIndex()) {
            if (path.size() > DEPTH) {
                throw new FeluccaException(ErrorCode.UNSUPPORTED, subject, "it nests more than " + DEPTH + " indexes");
            }
            byte[] document = documents.apply(current);
            ImageIndex index = parsed(subject, () -> ImageIndex.parse(document));
            current = index.select(platform.matcher())
                    .orElseThrow(() -> new FeluccaException(
                            ErrorCode.NOT_FOUND,
                            subject,
                            "it has nothing for " + platform + offered(index),
                            "ask for another platform"));
            path.add(current);
        }
        return resolveManifest(subject, current, path, documents);
    }

    private static ResolvedImage resolveManifest(
            String subject, Descriptor descriptor, List<Descriptor> path, Function<Descriptor, byte[]> documents) {
        if (descriptor.mediaType().isSchema1()) {
            throw new FeluccaException(
                    ErrorCode.UNSUPPORTED,
                    subject,
                    "it is a Docker schema 1 manifest, which has no verifiable layers",
                    "push the image again as OCI or Docker schema 2");
        }
        if (!descriptor.mediaType().isManifest()) {
            throw unsupported(subject, "media type " + descriptor.mediaType());
        }
        byte[] document = documents.apply(descriptor);
        Manifest manifest = parsed(subject, () -> Manifest.parse(document));
        MediaType configType = manifest.config().mediaType();
        if (manifest.artifactType() != null && !manifest.isImage()) {
            throw new FeluccaException(
                    ErrorCode.UNSUPPORTED,
                    subject,
                    "it is an artifact of type " + manifest.artifactType(),
                    "only container images can be unpacked and run");
        }
        if (!configType.isConfig()) {
            throw unsupported(subject, "configuration of media type " + configType);
        }
        for (Descriptor layer : manifest.layers()) {
            if (!layer.mediaType().isLayer()) {
                throw unsupported(subject, "layer of media type " + layer.mediaType());
            }
        }
        byte[] configDocument = documents.apply(manifest.config());
        ImageConfig config = parsed(subject, () -> ImageConfig.parse(configDocument));
        if (config.diffIds().size() != manifest.layers().size()) {
            throw new FeluccaException(
                    ErrorCode.DATA_LOSS,
                    subject,
                    "its manifest has " + manifest.layers().size() + " layers, its configuration "
                            + config.diffIds().size(),
                    "build it again");
        }
        return new ResolvedImage(path, manifest, config);
    }

    private static String offered(ImageIndex index) {
        List<String> platforms = index.manifests().stream()
                .flatMap(entry -> entry.platform().stream())
                .filter(platform -> !platform.os().equals("unknown"))
                .map(Platform::toString)
                .distinct()
                .toList();
        return platforms.isEmpty() ? "" : ", only for " + String.join(" ", platforms);
    }

    private static <T> T parsed(String subject, Supplier<T> parse) {
        try {
            return parse.get();
        } catch (OciFormatException e) {
            throw new FeluccaException(ErrorCode.DATA_LOSS, subject, e.getMessage(), null, e);
        }
    }

    private static FeluccaException unsupported(String subject, String what) {
        return new FeluccaException(
                ErrorCode.UNSUPPORTED, subject, "it has a " + what, "only container images can be unpacked and run");
    }

    /** The manifest a descriptor points to, if it is of something else than a container image. */
    static Optional<Manifest> artifact(String subject, Descriptor root, Function<Descriptor, byte[]> documents) {
        if (!root.mediaType().isManifest()) {
            return Optional.empty();
        }
        byte[] document = documents.apply(root);
        return Optional.of(parsed(subject, () -> Manifest.parse(document))).filter(manifest -> !manifest.isImage());
    }
}
