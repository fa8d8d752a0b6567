package org.felucca.layers.apply;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.felucca.posix.fs.Dir;
import org.felucca.posix.fs.Errno;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.FileType;
import org.felucca.posix.fs.PosixException;
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

    /** Something is hidden in a directory that this layer has not, and that is made for it. */
    abstract void madeToHide(Directory directory);

    /** Hides everything below the root. */
    abstract void opaqueRoot();

    @Override
    final void whiteout(Directory directory, String name) {
        if (!directory.exists && directory.lowers.isEmpty()) {
            return;
        }
        Fd fd = ensureToHide(directory);
        try {
            Dir.mknod(fd, name, FileType.CHARACTER_DEVICE.modeBits(), 0);
        } catch (PosixException e) {
            if (!e.is(Errno.EEXIST)) {
                throw e;
            }
            if (Dir.stat(fd, name).isDirectory()) {
                try (Fd own = Dir.openDirectory(fd, name)) {
                    setOpaque(own);
                }
                forgetBelow(directory, name);
            }
        }
    }

    @Override
    final void opaque(Directory directory) {
        if (directory.parent == null) {
            opaqueRoot();
        } else if (directory.exists || !directory.lowers.isEmpty()) {
            setOpaque(ensureToHide(directory));
            forgetBelow(directory.parent, directory.name());
        }
    }

    private Fd ensureToHide(Directory directory) {
        if (!directory.exists) {
            madeToHide(directory);
        }
        return ensure(directory);
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

    @Override
    final void written(String path) {
        // whatever is in the upper directory is of this layer
    }
}
