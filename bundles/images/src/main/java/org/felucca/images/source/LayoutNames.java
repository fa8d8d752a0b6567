package org.felucca.images.source;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.images.source.ImportSource.Found;
import org.felucca.oci.OciFormatException;
import org.felucca.oci.image.Annotations;
import org.felucca.oci.image.Descriptor;
import org.felucca.oci.image.ImageIndex;
import org.felucca.oci.platform.Platform;
import org.felucca.oci.reference.ImageReference;
import org.jspecify.annotations.Nullable;

/** Finds images and their names in the index of a layout. */
final class LayoutNames {
    private LayoutNames() {}

    static List<Found> images(String subject, ImageIndex index, @Nullable ImageReference name, Platform platform) {
        List<Descriptor> entries = index.manifests().stream()
                .filter(entry -> entry.mediaType().isManifest()
                        || entry.mediaType().isIndex()
                        || entry.mediaType().isSchema1())
                .toList();
        if (entries.isEmpty()) {
            throw new FeluccaException(ErrorCode.INVALID_ARGUMENT, subject, "its index names no image");
        }
        return name == null
                ? named(subject, entries, platform)
                : List.of(only(subject, index, entries, name, platform));
    }

    /** The one image that is to get a name: several entries are fine if they are platforms of one image. */
    private static Found only(
            String subject, ImageIndex index, List<Descriptor> entries, ImageReference name, Platform platform) {
        if (entries.size() == 1) {
            return new Found(name, entries.get(0));
        }
        List<String> names = entries.stream()
                .map(LayoutNames::annotatedName)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
        if (names.size() > 1) {
            throw new FeluccaException(
                    ErrorCode.INVALID_ARGUMENT,
                    subject,
                    "it holds several images: " + String.join(" ", names),
                    "import it without a name");
        }
        return new Found(name, index.select(platform.matcher()).orElseThrow(() -> nothing(subject, platform)));
    }

    private static List<Found> named(String subject, List<Descriptor> entries, Platform platform) {
        List<Found> found = new ArrayList<>();
        for (Descriptor entry : entries) {
            if (entry.platform().isPresent()
                    && !platform.matcher().matches(entry.platform().orElseThrow())) {
                continue;
            }
            String text = annotatedName(entry);
            if (text == null) {
                throw new FeluccaException(
                        ErrorCode.INVALID_ARGUMENT, subject, "image " + entry.digest() + " has no name", "give it one");
            }
            found.add(new Found(parse(subject, text), entry));
        }
        if (found.isEmpty()) {
            throw nothing(subject, platform);
        }
        return found;
    }

    /** A full name; a reference name that is a bare word is a tag within the layout and names no image. */
    private static @Nullable String annotatedName(Descriptor entry) {
        Map<String, String> annotations = entry.annotations();
        String full = annotations.get(Annotations.CONTAINERD_IMAGE_NAME);
        if (full != null) {
            return full;
        }
        String name = annotations.get(Annotations.REF_NAME);
        return name != null && (name.indexOf('/') >= 0 || name.indexOf(':') >= 0) ? name : null;
    }

    static ImageReference parse(String subject, String text) {
        try {
            return ImageReference.parse(text);
        } catch (OciFormatException e) {
            throw new FeluccaException(ErrorCode.INVALID_ARGUMENT, subject, e.getMessage(), null, e);
        }
    }

    private static FeluccaException nothing(String subject, Platform platform) {
        return new FeluccaException(ErrorCode.NOT_FOUND, subject, "it has nothing for " + platform);
    }
}
