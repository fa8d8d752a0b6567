package org.felucca.api.image;

import java.util.Optional;
import org.felucca.api.metadata.NamespaceName;
import org.felucca.oci.image.ContainerDefaults;
import org.felucca.oci.reference.ImageReference;
import org.jspecify.annotations.Nullable;

/** What to make an image of. Immutable; withers return new requests. */
public final class ImageCommit {
    private final NamespaceName namespace;
    private final ImageDetail base;
    private final SnapshotSource snapshot;
    private final ContainerDefaults defaults;
    private final @Nullable ImageReference name;
    private final String author;
    private final String comment;
    private final String createdBy;

    private ImageCommit(
            NamespaceName namespace,
            ImageDetail base,
            SnapshotSource snapshot,
            ContainerDefaults defaults,
            @Nullable ImageReference name,
            String author,
            String comment,
            String createdBy) {
        this.namespace = namespace;
        this.base = base;
        this.snapshot = snapshot;
        this.defaults = defaults;
        this.name = name;
        this.author = author;
        this.comment = comment;
        this.createdBy = createdBy;
    }

    /**
     * Asks for an image without a name.
     *
     * @param base the image that the snapshot was made from
     * @param snapshot what its new layer is written from
     * @param defaults what containers made from it start with
     */
    public static ImageCommit of(
            NamespaceName namespace, ImageDetail base, SnapshotSource snapshot, ContainerDefaults defaults) {
        return new ImageCommit(namespace, base, snapshot, defaults, null, "", "", "");
    }

    /** Asks for a name, which then points to the new image. */
    public ImageCommit name(ImageReference wanted) {
        return new ImageCommit(namespace, base, snapshot, defaults, wanted, author, comment, createdBy);
    }

    /** Says who made it. */
    public ImageCommit author(String text) {
        return new ImageCommit(namespace, base, snapshot, defaults, name, text, comment, createdBy);
    }

    /** Says why. */
    public ImageCommit comment(String text) {
        return new ImageCommit(namespace, base, snapshot, defaults, name, author, text, createdBy);
    }

    /** Says which command made the change. */
    public ImageCommit createdBy(String text) {
        return new ImageCommit(namespace, base, snapshot, defaults, name, author, comment, text);
    }

    /** Returns the tenant. */
    public NamespaceName namespace() {
        return namespace;
    }

    /** Returns the image below. */
    public ImageDetail base() {
        return base;
    }

    /** Returns what the new layer is written from. */
    public SnapshotSource snapshot() {
        return snapshot;
    }

    /** Returns what containers made from it start with. */
    public ContainerDefaults defaults() {
        return defaults;
    }

    /** Returns its name, if it gets one. */
    public Optional<ImageReference> name() {
        return Optional.ofNullable(name);
    }

    /** Returns who made it; may be empty. */
    public String author() {
        return author;
    }

    /** Returns why; may be empty. */
    public String comment() {
        return comment;
    }

    /** Returns which command made the change; may be empty. */
    public String createdBy() {
        return createdBy;
    }
}
