package org.felucca.layers.apply;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.felucca.posix.fs.Dir;
import org.felucca.posix.fs.Errno;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.FileType;
import org.felucca.posix.fs.Listing;
import org.felucca.posix.fs.PosixException;
import org.felucca.posix.fs.Stat;
import org.felucca.posix.fs.Xattr;
import org.jspecify.annotations.Nullable;

/**
 * An upper directory over lower ones, none of them mounted: whiteouts are written in overlayfs's form, and what the
 * kernel's merged view would show is worked out here.
 *
 * <p>Lower layers never change, and the path of a directory that a lower layer contributes to is one of real
 * directories in that layer ({@link Directory#lowers}), so names in it are looked up from the layer's root.
 *
 * @see <a href="https://docs.kernel.org/filesystems/overlayfs.html">overlayfs</a>
 */
final class OverlayTree extends TargetTree {

    private static final String OPAQUE = "trusted.overlay.opaque";
    private static final byte[] YES = "y".getBytes(StandardCharsets.US_ASCII);

    private final List<Fd> lowers = new ArrayList<>();
    private boolean rootIsOpaque;

    OverlayTree(Path upper, List<Path> lowerPaths) {
        super(upper, IntStream.range(0, lowerPaths.size()).boxed().toList());
        try {
            for (Path lower : lowerPaths) {
                lowers.add(Dir.openDirectory(Fd.HOST, lower.toString()));
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** What a lower layer has under a name. */
    private record Below(int lower, Stat stat) {}

    /** The uppermost thing that lower layers show under a name; null if none does, or it is hidden. */
    private @Nullable Below below(Directory directory, String name) {
        String path = LayerPath.child(directory.path, name);
        for (int lower : directory.lowers) {
            Stat stat = Dir.statIfPresent(lowers.get(lower), path).orElse(null);
            if (stat != null) {
                return stat.isWhiteout() ? null : new Below(lower, stat);
            }
        }
        return null;
    }

    @Override
    Kind look(Directory directory, String name) {
        Stat there = statOwn(directory, name);
        if (there == null) {
            Below below = below(directory, name);
            there = below == null ? null : below.stat();
        } else if (there.isWhiteout()) {
            there = null;
        }
        if (there == null) {
            return Kind.ABSENT;
        }
        return there.isDirectory() ? Kind.DIRECTORY : there.isSymlink() ? Kind.SYMLINK : Kind.OTHER;
    }

    @Override
    String linkTarget(Directory directory, String name) {
        if (statOwn(directory, name) != null) {
            return Dir.readlink(fd(directory), name);
        }
        Below below = below(directory, name);
        if (below == null) {
            throw new PosixException(Errno.ENOENT.value(), "readlink", LayerPath.child(directory.path, name));
        }
        return Dir.readlink(lowers.get(below.lower()), LayerPath.child(directory.path, name));
    }

    @Override
    Directory child(Directory directory, String name, Kind kind) {
        String path = LayerPath.child(directory.path, name);
        if (kind == Kind.ABSENT) {
            return new Directory(path, directory, List.of(), false);
        }
        Stat own = statOwn(directory, name);
        boolean exists = own != null && own.isDirectory();
        boolean hidden = exists && isOpaque(fd(directory), name);
        return new Directory(path, directory, hidden ? List.of() : contributing(directory, path), exists);
    }

    private List<Integer> contributing(Directory directory, String path) {
        List<Integer> contributing = new ArrayList<>();
        for (int lower : directory.lowers) {
            Stat stat = Dir.statIfPresent(lowers.get(lower), path).orElse(null);
            if (stat != null && !stat.isDirectory()) {
                break;
            }
            if (stat != null) {
                contributing.add(lower);
                if (isOpaque(lowers.get(lower), path)) {
                    break;
                }
            }
        }
        return contributing;
    }

    private static boolean isOpaque(Fd directory, String path) {
        return Xattr.get(directory, path, OPAQUE)
                .filter(value -> value.length == 1 && value[0] == 'y')
                .isPresent();
    }

    @Override
    Optional<Instant> inherit(Directory directory, Fd made) {
        if (directory.lowers.isEmpty()) {
            return Optional.empty();
        }
        Fd lower = lowers.get(directory.lowers.get(0));
        Stat stat = Dir.stat(lower, directory.path);
        CopyUp.attributes(lower, directory.path, made, stat);
        return Optional.of(stat.mtime());
    }

    @Override
    void whiteout(Directory directory, String name) {
        if (!directory.exists && directory.lowers.isEmpty()) {
            return;
        }
        Fd fd = ensure(directory);
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
    void opaque(Directory directory) {
        if (directory.parent == null) {
            rootIsOpaque = true;
            directory.lowers = List.of();
            forgetDirectories("");
        } else if (directory.exists || !directory.lowers.isEmpty()) {
            setOpaque(ensure(directory));
            forgetBelow(directory.parent, directory.name());
        }
    }

    /** A directory became opaque: what is known of it and below counts lower layers that it does not show any more. */
    private void forgetBelow(Directory directory, String name) {
        forgetDirectories(LayerPath.child(directory.path, name));
    }

    private static void setOpaque(Fd directory) {
        Xattr.set(directory, OPAQUE, YES);
    }

    @Override
    void replacedByDirectory(Directory directory, String name) {
        try (Fd made = Dir.openDirectory(fd(directory), name)) {
            setOpaque(made);
        }
    }

    @Override
    boolean bringUp(Directory directory, String name) {
        if (statOwn(directory, name) != null) {
            return false;
        }
        Below below = below(directory, name);
        if (below == null || below.stat().isDirectory()) {
            return false;
        }
        Fd lower = lowers.get(below.lower());
        Fd into = ensure(directory);
        CopyUp.file(lower, LayerPath.child(directory.path, name), into, name, below.stat());
        if (below.stat().links() > 1) {
            linkOtherNames(below, directory, name);
        }
        return true;
    }

    /** A lower file with several names comes up with all of them that are seen, lest the group fall apart. */
    private void linkOtherNames(Below file, Directory directory, String name) {
        List<String> names = new ArrayList<>();
        try (Fd top = Dir.openDirectory(lowers.get(file.lower()), ".")) {
            collectNames(top, "", file.stat(), names);
        }
        for (String path : names) {
            Directory other = find(LayerPath.parent(path));
            String otherName = LayerPath.name(path);
            Below seen = other.path.equals(LayerPath.parent(path)) ? below(other, otherName) : null;
            if (seen != null && seen.stat().isSameFile(file.stat()) && statOwn(other, otherName) == null) {
                Fd to = ensure(other);
                Dir.link(fd(directory), name, to, otherName);
            }
        }
    }

    private static void collectNames(Fd directory, String path, Stat file, List<String> names) {
        for (Listing.Entry entry : Listing.of(directory)) {
            String below = LayerPath.child(path, entry.name());
            if (entry.type() == FileType.DIRECTORY) {
                try (Fd child = Dir.openDirectory(directory, entry.name())) {
                    collectNames(child, below, file, names);
                }
            } else if (entry.inode() == file.inode()
                    && Dir.stat(directory, entry.name()).isSameFile(file)) {
                names.add(below);
            }
        }
    }

    @Override
    void written(String path) {
        // whatever is in the upper directory is of this layer
    }

    @Override
    void finish() {
        if (rootIsOpaque) {
            hideEverythingBelow();
        }
        super.finish();
    }

    /** The kernel does not look at the root's own mark: each lower entry is hidden by itself. */
    private void hideEverythingBelow() {
        Set<String> names = new HashSet<>();
        for (Fd lower : lowers) {
            try (Fd top = Dir.openDirectory(lower, ".")) {
                Listing.of(top).forEach(entry -> names.add(entry.name()));
            }
        }
        names.forEach(name -> whiteout(root(), name));
    }

    @Override
    public void close() {
        lowers.forEach(Fd::close);
        super.close();
    }
}
