package org.felucca.api.container;

import java.util.Optional;
import java.util.function.UnaryOperator;
import org.felucca.oci.image.ContainerDefaults;
import org.felucca.oci.reference.ImageReference;
import org.jspecify.annotations.Nullable;

/** How to make an image of a container. Immutable; withers return new requests. */
public final class ContainerCommit {
    /** An image without a name, of a container that is paused meanwhile. */
    public static final ContainerCommit UNNAMED = new ContainerCommit(null, "", "", true, UnaryOperator.identity());

    private final @Nullable ImageReference name;
    private final String author;
    private final String comment;
    private final boolean pause;
    private final UnaryOperator<ContainerDefaults> change;

    private ContainerCommit(
            @Nullable ImageReference name,
            String author,
            String comment,
            boolean pause,
            UnaryOperator<ContainerDefaults> change) {
        this.name = name;
        this.author = author;
        this.comment = comment;
        this.pause = pause;
        this.change = change;
    }

    /** Asks for a name, which then points to the new image. */
    public ContainerCommit name(ImageReference wanted) {
        return new ContainerCommit(wanted, author, comment, pause, change);
    }

    /** Says who makes it. */
    public ContainerCommit author(String text) {
        return new ContainerCommit(name, text, comment, pause, change);
    }

    /** Says why. */
    public ContainerCommit comment(String text) {
        return new ContainerCommit(name, author, text, pause, change);
    }

    /** Asks to freeze the container while its files are read, or not to. */
    public ContainerCommit pause(boolean frozen) {
        return new ContainerCommit(name, author, comment, frozen, change);
    }

    /** Changes what containers made from the image start with, which is what this one started with otherwise. */
    public ContainerCommit change(UnaryOperator<ContainerDefaults> other) {
        return new ContainerCommit(name, author, comment, pause, other);
    }

    /** Returns the image's name, if it gets one. */
    public Optional<ImageReference> name() {
        return Optional.ofNullable(name);
    }

    /** Returns who makes it; may be empty. */
    public String author() {
        return author;
    }

    /** Returns why; may be empty. */
    public String comment() {
        return comment;
    }

    /** Returns {@code true} if a container that runs is frozen meanwhile. */
    public boolean pause() {
        return pause;
    }

    /** Returns what becomes of what containers start with. */
    public UnaryOperator<ContainerDefaults> change() {
        return change;
    }
}
