package org.felucca.layers.apply;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.felucca.posix.fs.Dir;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.Stat;

/**
 * An upper directory whose lower ones are not known yet. What {@link OverlayTree} would look up there is taken for the
 * usual, and noted as an assumption: that a directory which the layer names without having it is a directory below, or
 * nothing. Where there is no usual, {@link ChainNeededException} says so.
 *
 * <p>{@link Directory#lowers} holds one element where something may lie below, and none where this layer hides it.
 */
final class IsolatedTree extends OverlayFormTree {

    private static final List<Integer> UNKNOWN = List.of(0);

    private final Assumptions assumptions;

    /** @param assumptions what is added to */
    IsolatedTree(Path upper, Assumptions assumptions) {
        super(upper, UNKNOWN);
        this.assumptions = assumptions;
        assumptions.inherits("");
    }

    @Override
    Kind look(Directory directory, String name) {
        Stat there = statOwn(directory, name);
        if (there == null || there.isWhiteout()) {
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
        String path = LayerPath.child(directory.path, name);
        if (kind == Kind.DIRECTORY) {
            boolean hidden = isOpaque(fd(directory), name);
            return new Directory(path, directory, hidden ? List.of() : directory.lowers, true);
        }
        boolean hidden = directory.lowers.isEmpty() || statOwn(directory, name) != null;
        if (!hidden) {
            assumptions.noLinkAt(path);
        }
        return new Directory(path, directory, hidden ? List.of() : UNKNOWN, false);
    }

    @Override
    Optional<Instant> inherit(Directory directory, Fd made) {
        if (!directory.lowers.isEmpty()) {
            assumptions.inherits(directory.path);
        }
        return Optional.empty();
    }

    @Override
    void written(String path) {
        // all that is there is of this layer
    }

    @Override
    List<String> broughtUp(String path) {
        return List.of();
    }

    @Override
    void described(String path) {
        super.described(path);
        assumptions.described(path);
    }

    @Override
    void forget(String path) {
        super.forget(path);
        assumptions.removed(path);
    }

    @Override
    void hidesIn(Directory directory) {
        if (directory.parent != null) {
            assumptions.directoryAt(directory.path);
        }
    }

    @Override
    void opaqueRoot() {
        throw new ChainNeededException("everything below is hidden");
    }

    @Override
    boolean bringUp(Directory directory, String name) {
        if (directory.lowers.isEmpty()) {
            return false;
        }
        throw new ChainNeededException("a hard link leads below");
    }
}
