package org.felucca.layers.apply;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.felucca.posix.fs.Dir;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.Stat;
import org.jspecify.annotations.Nullable;

/**
 * Finished layers on top of each other in overlay's form, none of them mounted: what the kernel's merged view would show
 * is worked out here. They never change, and the path of a directory that a layer contributes to is one of real
 * directories in that layer, so names in it are looked up from the layer's root. Confined to one thread.
 *
 * <p>Which layers contribute to a directory is told by their indexes, uppermost first.
 */
final class LowerChain implements AutoCloseable {

    private final List<Fd> roots = new ArrayList<>();

    /** @param layers the directories of the layers, uppermost first */
    LowerChain(List<Path> layers) {
        try {
            for (Path layer : layers) {
                roots.add(Dir.openDirectory(Fd.HOST, layer.toString()));
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** What a layer has under a path. */
    record Below(int layer, Stat stat) {}

    /** The layers that contribute to the root: all of them. */
    List<Integer> all() {
        return all(roots.size());
    }

    static List<Integer> all(int layers) {
        return IntStream.range(0, layers).boxed().toList();
    }

    /** The root of a layer; stays this object's. */
    Fd root(int layer) {
        return roots.get(layer);
    }

    /**
     * The uppermost thing that is shown under a path; null if nothing is, or it is hidden.
     *
     * @param contributing to the directory that the path is in
     */
    @Nullable
    Below below(List<Integer> contributing, String path) {
        for (int layer : contributing) {
            Stat stat = Dir.statIfPresent(roots.get(layer), path).orElse(null);
            if (stat != null) {
                return stat.isWhiteout() ? null : new Below(layer, stat);
            }
        }
        return null;
    }

    /**
     * The layers that contribute to the directory at a path; none if no directory is shown there.
     *
     * @param contributing to the directory that it is in
     */
    List<Integer> contributing(List<Integer> contributing, String path) {
        List<Integer> layers = new ArrayList<>();
        for (int layer : contributing) {
            Stat stat = Dir.statIfPresent(roots.get(layer), path).orElse(null);
            if (stat != null && !stat.isDirectory()) {
                break;
            }
            if (stat != null) {
                layers.add(layer);
                if (OverlayFormTree.isOpaque(roots.get(layer), path)) {
                    break;
                }
            }
        }
        return layers;
    }

    @Override
    public void close() {
        roots.forEach(Fd::close);
        roots.clear();
    }
}
