package org.felucca.layers.diff;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.felucca.api.diff.PathChange.Kind;
import org.felucca.layers.diff.TreeView.Node;
import org.felucca.posix.fs.Dir;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.Io;
import org.felucca.posix.fs.Open;
import org.felucca.posix.fs.PosixException;
import org.felucca.posix.fs.Stat;
import org.jspecify.annotations.Nullable;

/**
 * What differs between a tree and the one it was made from. Directories that the same layers make up are not entered,
 * so an overlay costs what was written to it; copies are compared file by file. Confined to one thread.
 */
final class Comparison {
    private static final int BUFFER = 256 << 10;

    /** Something is new, another or gone. */
    private static final int DIFFERS = 1;

    /** A layer has to hold it, or something in it. */
    private static final int WRITTEN = 2;

    private final TreeView parent;
    private final TreeView tree;
    private final Interruption interruption;
    private final List<Change> changes = new ArrayList<>();
    private final List<Node> unchangedLinks = new ArrayList<>();
    private final ByteBuffer mine = ByteBuffer.allocateDirect(BUFFER);
    private final ByteBuffer theirs = ByteBuffer.allocateDirect(BUFFER);
    private Set<InodeKey> forced = Set.of();

    /** A file that may have several names. */
    record InodeKey(long device, long inode) {
        static InodeKey of(Stat stat) {
            return new InodeKey(stat.device(), stat.inode());
        }
    }

    /** Is asked between two files whether to go on. */
    @FunctionalInterface
    interface Interruption {
        /** Throws CANCELLED if not. */
        void check();
    }

    /**
     * Something that differs, or that a layer has to hold all the same.
     *
     * @param kind how it differs; null for what does not: another name of a file that does, or what lies in a directory
     *     that hides everything below it
     * @param path where it is
     * @param node what is there now; null if it is gone
     * @param opaque whether it is a directory that hides everything below it
     * @param covered whether it lies in one, so that its removal need not be said
     */
    record Change(
            @Nullable Kind kind, String path, @Nullable Node node, boolean opaque, boolean covered) {}

    private Comparison(TreeView parent, TreeView tree, Interruption interruption) {
        this.parent = parent;
        this.tree = tree;
        this.interruption = interruption;
    }

    /**
     * Compares; directories come before what is in them. The root is among the changes if it is another itself.
     *
     * @param parent what the tree was made from
     */
    static List<Change> of(TreeView parent, TreeView tree, Interruption interruption) {
        Comparison comparison = new Comparison(parent, tree, interruption);
        comparison.run();
        Set<InodeKey> written = new HashSet<>();
        for (Change change : comparison.changes) {
            if (change.node() != null && isLinked(change.node())) {
                written.add(InodeKey.of(change.node().stat()));
            }
        }
        boolean torn = comparison.unchangedLinks.stream().anyMatch(node -> written.contains(InodeKey.of(node.stat())));
        if (!torn) {
            return comparison.changes;
        }
        // A file that changed has names that did not: a layer has to hold all of them, or the group falls apart.
        Comparison again = new Comparison(parent, tree, interruption);
        again.forced = written;
        again.run();
        return again.changes;
    }

    /** Whether something has, or may have, another name. */
    static boolean isLinked(Node node) {
        return !node.isDirectory() && node.stat().links() > 1;
    }

    private void run() {
        Node now = tree.root().orElseThrow();
        Optional<Node> before = parent.root();
        if (before.isEmpty()) {
            changes.add(new Change(Kind.ADDED, "", now, false, false));
            added(now, false);
        } else {
            directory(before.get(), now, false);
        }
    }

    /** Compares directories. @return {@link #DIFFERS} and {@link #WRITTEN}, as they hold */
    private int directory(Node before, Node now, boolean covered) {
        if (!covered && before.isSame(now)) {
            return 0;
        }
        boolean opaque = !covered && tree.merged() && before.sharesNothingWith(now);
        int place = changes.size();
        changes.add(new Change(null, now.path(), now, opaque, covered)); // once more when its entries are known
        boolean self = !isAlike(before, now);
        int below = children(before, now, covered || opaque);
        boolean differs = self || (below & DIFFERS) != 0;
        // What an opaque directory holds counts if anything in it differs; else it is what it was before.
        boolean written = differs || covered || !opaque && (below & WRITTEN) != 0;
        if (!written) {
            changes.subList(place, changes.size()).clear();
            return 0;
        }
        if (now.path().isEmpty() && !self) {
            changes.remove(place);
        } else {
            changes.set(place, new Change(differs ? Kind.CHANGED : null, now.path(), now, opaque, covered));
        }
        return WRITTEN | (differs ? DIFFERS : 0);
    }

    private int children(Node before, Node now, boolean covered) {
        Iterator<Node> old = parent.children(before).iterator();
        Iterator<Node> current = tree.children(now).iterator();
        Node left = next(old);
        Node right = next(current);
        int result = 0;
        while (left != null || right != null) {
            interruption.check();
            int order = left == null ? 1 : right == null ? -1 : TreeView.byName(left, right);
            if (order < 0 && left != null) {
                changes.add(new Change(Kind.DELETED, left.path(), null, false, covered));
                result |= DIFFERS;
                left = next(old);
            } else if (order > 0 && right != null) {
                changes.add(new Change(Kind.ADDED, right.path(), right, false, covered));
                added(right, covered);
                result |= DIFFERS;
                right = next(current);
            } else if (left != null && right != null) {
                result |= both(left, right, covered);
                left = next(old);
                right = next(current);
            }
        }
        return result;
    }

    private static @Nullable Node next(Iterator<Node> nodes) {
        return nodes.hasNext() ? nodes.next() : null;
    }

    /** Everything in a directory that is new. */
    private void added(Node directory, boolean covered) {
        if (!directory.isDirectory()) {
            return;
        }
        for (Node child : tree.children(directory)) {
            interruption.check();
            changes.add(new Change(Kind.ADDED, child.path(), child, false, covered));
            added(child, covered);
        }
    }

    private int both(Node before, Node now, boolean covered) {
        if (before.isDirectory() && now.isDirectory()) {
            return directory(before, now, covered);
        }
        boolean differs = !isAlike(before, now);
        if (differs || covered || forced.contains(InodeKey.of(now.stat()))) {
            changes.add(new Change(differs ? Kind.CHANGED : null, now.path(), now, false, covered));
            added(now, covered);
            return WRITTEN | (differs ? DIFFERS : 0);
        }
        if (isLinked(now)) {
            unchangedLinks.add(now);
        }
        return 0;
    }

    /** Whether two things are the same, as far as a reader of the trees can tell; entries of directories not looked at. */
    private boolean isAlike(Node before, Node now) {
        Stat one = before.stat();
        Stat other = now.stat();
        if (!before.isDirectory() && one.isSameFile(other)) {
            return true;
        }
        if (one.mode() != other.mode()
                || one.uid() != other.uid()
                || one.gid() != other.gid()
                || !one.mtime().equals(other.mtime())
                || one.rdev() != other.rdev()
                || !before.isDirectory() && (one.size() != other.size() || one.links() < other.links())) {
            return false;
        }
        try (Fd oldDirectory = TreeView.open(before.layer(), before.parent());
                Fd directory = TreeView.open(now.layer(), now.parent())) {
            String oldName = before.path().isEmpty() ? "." : before.name();
            String name = now.path().isEmpty() ? "." : now.name();
            if (!sameAttributes(Attributes.of(oldDirectory, oldName), Attributes.of(directory, name))) {
                return false;
            }
            return switch (other.type()) {
                case SYMLINK -> Dir.readlink(oldDirectory, oldName).equals(Dir.readlink(directory, name));
                case REGULAR -> sameContent(oldDirectory, oldName, directory, name);
                case DIRECTORY, CHARACTER_DEVICE, BLOCK_DEVICE, FIFO, SOCKET, UNKNOWN -> true;
            };
        } catch (PosixException e) {
            // It goes while it is looked at: whoever reads the change next will find that out.
            TreeView.requireGone(e);
            return false;
        }
    }

    private static boolean sameAttributes(Map<String, byte[]> one, Map<String, byte[]> other) {
        return one.keySet().equals(other.keySet())
                && one.entrySet().stream()
                        .allMatch(entry -> Arrays.equals(entry.getValue(), other.get(entry.getKey())));
    }

    private boolean sameContent(Fd oldDirectory, String oldName, Fd directory, String name) {
        int flags = Open.RDONLY | Open.NOFOLLOW | Open.NONBLOCK;
        try (Fd one = Dir.open(oldDirectory, oldName, flags, 0);
                Fd other = Dir.open(directory, name, flags, 0)) {
            long at = 0;
            while (true) {
                interruption.check();
                int count = fill(one, theirs, at);
                if (fill(other, mine, at) != count || !mine.equals(theirs)) {
                    return false;
                }
                if (count < BUFFER) {
                    return true;
                }
                at += count;
            }
        }
    }

    private static int fill(Fd file, ByteBuffer buffer, long at) {
        buffer.clear();
        while (buffer.hasRemaining() && Io.read(file, buffer, at + buffer.position()) > 0) {
            // until it is full, or the file ends
        }
        buffer.flip();
        return buffer.remaining();
    }
}
