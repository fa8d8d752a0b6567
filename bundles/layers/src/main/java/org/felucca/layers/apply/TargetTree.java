package org.felucca.layers.apply;

import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.felucca.posix.fs.Dir;
import org.felucca.posix.fs.Errno;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.Io;
import org.felucca.posix.fs.Open;
import org.felucca.posix.fs.PosixException;
import org.felucca.posix.fs.Resolve;
import org.felucca.posix.fs.Stat;
import org.felucca.posix.fs.Tree;
import org.jspecify.annotations.Nullable;

/**
 * The tree that a layer is written to. Finds directories as the tree's reader would, links followed inside the root;
 * keeps those recently used open; remembers times that are to be set when nothing more is written. Confined to one
 * thread.
 */
abstract class TargetTree implements AutoCloseable {

    static final int PRIVATE_DIRECTORY = 0700;

    private static final int DEFAULT_DIRECTORY = 0755;
    private static final int MOST_LINKS = 40;
    private static final int MOST_OPEN = 256;
    private static final int REAL_DIRECTORY = Open.RDONLY | Open.DIRECTORY | Open.NOFOLLOW;
    private static final int NO_LINKS = Resolve.BENEATH | Resolve.NO_SYMLINKS | Resolve.NO_MAGICLINKS;

    /** What is seen under a name. */
    enum Kind {
        ABSENT,
        DIRECTORY,
        SYMLINK,
        OTHER
    }

    private final Fd rootFd;
    private final Directory root;
    /** By real path. */
    private final Map<String, Directory> byPath = new HashMap<>();
    /** By a path that leads through links. */
    private final Map<String, Directory> aliases = new HashMap<>();

    private final LinkedHashMap<String, Directory> open = new LinkedHashMap<>(16, 0.75f, true);
    /** Modification times that directories get at the end, by real path. */
    private final Map<String, Instant> times = new HashMap<>();

    /** For directories that are nowhere: they look the same whoever unpacks, and whenever. */
    private Instant memberTime = Instant.EPOCH;

    TargetTree(Path rootPath, List<Integer> lowers) {
        this.rootFd = Dir.openDirectory(Fd.HOST, rootPath.toString());
        this.root = new Directory("", null, lowers, true);
        root.fd = rootFd;
        times.put("", Io.stat(rootFd).mtime());
    }

    /** What a reader of the tree sees under a name. */
    abstract Kind look(Directory directory, String name);

    /** What the link under a name, seen by {@link #look}, points to. */
    abstract String linkTarget(Directory directory, String name);

    /** The directory under a name, seen by {@link #look}, or absent. */
    abstract Directory child(Directory directory, String name, Kind kind);

    /** Gives a directory just made the attributes of what lies below it; answers its time, where something does. */
    abstract Optional<Instant> inherit(Directory directory, Fd made);

    /** Hides or removes what lies below a name, but nothing of this layer. The directory is there, or below. */
    abstract void whiteout(Directory directory, String name);

    /** Hides or removes all that lies below a directory, but nothing of this layer. */
    abstract void opaque(Directory directory);

    /** Brings a file that is not in the tree itself into it, so that it can be linked; false if there is none. */
    abstract boolean bringUp(Directory directory, String name);

    /** A directory was made where something else stood in the tree. */
    abstract void replacedByDirectory(Directory directory, String name);

    /** A member was written. */
    abstract void written(String path);

    /** A directory was made that the layer needs and has not named yet. */
    void made(Directory directory) {
        // of interest only where it is told from entries of the layer
    }

    /** A directory got the attributes that its member says. */
    void described(String path) {
        // of interest only where it would get others later
    }

    /** A member comes that was changed at this time. */
    void begin(Instant time) {
        memberTime = time;
    }

    /** The last member was written. */
    void finish() {
        times.forEach((path, time) -> {
            Fd fd;
            try {
                fd = path.isEmpty() ? rootFd : Dir.openIn(rootFd, path, REAL_DIRECTORY, 0, NO_LINKS);
            } catch (PosixException e) {
                if (e.is(Errno.ENOENT) || e.is(Errno.ENOTDIR) || e.is(Errno.ELOOP)) {
                    return;
                }
                throw e;
            }
            try {
                Io.setTimes(fd, Dir.UNCHANGED, time);
            } finally {
                if (fd != rootFd) {
                    fd.close();
                }
            }
        });
    }

    Fd rootFd() {
        return rootFd;
    }

    Directory root() {
        return root;
    }

    /** The directory that a cleaned path means, there or not. */
    Directory find(String path) {
        return find(path, 0);
    }

    private Directory find(String path, int links) {
        if (path.isEmpty()) {
            return root;
        }
        Directory known = byPath.get(path);
        if (known == null) {
            known = aliases.get(path);
        }
        if (known != null) {
            return known;
        }
        Directory parent = find(LayerPath.parent(path), links);
        String name = LayerPath.name(path);
        Kind kind = look(parent, name);
        Directory found = switch (kind) {
            case DIRECTORY, ABSENT -> known(parent, name, kind);
            case SYMLINK -> follow(parent, linkTarget(parent, name), links + 1);
            case OTHER -> throw new IllegalArgumentException(path + " is no directory");
        };
        if (!found.path.equals(path) && kind != Kind.ABSENT) {
            aliases.put(path, found);
        }
        return found;
    }

    private Directory known(Directory parent, String name, Kind kind) {
        String path = LayerPath.child(parent.path, name);
        Directory known = byPath.get(path);
        if (known == null) {
            known = child(parent, name, kind);
            if (kind != Kind.ABSENT) {
                byPath.put(path, known);
            }
        }
        return known;
    }

    /**
     * Walks a link's target from where the link stands; ".." stops at the root, as it does for whoever lives in the
     * tree.
     */
    private Directory follow(Directory from, String target, int links) {
        if (links > MOST_LINKS) {
            throw new IllegalArgumentException("too many links on its way");
        }
        Directory at = target.startsWith("/") ? root : from;
        for (String component : target.split("/")) {
            if (component.equals("..")) {
                at = at.parent == null ? root : at.parent;
            } else if (!component.isEmpty() && !component.equals(".")) {
                Kind kind = look(at, component);
                at = switch (kind) {
                    case DIRECTORY, ABSENT -> known(at, component, kind);
                    case SYMLINK -> follow(at, linkTarget(at, component), links + 1);
                    case OTHER -> throw new IllegalArgumentException(component + " on its way is no directory");
                };
            }
        }
        return at;
    }

    /** The directory, made in the tree if it is not there, open. */
    Fd ensure(Directory directory) {
        if (!directory.exists) {
            Directory parent = directory.parent;
            if (parent == null) {
                throw new IllegalStateException("the root is always there");
            }
            Fd above = ensure(parent);
            String name = directory.name();
            boolean clear = Dir.mkdirIfAbsent(above, name, PRIVATE_DIRECTORY);
            if (!clear) {
                makeRoom(parent, name, false);
                Dir.mkdir(above, name, PRIVATE_DIRECTORY);
                replacedByDirectory(parent, name);
            }
            directory.exists = true;
            byPath.put(directory.path, directory);
            Fd made = fd(directory);
            Optional<Instant> time = inherit(directory, made);
            if (time.isEmpty()) {
                Io.chmod(made, DEFAULT_DIRECTORY);
            }
            times.put(directory.path, time.orElse(memberTime));
            made(directory);
            written(directory.path);
            return made;
        }
        Fd fd = fd(directory);
        if (!times.containsKey(directory.path)) {
            times.put(directory.path, Io.stat(fd).mtime());
        }
        return fd;
    }

    /** A descriptor of a directory that is in the tree; stays this object's, and open for the next few calls. */
    Fd fd(Directory directory) {
        if (directory.parent == null) {
            return rootFd;
        }
        open.get(directory.path);
        Fd fd = directory.fd;
        if (fd == null) {
            fd = Dir.openIn(rootFd, directory.path, REAL_DIRECTORY, 0, NO_LINKS);
            directory.fd = fd;
            open.put(directory.path, directory);
            if (open.size() > MOST_OPEN) {
                Iterator<Directory> eldest = open.values().iterator();
                close(eldest.next());
                eldest.remove();
            }
        }
        return fd;
    }

    private static void close(Directory directory) {
        Fd fd = directory.fd;
        directory.fd = null;
        if (fd != null) {
            fd.close();
        }
    }

    /** What is in the tree itself under a name. */
    @Nullable
    Stat statOwn(Directory directory, String name) {
        return directory.exists ? Dir.statIfPresent(fd(directory), name).orElse(null) : null;
    }

    /** Sets a directory's time, at the end. */
    void setTime(String path, Instant time) {
        times.put(path, time);
    }

    /** Something else than a directory was placed at a path: what was known to be there is hidden. */
    void placed(String path, boolean link) {
        if (byPath.containsKey(path) || aliases.containsKey(path)) {
            forgetDirectories(path);
        } else if (link) {
            aliases.clear();
        }
    }

    /** A directory was placed at a path where none was known. */
    void placedDirectory(String path) {
        aliases.clear();
        Directory known = byPath.get(path);
        if (known != null) {
            known.exists = true;
        }
    }

    /**
     * Clears a name in the tree for something new.
     *
     * @param keepDirectory whether a directory may stay
     * @return whether a directory stayed
     */
    boolean makeRoom(Directory directory, String name, boolean keepDirectory) {
        Fd fd = fd(directory);
        Stat there = Dir.stat(fd, name);
        if (there.isDirectory() && keepDirectory) {
            return true;
        }
        String path = LayerPath.child(directory.path, name);
        forget(path);
        Tree.remove(fd, name);
        return false;
    }

    /** Forgets which directories are at and below a path, which stays. */
    void forgetDirectories(String path) {
        aliases.clear();
        byPath.keySet().removeIf(known -> LayerPath.isWithin(known, path));
        open.values().removeIf(directory -> {
            boolean below = LayerPath.isWithin(directory.path, path);
            if (below) {
                close(directory);
            }
            return below;
        });
    }

    /** Forgets everything known at and below a path that is about to go. */
    void forget(String path) {
        forgetDirectories(path);
        times.keySet().removeIf(known -> LayerPath.isWithin(known, path));
    }

    @Override
    public void close() {
        open.values().forEach(TargetTree::close);
        open.clear();
        rootFd.close();
    }
}
