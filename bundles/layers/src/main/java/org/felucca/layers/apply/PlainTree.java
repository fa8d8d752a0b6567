package org.felucca.layers.apply;

import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.felucca.posix.fs.Dir;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.Listing;
import org.felucca.posix.fs.Stat;
import org.felucca.posix.fs.Tree;

/** A whole tree, which holds what is below as well: whiteouts delete. */
final class PlainTree extends TargetTree {

    /** Nothing is below, so that there is nothing to delete and nothing to remember. */
    private final boolean empty;
    /** Real paths of what this layer wrote, and of the directories above. */
    private final Set<String> own = new HashSet<>();

    PlainTree(Path root) {
        super(root, List.of());
        this.empty = Listing.isEmpty(rootFd());
    }

    @Override
    Kind look(Directory directory, String name) {
        Stat there = statOwn(directory, name);
        if (there == null) {
            return Kind.ABSENT;
        }
        return there.isDirectory() ? Kind.DIRECTORY : there.isSymlink() ? Kind.SYMLINK : Kind.OTHER;
    }

    @Override
    String linkTarget(Directory directory, String name) {
        return Dir.readlink(fd(directory), name);
    }

    @Override
    Directory child(Directory directory, String name, Kind kind) {
        return new Directory(LayerPath.child(directory.path, name), directory, List.of(), kind == Kind.DIRECTORY);
    }

    @Override
    Optional<Instant> inherit(Directory directory, Fd made) {
        return Optional.empty();
    }

    @Override
    void written(String path) {
        String at = path;
        while (!empty && !at.isEmpty() && own.add(at)) {
            at = LayerPath.parent(at);
        }
    }

    @Override
    void whiteout(Directory directory, String name) {
        if (!empty && directory.exists && statOwn(directory, name) != null) {
            delete(ensure(directory), LayerPath.child(directory.path, name), name);
        }
    }

    @Override
    void opaque(Directory directory) {
        if (!empty && directory.exists) {
            deleteBelow(ensure(directory), directory.path);
        }
    }

    private void delete(Fd parent, String path, String name) {
        if (!own.contains(path)) {
            forget(path);
            Tree.remove(parent, name);
        } else if (Dir.stat(parent, name).isDirectory()) {
            try (Fd directory = Dir.openDirectory(parent, name)) {
                deleteBelow(directory, path);
            }
        }
    }

    private void deleteBelow(Fd directory, String path) {
        for (Listing.Entry entry : Listing.of(directory)) {
            delete(directory, LayerPath.child(path, entry.name()), entry.name());
        }
    }

    @Override
    boolean bringUp(Directory directory, String name) {
        return false;
    }

    @Override
    void replacedByDirectory(Directory directory, String name) {
        // what stood there is gone for good
    }
}
