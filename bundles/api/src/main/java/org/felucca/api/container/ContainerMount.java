package org.felucca.api.container;

import java.util.List;
import java.util.function.Function;

/** Something mounted into a container besides its root file system. */
public sealed interface ContainerMount {
    /**
     * A file or directory of the host.
     *
     * @param source absolute host path
     * @param target absolute container path
     * @param readOnly whether it is read-only
     * @param createSource whether a missing source is made as a directory ({@code -v}; {@code --mount} refuses instead)
     * @param options further mount options of the runtime-spec, such as {@code rslave}
     */
    record Bind(String source, String target, boolean readOnly, boolean createSource, List<String> options)
            implements ContainerMount {
        /** Copies. */
        public Bind {
            options = List.copyOf(options);
        }
    }

    /**
     * A file system in memory.
     *
     * @param target absolute container path
     * @param options mount options, such as {@code size=64m}, {@code mode=1777}
     */
    record Tmpfs(String target, List<String> options) implements ContainerMount {
        /** Copies. */
        public Tmpfs {
            options = List.copyOf(options);
        }
    }

    /** Returns where in the container it is mounted. */
    String target();

    /** Returns the result of the function that fits. */
    default <R> R fold(Function<? super Bind, ? extends R> bind, Function<? super Tmpfs, ? extends R> tmpfs) {
        return this instanceof Bind b ? bind.apply(b) : tmpfs.apply((Tmpfs) this);
    }
}
