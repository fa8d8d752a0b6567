package org.felucca.api.snapshot;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** How to mount a snapshot, as data. A runtime backend says in its features which of these it can mount. */
public sealed interface SnapshotMount {
    /**
     * A directory that is the tree.
     *
     * @param source absolute host path of the directory
     * @param readOnly whether it is to be mounted read-only
     */
    record Bind(Path source, boolean readOnly) implements SnapshotMount {}

    /**
     * An overlay (Linux, Documentation/filesystems/overlayfs).
     *
     * @param lower absolute host paths of the lower directories, uppermost first; at least one
     * @param upper the writable directory; empty for a view
     * @param work the work directory on the same file system; present exactly when upper is
     * @param options further options as {@code name} or {@code name=value}: index, redirect_dir, metacopy, xino,
     *     volatile, userxattr
     */
    record Overlay(List<Path> lower, Optional<Path> upper, Optional<Path> work, List<String> options)
            implements SnapshotMount {
        /** Validates and copies. */
        public Overlay {
            if (lower.isEmpty()) {
                throw new IllegalArgumentException("an overlay needs a lower directory");
            }
            if (upper.isPresent() != work.isPresent()) {
                throw new IllegalArgumentException("an overlay has upper and work directories, or neither");
            }
            lower = List.copyOf(lower);
            options = List.copyOf(options);
        }
    }

    /**
     * Any other file system of the host kernel.
     *
     * @param type the kernel's name of it
     * @param source the device or the file system's own notion of a source
     * @param options mount options
     */
    record FileSystem(String type, String source, List<String> options) implements SnapshotMount {
        /** Copies. */
        public FileSystem {
            options = List.copyOf(options);
        }
    }

    /**
     * A chain of layers of the Windows filter driver.
     *
     * @param scratch host path of the writable layer
     * @param layers host paths of the read-only layers, uppermost first
     */
    record LayerChain(Path scratch, List<Path> layers) implements SnapshotMount {
        /** Copies. */
        public LayerChain {
            layers = List.copyOf(layers);
        }
    }

    /** The kinds there are, for a backend's features. */
    enum Kind {
        /** {@link Bind}. */
        BIND,
        /** {@link Overlay}. */
        OVERLAY,
        /** {@link FileSystem}. */
        FILE_SYSTEM,
        /** {@link LayerChain}. */
        LAYER_CHAIN
    }

    /** Returns which kind this is. */
    default Kind kind() {
        return fold(b -> Kind.BIND, o -> Kind.OVERLAY, f -> Kind.FILE_SYSTEM, c -> Kind.LAYER_CHAIN);
    }

    /** Returns the result of the function that fits. */
    default <R> R fold(
            Function<? super Bind, ? extends R> bind,
            Function<? super Overlay, ? extends R> overlay,
            Function<? super FileSystem, ? extends R> fileSystem,
            Function<? super LayerChain, ? extends R> layerChain) {
        if (this instanceof Bind b) {
            return bind.apply(b);
        }
        if (this instanceof Overlay o) {
            return overlay.apply(o);
        }
        if (this instanceof FileSystem f) {
            return fileSystem.apply(f);
        }
        return layerChain.apply((LayerChain) this);
    }
}
