package org.felucca.api.image;

import java.util.Optional;
import org.felucca.oci.platform.Platform;
import org.felucca.oci.reference.ImageReference;
import org.jspecify.annotations.Nullable;

/** What to push where. Immutable; withers return new requests. */
public final class PushRequest {
    private final Image image;
    private final ImageReference target;
    private final @Nullable Platform platform;
    private final boolean allPlatforms;

    private PushRequest(Image image, ImageReference target, @Nullable Platform platform, boolean allPlatforms) {
        this.image = image;
        this.target = target;
        this.platform = platform;
        this.allPlatforms = allPlatforms;
    }

    /**
     * Asks to push an image under its own name: all platforms if all of their content is here, else this host's alone,
     * which then has the digest of its own manifest.
     */
    public static PushRequest of(Image image) {
        return new PushRequest(image, image.name(), null, false);
    }

    /** Asks to push it under another name. */
    public PushRequest target(ImageReference name) {
        return new PushRequest(image, name, platform, allPlatforms);
    }

    /** Asks to push the manifest of one platform alone. */
    public PushRequest platform(Platform only) {
        return new PushRequest(image, target, only, false);
    }

    /** Asks to push every platform, or to fail. */
    public PushRequest everyPlatform() {
        return new PushRequest(image, target, null, true);
    }

    /** Returns what to push. */
    public Image image() {
        return image;
    }

    /** Returns the name it gets in the registry. */
    public ImageReference target() {
        return target;
    }

    /** Returns the one platform to push, if only one is asked for. */
    public Optional<Platform> platform() {
        return Optional.ofNullable(platform);
    }

    /** Returns {@code true} if every platform must be pushed. */
    public boolean allPlatforms() {
        return allPlatforms;
    }
}
