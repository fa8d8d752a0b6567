package org.felucca.api.image;

import java.util.List;
import java.util.Optional;
import org.felucca.oci.platform.Platform;
import org.jspecify.annotations.Nullable;

/** Which images to write into an archive. Immutable; withers return new requests. */
public final class ExportRequest {
    private final List<Image> images;
    private final @Nullable Platform platform;
    private final boolean allPlatforms;

    private ExportRequest(List<Image> images, @Nullable Platform platform, boolean allPlatforms) {
        this.images = List.copyOf(images);
        this.platform = platform;
        this.allPlatforms = allPlatforms;
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
        return new ExportRequest(images, null, false);
    }

    /** Asks for one platform alone. */
    public ExportRequest platform(Platform only) {
        return new ExportRequest(images, only, false);
    }

    /** Asks for every platform, or to fail. */
    public ExportRequest everyPlatform() {
        return new ExportRequest(images, null, true);
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
