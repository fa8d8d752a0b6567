package org.felucca.runtime.engine;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.felucca.api.runtime.TaskId;
import org.felucca.api.snapshot.SnapshotMount;
import org.felucca.posix.fs.Fd;
import org.jspecify.annotations.Nullable;

/** Roots that were mounted before their tasks are asked for. Thread-safe. */
final class AnticipatedRoots implements AutoCloseable {
    /** Guarded by this object. */
    private final Map<TaskId, Root> roots = new HashMap<>();

    private boolean closed;

    private record Root(List<SnapshotMount> rootfs, boolean ephemeral, Fd mount) {}

    /** Keeps a mount, which becomes this object's. */
    void keep(TaskId id, List<SnapshotMount> rootfs, boolean ephemeral, Fd mount) {
        Root former;
        synchronized (this) {
            Root root = new Root(List.copyOf(rootfs), ephemeral, mount);
            former = closed ? root : roots.put(id, root);
        }
        if (former != null) {
            former.mount().close();
        }
    }

    /** Hands a task's mount out, to be the caller's; empty if there is none, or one that was made of something else. */
    Optional<Fd> take(TaskId id, List<SnapshotMount> rootfs, boolean ephemeral) {
        Root root = remove(id);
        if (root == null) {
            return Optional.empty();
        }
        if (root.ephemeral() == ephemeral && root.rootfs().equals(rootfs)) {
            return Optional.of(root.mount());
        }
        root.mount().close();
        return Optional.empty();
    }

    /** Unmounts a task's root, if there is one. */
    void forget(TaskId id) {
        Root root = remove(id);
        if (root != null) {
            root.mount().close();
        }
    }

    private synchronized @Nullable Root remove(TaskId id) {
        return roots.remove(id);
    }

    /** Unmounts all, and keeps no more. */
    @Override
    public void close() {
        List<Root> left;
        synchronized (this) {
            closed = true;
            left = List.copyOf(roots.values());
            roots.clear();
        }
        left.forEach(root -> root.mount().close());
    }
}
