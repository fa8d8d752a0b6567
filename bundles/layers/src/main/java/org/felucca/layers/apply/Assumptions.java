package org.felucca.layers.apply;

import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.felucca.layers.apply.LowerChain.Below;
import org.felucca.posix.fs.Dir;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.Io;
import org.felucca.posix.fs.Open;
import org.felucca.posix.fs.Resolve;
import org.felucca.posix.fs.Stat;

/**
 * What a layer written in isolation takes for granted of the layers below, and which of its directories are still to get
 * the attributes of those below. Confined to one thread at a time.
 */
final class Assumptions {

    private static final int REAL_DIRECTORY = Open.RDONLY | Open.DIRECTORY | Open.NOFOLLOW;
    private static final int NO_LINKS = Resolve.BENEATH | Resolve.NO_SYMLINKS | Resolve.NO_MAGICLINKS;

    /** Paths where a directory or nothing is assumed; true where it has to be a directory. Parents come first. */
    private final TreeMap<String, Boolean> directories = new TreeMap<>();
    /** Directories made here that look like those below, where there are some. */
    private final Set<String> inheriting = new HashSet<>();

    /** Below there is a directory at this path, or nothing: no link that would lead elsewhere, and no file. */
    void noLinkAt(String path) {
        directories.putIfAbsent(path, false);
    }

    /** Below there is a directory at this path: else what hides something in it must not be written. */
    void directoryAt(String path) {
        directories.put(path, true);
    }

    /** A directory was made that the layer says nothing about. */
    void inherits(String path) {
        inheriting.add(path);
    }

    /** The layer says what a directory looks like. */
    void described(String path) {
        inheriting.remove(path);
    }

    /** What was written at and below a path is gone. */
    void removed(String path) {
        inheriting.removeIf(known -> LayerPath.isWithin(known, path));
    }

    /**
     * Looks at the layers below, and gives the directories that are to look like theirs their attributes and times.
     *
     * @param upper what was written in isolation
     * @param layers the directories of the layers below, uppermost first
     * @return false, with nothing changed, if an assumption does not hold
     */
    boolean settle(Path upper, List<Path> layers) {
        try (LowerChain chain = new LowerChain(layers)) {
            Map<String, List<Integer>> contributing = new HashMap<>();
            for (Map.Entry<String, Boolean> assumed : directories.entrySet()) {
                String path = assumed.getKey();
                Below below = chain.below(contributing(chain, contributing, LayerPath.parent(path)), path);
                if (below == null ? assumed.getValue() : !below.stat().isDirectory()) {
                    return false;
                }
            }
            try (Fd root = Dir.openDirectory(Fd.HOST, upper.toString())) {
                for (String path : new TreeSet<>(inheriting)) {
                    List<Integer> from = contributing(chain, contributing, path);
                    if (!from.isEmpty()) {
                        inherit(chain.root(from.get(0)), path, root);
                    }
                }
            }
            return true;
        }
    }

    private static List<Integer> contributing(LowerChain chain, Map<String, List<Integer>> known, String path) {
        List<Integer> found = known.get(path);
        if (found == null) {
            found = path.isEmpty()
                    ? chain.all()
                    : chain.contributing(contributing(chain, known, LayerPath.parent(path)), path);
            known.put(path, found);
        }
        return found;
    }

    private static void inherit(Fd lower, String path, Fd root) {
        String name = path.isEmpty() ? "." : path;
        Stat stat = Dir.stat(lower, name);
        try (Fd made = Dir.openIn(root, name, REAL_DIRECTORY, 0, NO_LINKS)) {
            CopyUp.attributes(lower, name, made, stat);
            Instant time = stat.mtime();
            Io.setTimes(made, Dir.UNCHANGED, time);
        }
    }
}
