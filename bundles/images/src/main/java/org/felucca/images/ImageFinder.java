package org.felucca.images;

import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.image.Image;
import org.felucca.api.image.ImageDetail;
import org.felucca.api.metadata.NamespaceName;
import org.felucca.oci.OciFormatException;
import org.felucca.oci.digest.Digest;
import org.felucca.oci.reference.ImageReference;

/** Finds images by what people call them. Thread-safe. */
final class ImageFinder {
    private static final Pattern ID_PREFIX = Pattern.compile("(?:sha256:)?([0-9a-f]{4,64})");

    private final ImageRecords records;
    private final Function<Image, ImageDetail> resolution;

    /** @param resolution resolves an image for this host */
    ImageFinder(ImageRecords records, Function<Image, ImageDetail> resolution) {
        this.records = records;
        this.resolution = resolution;
    }

    /** See {@link org.felucca.api.image.ImageService#find}. */
    Optional<Image> find(NamespaceName namespace, String nameOrId) {
        Optional<Image> byName = byName(namespace, nameOrId);
        if (byName.isPresent()) {
            return byName;
        }
        var matcher = ID_PREFIX.matcher(nameOrId);
        return matcher.matches() ? byId(namespace, nameOrId, matcher.group(1)) : Optional.empty();
    }

    private Optional<Image> byName(NamespaceName namespace, String text) {
        ImageReference name;
        try {
            name = ImageReference.parse(text);
        } catch (OciFormatException notAName) {
            return Optional.empty();
        }
        Optional<Image> exact = records.get(namespace, name);
        if (exact.isPresent() || name.digest().isEmpty()) {
            return exact;
        }
        Digest digest = name.digest().orElseThrow();
        return records.list(namespace).stream()
                .filter(image -> image.name().name().equals(name.name()))
                .filter(image -> image.target().digest().equals(digest))
                .findFirst();
    }

    private Optional<Image> byId(NamespaceName namespace, String text, String prefix) {
        Image found = null;
        Digest id = null;
        for (Image image : records.list(namespace)) {
            Optional<Digest> candidate = id(image);
            if (candidate.filter(digest -> digest.hex().startsWith(prefix)).isEmpty()) {
                continue;
            }
            if (id != null && !id.equals(candidate.orElseThrow())) {
                throw new FeluccaException(
                        ErrorCode.INVALID_ARGUMENT,
                        "cannot find image " + text,
                        "the prefix fits " + id.shortHex() + " and "
                                + candidate.orElseThrow().shortHex(),
                        "give more digits");
            }
            if (found == null) {
                found = image;
                id = candidate.orElseThrow();
            }
        }
        return Optional.ofNullable(found);
    }

    /** The digest of the configuration for this host; empty if the image has none or its content is gone. */
    private Optional<Digest> id(Image image) {
        try {
            return Optional.of(resolution.apply(image).id());
        } catch (FeluccaException e) {
            if (e.is(ErrorCode.NOT_FOUND) || e.is(ErrorCode.UNSUPPORTED) || e.is(ErrorCode.DATA_LOSS)) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
