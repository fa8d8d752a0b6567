package org.felucca.api.image;

import java.util.Optional;
import org.felucca.api.metadata.NamespaceName;
import org.felucca.oci.platform.Platform;
import org.felucca.oci.reference.ImageReference;
import org.jspecify.annotations.Nullable;

/** What to pull. Immutable; withers return new requests. */
public final class PullRequest {
    private final NamespaceName namespace;
    private final ImageReference reference;
    private final @Nullable Platform platform;
    private final @Nullable String snapshotter;

    private PullRequest(
            NamespaceName namespace,
            ImageReference reference,
            @Nullable Platform platform,
            @Nullable String snapshotter) {
        this.namespace = namespace;
        this.reference = reference;
        this.platform = platform;
        this.snapshotter = snapshotter;
    }

    /** Asks for an image for this host's platform, unpacked into the default snapshotter. */
    public static PullRequest of(NamespaceName namespace, ImageReference reference) {
        return new PullRequest(namespace, reference, null, null);
    }

    /** Asks for another platform. */
    public PullRequest platform(Platform other) {
        return new PullRequest(namespace, reference, other, snapshotter);
    }

    /** Asks for another snapshotter, by plugin id. */
    public PullRequest snapshotter(String id) {
        return new PullRequest(namespace, reference, platform, id);
    }

    /** Returns the tenant. */
    public NamespaceName namespace() {
        return namespace;
    }

    /** Returns what to pull. */
    public ImageReference reference() {
        return reference;
    }

    /** Returns the platform, if not this host's. */
    public Optional<Platform> platform() {
        return Optional.ofNullable(platform);
    }

    /** Returns the snapshotter's id, if not the default. */
    public Optional<String> snapshotter() {
        return Optional.ofNullable(snapshotter);
    }
}
