package org.felucca.posix.fs;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/** A directory and everything below it. */
public final class Tree {

    /**
     * Levels entered with an open descriptor each; what lies deeper is moved up first, so that no tree is too deep to
     * remove.
     */
    private static final int DEEPEST = 100;

    /** The unit of {@code st_blocks}. */
    private static final int BLOCK = 512;

    private static final String MOVED_UP = ".removing-";

    private final Fd top;
    private final long device;
    private final Deque<String> movedUp = new ArrayDeque<>();
    private long removed;
    private long moves;

    private Tree(Fd top, long device) {
        this.top = top;
        this.device = device;
    }

    /**
     * Removes {@code name} and, if it is a directory, everything below, without following links and without crossing
     * into another file system: something mounted below is refused with EBUSY or EXDEV and stays. Nobody else may
     * change the tree meanwhile.
     *
     * @return how many entries were removed; 0 if there is none of that name
     */
    public static long remove(Fd dir, String name) {
        Stat root = Dir.statIfPresent(dir, name).orElse(null);
        if (root == null) {
            return 0;
        }
        if (!root.isDirectory()) {
            Dir.unlink(dir, name);
            return 1;
        }
        try (Fd top = Dir.openDirectory(dir, name)) {
            Tree tree = new Tree(top, root.device());
            tree.empty(top, 0);
            for (String deep = tree.movedUp.poll(); deep != null; deep = tree.movedUp.poll()) {
                tree.removeDirectory(top, deep, 0);
            }
            Dir.rmdir(dir, name);
            return tree.removed + 1;
        }
    }

    /**
     * What a tree takes.
     *
     * @param bytes allocated on disk
     * @param inodes files of every type, the top directory included; hard links counted once
     */
    public record Usage(long bytes, long inodes) {}

    /** Measures {@code name} and everything below, without following links and without entering other file systems. */
    public static Usage measure(Fd dir, String name) {
        Stat top = Dir.stat(dir, name);
        Gauge gauge = new Gauge(top.device());
        gauge.add(dir, name, top);
        return new Usage(gauge.bytes, gauge.inodes);
    }

    private static final class Gauge {
        private final long device;
        private final Set<Long> linked = new HashSet<>();
        private long bytes;
        private long inodes;

        Gauge(long device) {
            this.device = device;
        }

        void add(Fd parent, String name, Stat stat) {
            if (stat.device() != device || !stat.isDirectory() && stat.links() > 1 && !linked.add(stat.inode())) {
                return;
            }
            bytes += stat.blocks() * BLOCK;
            inodes++;
            if (stat.isDirectory()) {
                try (Fd dir = Dir.openDirectory(parent, name)) {
                    for (Listing.Entry entry : Listing.of(dir)) {
                        Dir.statIfPresent(dir, entry.name()).ifPresent(below -> add(dir, entry.name(), below));
                    }
                }
            }
        }
    }

    private void empty(Fd dir, int depth) {
        for (Listing.Entry entry : Listing.of(dir)) {
            FileType type = entry.type() == FileType.UNKNOWN
                    ? Dir.stat(dir, entry.name()).type()
                    : entry.type();
            if (type != FileType.DIRECTORY) {
                Dir.unlink(dir, entry.name());
                removed++;
            } else if (depth < DEEPEST) {
                removeDirectory(dir, entry.name(), depth + 1);
            } else {
                String moved = MOVED_UP + moves++;
                Dir.renameNoReplace(dir, entry.name(), top, moved);
                movedUp.add(moved);
            }
        }
    }

    private void removeDirectory(Fd parent, String name, int depth) {
        try (Fd dir = Dir.openDirectory(parent, name)) {
            if (Io.stat(dir).device() != device) {
                throw new PosixException(Errno.EXDEV.value(), "remove", parent + "/" + name);
            }
            empty(dir, depth);
        }
        Dir.rmdir(parent, name);
        removed++;
    }
}
