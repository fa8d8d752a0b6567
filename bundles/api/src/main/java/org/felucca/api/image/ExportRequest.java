package org.felucca.api.image;

import java.util.List;
import java.util.Optional;
import org.felucca.oci.platform.Platform;
import org.jspecify.annotations.Nullable;

/** Which images to write into an archive or a directory, and how. Immutable; withers return new requests. */
public final class ExportRequest {
    private final List<Image> images;
    private final @Nullable Platform platform;
    private final boolean allPlatforms;
    private final Form form;

    /** How images lie in an archive or directory. */
    public enum Form {
        /** An OCI layout that is also what {@code docker save} writes since Docker 25: layers as they are stored. */
        LAYOUT_AND_DOCKER,
        /** An OCI layout and nothing else; {@code oci-archive} when it is in a tar. */
        LAYOUT,
        /**
         * What {@code docker save} wrote before: {@code manifest.json}, {@code repositories}, and a directory for each
         * layer with its tar, not compressed. One platform of each image.
         */
        DOCKER
    }

    private ExportRequest(List<Image> images, @Nullable Platform platform, boolean allPlatforms, Form form) {
        this.images = List.copyOf(images);
        this.platform = platform;
        this.allPlatforms = allPlatforms;
        this.form = form;
    }

    /**
     * Asks for these images: all platforms of each if all of their content is here, else this host's alone.
     *
     * @throws IllegalArgumentException if there are none
     */
    public static ExportRequest of(List<Image> images) {
        if (images.isEmpty()) {
            throw new IllegalArgumentException("no image was given");
        }
        return new ExportRequest(images, null, false, Form.LAYOUT_AND_DOCKER);
    }

    /** Asks for one platform alone. */
    public ExportRequest platform(Platform only) {
        return new ExportRequest(images, only, false, form);
    }

    /** Asks for every platform, or to fail. */
    public ExportRequest everyPlatform() {
        return new ExportRequest(images, null, true, form);
    }

    /** Asks for another form. */
    public ExportRequest form(Form other) {
        return new ExportRequest(images, platform, allPlatforms, other);
    }

    /** Returns the form to write. */
    public Form form() {
        return form;
    }

    /** Returns what to write. */
    public List<Image> images() {
        return images;
    }

    /** Returns the one platform to write, if only one is asked for. */
    public Optional<Platform> platform() {
        return Optional.ofNullable(platform);
    }

    /** Returns {@code true} if every platform must be there. */
    public boolean allPlatforms() {
        return allPlatforms;
    }
}
