package org.felucca.layers.diff;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.snapshot.SnapshotMount;
import org.felucca.posix.fs.Dir;
import org.felucca.posix.fs.Errno;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.Listing;
import org.felucca.posix.fs.Names;
import org.felucca.posix.fs.Open;
import org.felucca.posix.fs.PosixException;
import org.felucca.posix.fs.Resolve;
import org.felucca.posix.fs.Stat;
import org.felucca.posix.fs.Xattr;
import org.jspecify.annotations.Nullable;

/**
 * A tree as a reader of its mount would see it. An overlay's layers are merged here, as the kernel does with the options
 * that snapshotters mount them with: whiteouts and opaque directories, no redirects. Confined to one thread.
 *
 * @see <a href="https://docs.kernel.org/filesystems/overlayfs.html">overlayfs</a>
 */
final class TreeView implements AutoCloseable {
    private static final String OPAQUE = "trusted.overlay.opaque";
    private static final byte[] YES = "y".getBytes(StandardCharsets.US_ASCII);
    private static final int NO_LINKS = Resolve.BENEATH | Resolve.NO_SYMLINKS | Resolve.NO_MAGICLINKS;
    private static final int REAL_DIRECTORY = Open.RDONLY | Open.DIRECTORY | Open.NOFOLLOW;

    private final List<Layer> layers = new ArrayList<>();
    private final boolean merged;

    /** A directory of the host that the tree shows, or a part of it. */
    record Layer(Path path, Fd root) {}

    /**
     * Something in the tree.
     *
     * @param path without a slash at either end; empty for the root
     * @param stat what it is
     * @param layer the layer it is seen in
     * @param parts if it is a directory, the layers that have entries of it, uppermost first
     */
    record Node(String path, Stat stat, Layer layer, List<Layer> parts) {
        String name() {
            return path.substring(path.lastIndexOf('/') + 1);
        }

        String parent() {
            int slash = path.lastIndexOf('/');
            return slash < 0 ? "" : path.substring(0, slash);
        }

        boolean isDirectory() {
            return stat.isDirectory();
        }

        /** Whether both are the same file, not only alike ones. */
        boolean isSame(Node other) {
            return stat.isSameFile(other.stat)
                    && parts.stream()
                            .map(Layer::path)
                            .toList()
                            .equals(other.parts.stream().map(Layer::path).toList());
        }

        /** Whether no layer has entries of both. */
        boolean sharesNothingWith(Node other) {
            return parts.stream()
                    .noneMatch(part -> other.parts.stream()
                            .anyMatch(theirs -> theirs.path().equals(part.path())));
        }
    }

    private TreeView(List<Path> paths, boolean merged) {
        this.merged = merged;
        try {
            for (Path path : paths) {
                layers.add(new Layer(path, Dir.openDirectory(Fd.HOST, path.toString())));
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Opens what would be mounted.
     *
     * @param mounts one element, or none for an empty tree
     * @throws FeluccaException UNSUPPORTED for kinds that cannot be read so
     */
    static TreeView of(String subject, List<SnapshotMount> mounts) {
        if (mounts.isEmpty()) {
            return new TreeView(List.of(), false);
        }
        if (mounts.size() != 1) {
            throw unsupported(subject, "it has " + mounts.size() + " mounts");
        }
        return mounts.get(0)
                .fold(
                        bind -> new TreeView(List.of(bind.source()), false),
                        overlay -> {
                            List<Path> paths = new ArrayList<>(overlay.lower());
                            overlay.upper().ifPresent(upper -> paths.add(0, upper));
                            return new TreeView(paths, true);
                        },
                        fileSystem -> {
                            throw unsupported(subject, "it is a " + fileSystem.type() + " file system");
                        },
                        chain -> {
                            throw unsupported(subject, "it is a chain of Windows layers");
                        });
    }

    private static FeluccaException unsupported(String subject, String why) {
        return new FeluccaException(ErrorCode.UNSUPPORTED, subject, why, "use the snapshotter overlay or native");
    }

    /** Whether a directory can hide what lies below it as a whole. */
    boolean merged() {
        return merged;
    }

    /** The root directory; empty for an empty tree. */
    Optional<Node> root() {
        if (layers.isEmpty()) {
            return Optional.empty();
        }
        Layer top = layers.get(0);
        return Optional.of(new Node("", Dir.stat(top.root(), "."), top, List.copyOf(layers)));
    }

    /** What is seen under a name while the layers below are still looked at. */
    private static final class Found {
        private final @Nullable Stat stat;
        private final Layer layer;
        private final List<Layer> parts = new ArrayList<>();
        private boolean open;

        Found(@Nullable Stat stat, Layer layer) {
            this.stat = stat;
            this.layer = layer;
        }
    }

    /** The entries of a directory in the order of the bytes of their names; none if it has gone. */
    List<Node> children(Node directory) {
        Map<String, Found> byName = new HashMap<>();
        for (Layer layer : directory.parts()) {
            try (Fd fd = open(layer, directory.path())) {
                for (Listing.Entry entry : Listing.of(fd)) {
                    look(byName, layer, fd, entry.name());
                }
            } catch (PosixException e) {
                requireGone(e);
            }
        }
        List<Node> children = new ArrayList<>();
        for (Map.Entry<String, Found> entry : byName.entrySet()) {
            Found found = entry.getValue();
            if (found.stat != null) {
                String path = directory.path().isEmpty() ? entry.getKey() : directory.path() + "/" + entry.getKey();
                children.add(new Node(path, found.stat, found.layer, List.copyOf(found.parts)));
            }
        }
        children.sort(TreeView::byName);
        return children;
    }

    static int byName(Node one, Node other) {
        return Arrays.compareUnsigned(Names.encode(one.name()), Names.encode(other.name()));
    }

    private void look(Map<String, Found> byName, Layer layer, Fd directory, String name) {
        Found above = byName.get(name);
        if (above != null && !above.open) {
            return;
        }
        Stat stat = Dir.statIfPresent(directory, name).orElse(null);
        if (stat == null) {
            return;
        }
        boolean whiteout = merged && stat.isWhiteout();
        if (above == null) {
            Found found = new Found(whiteout ? null : stat, layer);
            byName.put(name, found);
            above = found;
            above.open = stat.isDirectory();
        } else if (!stat.isDirectory()) {
            above.open = false;
        }
        if (above.open && stat.isDirectory()) {
            above.parts.add(layer);
            above.open = merged && !isOpaque(directory, name);
        }
    }

    private static boolean isOpaque(Fd directory, String name) {
        return Xattr.get(directory, name, OPAQUE)
                .filter(value -> Arrays.equals(value, YES))
                .isPresent();
    }

    /** Opens a directory of a layer. */
    static Fd open(Layer layer, String path) {
        return path.isEmpty()
                ? Dir.openDirectory(layer.root(), ".")
                : Dir.openIn(layer.root(), path, REAL_DIRECTORY, 0, NO_LINKS);
    }

    /** Lets it pass that something is not there any more, or is something else now. */
    static void requireGone(PosixException e) {
        if (!e.is(Errno.ENOENT) && !e.is(Errno.ENOTDIR) && !e.is(Errno.ELOOP)) {
            throw e;
        }
    }

    @Override
    public void close() {
        Collection<Layer> open = List.copyOf(layers);
        layers.clear();
        open.forEach(layer -> layer.root().close());
    }
}
