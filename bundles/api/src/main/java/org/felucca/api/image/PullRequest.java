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
    private final boolean allPlatforms;
    private final boolean artifacts;

    private PullRequest(
            NamespaceName namespace,
            ImageReference reference,
            @Nullable Platform platform,
            @Nullable String snapshotter,
            boolean allPlatforms,
            boolean artifacts) {
        this.namespace = namespace;
        this.reference = reference;
        this.platform = platform;
        this.snapshotter = snapshotter;
        this.allPlatforms = allPlatforms;
        this.artifacts = artifacts;
    }

    /** Asks for an image for this host's platform, unpacked into the default snapshotter. */
    public static PullRequest of(NamespaceName namespace, ImageReference reference) {
        return new PullRequest(namespace, reference, null, null, false, false);
    }

    /** Asks for another platform. */
    public PullRequest platform(Platform other) {
        return new PullRequest(namespace, reference, other, snapshotter, allPlatforms, artifacts);
    }

    /** Asks for another snapshotter, by plugin id. */
    public PullRequest snapshotter(String id) {
        return new PullRequest(namespace, reference, platform, id, allPlatforms, artifacts);
    }

    /**
     * Asks for the content of every platform, so that all of it can be pushed or exported from here; what is unpacked is
     * the platform asked for, or this host's if there is one.
     */
    public PullRequest everyPlatform() {
        return new PullRequest(namespace, reference, platform, snapshotter, true, artifacts);
    }

    /**
     * Takes an artifact too: a manifest of something else than a container image, such as a signature or a chart. Its
     * content is brought in and not unpacked; the answer has no layers, and its platform is {@code unknown/unknown}.
     */
    public PullRequest orArtifact() {
        return new PullRequest(namespace, reference, platform, snapshotter, allPlatforms, true);
    }

    /** Returns {@code true} if an artifact will do. */
    public boolean artifacts() {
        return artifacts;
    }

    /** Returns {@code true} if the content of every platform is wanted. */
    public boolean allPlatforms() {
        return allPlatforms;
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
