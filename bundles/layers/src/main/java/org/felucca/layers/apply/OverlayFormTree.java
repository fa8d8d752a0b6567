package org.felucca.layers.apply;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.felucca.posix.fs.Dir;
import org.felucca.posix.fs.Errno;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.FileType;
import org.felucca.posix.fs.Listing;
import org.felucca.posix.fs.PosixException;
import org.felucca.posix.fs.Tree;
import org.felucca.posix.fs.Xattr;

/**
 * An upper directory in overlayfs's form: whiteouts are devices 0:0, and a directory that shows nothing of what lies
 * below says so in an attribute.
 *
 * @see <a href="https://docs.kernel.org/filesystems/overlayfs.html">overlayfs</a>
 */
abstract class OverlayFormTree extends TargetTree {

    private static final String OPAQUE = "trusted.overlay.opaque";
    private static final byte[] YES = "y".getBytes(StandardCharsets.US_ASCII);

    /** Directories that the layer needs and says nothing about. */
    private final Set<String> unnamed = new HashSet<>();

    OverlayFormTree(Path upper, List<Integer> lowers) {
        super(upper, lowers);
    }

    static boolean isOpaque(Fd directory, String path) {
        return Xattr.get(directory, path, OPAQUE)
                .filter(value -> value.length == 1 && value[0] == 'y')
                .isPresent();
    }

    private static void setOpaque(Fd directory) {
        Xattr.set(directory, OPAQUE, YES);
    }

    /** Something is hidden in a directory, which the layers below have. */
    abstract void hidesIn(Directory directory);

    /** Hides everything below the root. */
    abstract void opaqueRoot();

    /** Names at and below a path that were brought into the tree to be linked, and are no entries of this layer. */
    abstract List<String> broughtUp(String path);

    @Override
    void described(String path) {
        unnamed.remove(path);
    }

    @Override
    void forget(String path) {
        super.forget(path);
        unnamed.removeIf(known -> LayerPath.isWithin(known, path));
    }

    @Override
    final void made(Directory directory) {
        unnamed.add(directory.path);
    }

    /**
     * {@inheritDoc}
     *
     * <p>Where nothing lies below, nothing is written: the kernel shows a whiteout in a directory that it need not merge
     * as a name without a file.
     */
    @Override
    final void whiteout(Directory directory, String name) {
        if (!directory.lowers.isEmpty()) {
            hide(directory, name);
        }
    }

    final void hide(Directory directory, String name) {
        hidesIn(directory);
        Fd fd = ensure(directory);
        String path = LayerPath.child(directory.path, name);
        removeBroughtUp(path);
        try {
            Dir.mknod(fd, name, FileType.CHARACTER_DEVICE.modeBits(), 0);
        } catch (PosixException e) {
            if (!e.is(Errno.EEXIST)) {
                throw e;
            }
            if (Dir.stat(fd, name).isDirectory()) {
                hideBelow(directory, fd, name, path);
            }
        }
    }

    /** What the layer itself has in a directory stays; a directory that only leads to something hidden does not. */
    private void hideBelow(Directory parent, Fd parentFd, String name, String path) {
        boolean kept;
        try (Fd own = Dir.openDirectory(parentFd, name)) {
            kept = holdsEntries(own, path);
            if (kept) {
                makeOpaque(own);
                forgetBelow(parent, name);
            }
        }
        if (!kept) {
            forget(path);
            Tree.remove(parentFd, name);
            Dir.mknod(parentFd, name, FileType.CHARACTER_DEVICE.modeBits(), 0);
        }
    }

    /** Whether a directory is an entry of this layer, or has one. */
    private boolean holdsEntries(Fd directory, String path) {
        if (!unnamed.contains(path)) {
            return true;
        }
        for (Listing.Entry entry : Listing.of(directory)) {
            if (entry.type() == FileType.DIRECTORY) {
                try (Fd below = Dir.openDirectory(directory, entry.name())) {
                    if (holdsEntries(below, LayerPath.child(path, entry.name()))) {
                        return true;
                    }
                }
            } else if (!Dir.stat(directory, entry.name()).isWhiteout()) {
                return true;
            }
        }
        return false;
    }

    @Override
    final void opaque(Directory directory) {
        if (directory.parent == null) {
            removeBroughtUp("");
            opaqueRoot();
        } else if (!directory.lowers.isEmpty()) {
            hidesIn(directory);
            removeBroughtUp(directory.path);
            makeOpaque(ensure(directory));
            forgetBelow(directory.parent, directory.name());
        }
    }

    /** Nothing is merged in an opaque directory: whiteouts in it have nothing to hide, and would show. */
    private static void makeOpaque(Fd directory) {
        setOpaque(directory);
        removeWhiteouts(directory);
    }

    private static void removeWhiteouts(Fd directory) {
        for (Listing.Entry entry : Listing.of(directory)) {
            if (entry.type() == FileType.DIRECTORY) {
                try (Fd below = Dir.openDirectory(directory, entry.name())) {
                    removeWhiteouts(below);
                }
            } else if (entry.type() == FileType.CHARACTER_DEVICE
                    && Dir.stat(directory, entry.name()).isWhiteout()) {
                Dir.unlink(directory, entry.name());
            }
        }
    }

    /** What was brought up to be linked is of a lower layer, and goes when that is hidden; its links stay. */
    private void removeBroughtUp(String path) {
        for (String brought : broughtUp(path)) {
            Dir.unlink(fd(find(LayerPath.parent(brought))), LayerPath.name(brought));
        }
    }

    /** A directory became opaque: what is known of it and below counts lower layers that it does not show any more. */
    private void forgetBelow(Directory directory, String name) {
        forgetDirectories(LayerPath.child(directory.path, name));
    }

    @Override
    final void replacedByDirectory(Directory directory, String name) {
        try (Fd made = Dir.openDirectory(fd(directory), name)) {
            setOpaque(made);
        }
    }
}
