package org.felucca.layers.apply;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.felucca.layers.apply.LowerChain.Below;
import org.felucca.posix.fs.Dir;
import org.felucca.posix.fs.Errno;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.FileType;
import org.felucca.posix.fs.Listing;
import org.felucca.posix.fs.PosixException;
import org.felucca.posix.fs.Stat;
import org.jspecify.annotations.Nullable;

/** An upper directory over lower ones. */
final class OverlayTree extends OverlayFormTree {

    private final LowerChain chain;
    private final NavigableSet<String> broughtUp = new TreeSet<>();
    private boolean rootIsOpaque;

    OverlayTree(Path upper, List<Path> lowerPaths) {
        super(upper, LowerChain.all(lowerPaths.size()));
        try {
            chain = new LowerChain(lowerPaths);
        } catch (RuntimeException e) {
            super.close();
            throw e;
        }
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
        return Dir.readlink(chain.root(below.layer()), LayerPath.child(directory.path, name));
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
        return new Directory(path, directory, hidden ? List.of() : chain.contributing(directory.lowers, path), exists);
    }

    private @Nullable Below below(Directory directory, String name) {
        return chain.below(directory.lowers, LayerPath.child(directory.path, name));
    }

    @Override
    Optional<Instant> inherit(Directory directory, Fd made) {
        if (directory.lowers.isEmpty()) {
            return Optional.empty();
        }
        Fd lower = chain.root(directory.lowers.get(0));
        Stat stat = Dir.stat(lower, directory.path);
        CopyUp.attributes(lower, directory.path, made, stat);
        return Optional.of(stat.mtime());
    }

    @Override
    void written(String path) {
        broughtUp.remove(path);
    }

    @Override
    void forget(String path) {
        super.forget(path);
        broughtUp.removeIf(known -> LayerPath.isWithin(known, path));
    }

    @Override
    List<String> broughtUp(String path) {
        // "0" is what follows "/": between them is all that lies below.
        SortedSet<String> below = path.isEmpty() ? broughtUp : broughtUp.subSet(path + "/", path + "0");
        List<String> found = new ArrayList<>(below);
        below.clear();
        if (broughtUp.remove(path)) {
            found.add(path);
        }
        return found;
    }

    @Override
    void hidesIn(Directory directory) {
        // the lower layers have been looked at
    }

    @Override
    void opaqueRoot() {
        rootIsOpaque = true;
        root().lowers = List.of();
        forgetDirectories("");
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
        Fd lower = chain.root(below.layer());
        Fd into = ensure(directory);
        CopyUp.file(lower, LayerPath.child(directory.path, name), into, name, below.stat());
        broughtUp.add(LayerPath.child(directory.path, name));
        if (below.stat().links() > 1) {
            linkOtherNames(below, directory, name);
        }
        return true;
    }

    /** A lower file with several names comes up with all of them that are seen, lest the group fall apart. */
    private void linkOtherNames(Below file, Directory directory, String name) {
        List<String> names = new ArrayList<>();
        try (Fd top = Dir.openDirectory(chain.root(file.layer()), ".")) {
            collectNames(top, "", file.stat(), names);
        }
        for (String path : names) {
            Directory other = find(LayerPath.parent(path));
            String otherName = LayerPath.name(path);
            Below seen = other.path.equals(LayerPath.parent(path)) ? below(other, otherName) : null;
            if (seen != null && seen.stat().isSameFile(file.stat()) && statOwn(other, otherName) == null) {
                Fd to = ensure(other);
                Dir.link(fd(directory), name, to, otherName);
                broughtUp.add(path);
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
    void finish() {
        if (rootIsOpaque) {
            hideEverythingBelow();
        }
        super.finish();
    }

    /** The kernel does not look at the root's own mark: each lower entry is hidden by itself. */
    private void hideEverythingBelow() {
        Set<String> names = new HashSet<>();
        for (int layer : chain.all()) {
            try (Fd top = Dir.openDirectory(chain.root(layer), ".")) {
                Listing.of(top).forEach(entry -> names.add(entry.name()));
            }
        }
        names.forEach(name -> hide(root(), name));
    }

    @Override
    public void close() {
        chain.close();
        super.close();
    }
}
