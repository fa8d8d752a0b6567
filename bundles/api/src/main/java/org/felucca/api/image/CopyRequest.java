package org.felucca.api.image;

import java.util.Optional;
import org.felucca.oci.platform.Platform;
import org.felucca.oci.reference.ImageReference;
import org.jspecify.annotations.Nullable;

/** What to copy from one registry to another. Immutable; withers return new requests. */
public final class CopyRequest {
    private final ImageReference source;
    private final ImageReference target;
    private final @Nullable Platform platform;

    private CopyRequest(ImageReference source, ImageReference target, @Nullable Platform platform) {
        this.source = source;
        this.target = target;
        this.platform = platform;
    }

    /** Asks for everything that a name points to, all platforms of it. */
    public static CopyRequest of(ImageReference source, ImageReference target) {
        return new CopyRequest(source, target, null);
    }

    /** Asks for the manifest of one platform alone, which then has the digest of its own. */
    public CopyRequest platform(Platform only) {
        return new CopyRequest(source, target, only);
    }

    /** Returns what to copy. */
    public ImageReference source() {
        return source;
    }

    /** Returns the name it gets. */
    public ImageReference target() {
        return target;
    }

    /** Returns the one platform to copy, if only one is asked for. */
    public Optional<Platform> platform() {
        return Optional.ofNullable(platform);
    }
}
