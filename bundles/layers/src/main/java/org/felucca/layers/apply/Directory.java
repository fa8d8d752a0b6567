package org.felucca.layers.apply;

import java.util.List;
import org.felucca.posix.fs.Fd;
import org.jspecify.annotations.Nullable;

/**
 * A directory of the tree as its reader sees it, known by its real path. It may be there, be there in lower layers
 * only, or be nowhere yet.
 */
final class Directory {

    final String path;
    final @Nullable Directory parent;
    /** Lower layers that contribute to it, uppermost first, by index; overlay only. */
    List<Integer> lowers;
    /** Whether it is in the tree that is written. */
    boolean exists;
    /** Open while it is in use and recently after. */
    @Nullable
    Fd fd;

    Directory(String path, @Nullable Directory parent, List<Integer> lowers, boolean exists) {
        this.path = path;
        this.parent = parent;
        this.lowers = lowers;
        this.exists = exists;
    }

    String name() {
        return LayerPath.name(path);
    }
}
