package org.felucca.layers.diff;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.felucca.api.diff.PathChange;
import org.felucca.api.diff.PathChange.Kind;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.snapshot.SnapshotMount;
import org.felucca.layers.diff.Comparison.Change;
import org.felucca.posix.fs.PosixException;

/** The second half of {@link org.felucca.api.diff.DiffApplier}. Stateless. */
public final class SnapshotDiff {
    private SnapshotDiff() {}

    /** See {@link org.felucca.api.diff.DiffApplier#compare}. */
    public static void compare(
            List<SnapshotMount> parent, List<SnapshotMount> snapshot, Consumer<? super PathChange> visitor) {
        String subject = "cannot compare snapshots";
        List<Change> changes = guarded(subject, () -> changes(subject, parent, snapshot));
        for (Change change : changes) {
            Kind kind = change.kind();
            if (kind != null && !change.path().isEmpty()) {
                visitor.accept(new PathChange(kind, "/" + change.path()));
            }
        }
    }

    private static List<Change> changes(String subject, List<SnapshotMount> parent, List<SnapshotMount> snapshot) {
        try (TreeView before = TreeView.of(subject, parent);
                TreeView now = TreeView.of(subject, snapshot)) {
            return Comparison.of(before, now, () -> checkInterrupt(subject));
        }
    }

    /** See {@link org.felucca.api.diff.DiffApplier#writeLayer}. */
    public static long writeLayer(List<SnapshotMount> parent, List<SnapshotMount> snapshot, OutputStream layer) {
        String subject = "cannot write a layer";
        return guarded(subject, () -> {
            try (TreeView before = TreeView.of(subject, parent);
                    TreeView now = TreeView.of(subject, snapshot)) {
                List<Change> changes = Comparison.of(before, now, () -> checkInterrupt(subject));
                return writing(
                        subject, () -> new TreeTar(subject, layer, () -> checkInterrupt(subject)).layer(changes));
            }
        });
    }

    /** See {@link org.felucca.api.diff.DiffApplier#writeTree}. */
    public static long writeTree(List<SnapshotMount> snapshot, OutputStream tar) {
        String subject = "cannot write a file system";
        return guarded(subject, () -> {
            try (TreeView view = TreeView.of(subject, snapshot)) {
                return writing(subject, () -> new TreeTar(subject, tar, () -> checkInterrupt(subject)).tree(view));
            }
        });
    }

    private static void checkInterrupt(String subject) {
        if (Thread.currentThread().isInterrupted()) {
            throw new FeluccaException(ErrorCode.CANCELLED, subject, "the work was interrupted");
        }
    }

    /** Writes to a stream of the caller's. */
    @FunctionalInterface
    private interface Writing {
        long write() throws IOException;
    }

    private static long writing(String subject, Writing writing) {
        try {
            return writing.write();
        } catch (IOException e) {
            if (e.getCause() instanceof FeluccaException known) {
                throw known;
            }
            if (e instanceof InterruptedIOException) {
                throw new FeluccaException(ErrorCode.CANCELLED, subject, "the work was interrupted", null, e);
            }
            throw new FeluccaException(
                    ErrorCode.UNAVAILABLE, subject, "it cannot be written: " + e.getMessage(), null, e);
        }
    }

    private static <R> R guarded(String subject, Supplier<R> work) {
        try {
            return work.get();
        } catch (PosixException e) {
            throw new FeluccaException(ErrorCode.INTERNAL, subject, e.getMessage(), null, e);
        }
    }
}
