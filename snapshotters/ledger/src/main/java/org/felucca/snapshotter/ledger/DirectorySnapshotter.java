package org.felucca.snapshotter.ledger;

import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.snapshot.SnapshotCapability;
import org.felucca.api.snapshot.SnapshotFiles;
import org.felucca.api.snapshot.SnapshotInfo;
import org.felucca.api.snapshot.SnapshotKey;
import org.felucca.api.snapshot.SnapshotKind;
import org.felucca.api.snapshot.SnapshotMount;
import org.felucca.api.snapshot.SnapshotRequest;
import org.felucca.api.snapshot.SnapshotUsage;
import org.felucca.api.snapshot.Snapshotter;
import org.felucca.posix.fs.Dir;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.Io;
import org.felucca.posix.fs.PosixException;
import org.felucca.posix.fs.Tree;

/**
 * The contract over a {@link Ledger} and a {@link Storage}. Order makes every operation atomic: a directory is made
 * before its record and removed after it, so that a crash leaves a directory too many, which {@link #cleanup} finds,
 * and never a record too many.
 */
public final class DirectorySnapshotter implements Snapshotter, AutoCloseable {

    private final Ledger ledger;
    private final Storage storage;
    private final Form form;
    private volatile boolean closed;

    /**
     * Takes the storage over, and starts to remove from it what a crash has left. Does not wait for the records: their
     * store may still be opening.
     */
    public DirectorySnapshotter(Ledger ledger, Storage storage, Form form) {
        this.ledger = ledger;
        this.storage = storage;
        this.form = form;
        storage.sweep(this::recorded);
    }

    /** The file beside a tree that describes it. */
    private static final String MANIFEST = "manifest";

    @Override
    public Set<SnapshotCapability> capabilities() {
        return form.capabilities();
    }

    @Override
    public List<SnapshotMount> prepare(SnapshotRequest request) {
        return make(request, SnapshotKind.ACTIVE);
    }

    @Override
    public List<SnapshotMount> view(SnapshotRequest request) {
        if (request.parent().isEmpty()) {
            throw new FeluccaException(
                    ErrorCode.INVALID_ARGUMENT,
                    "cannot prepare snapshot " + request.key(),
                    "a view needs a parent",
                    "name the committed snapshot to look at");
        }
        return make(request, SnapshotKind.VIEW);
    }

    private List<SnapshotMount> make(SnapshotRequest request, SnapshotKind kind) {
        requireOpen("prepare", request.key());
        return wrap("prepare", request.key(), () -> {
            Optional<Entry> parent = ledger.parent(request);
            long number = storage.create();
            try {
                fill(number, request, kind, parent);
                Entry entry = ledger.insert(request, kind, number);
                storage.recorded(number);
                return form.mounts(entry, storage);
            } catch (RuntimeException e) {
                storage.discard(number);
                throw e;
            }
        });
    }

    private void fill(long number, SnapshotRequest request, SnapshotKind kind, Optional<Entry> parent) {
        try (Fd directory = Dir.openDirectory(storage.directory(), Long.toString(number))) {
            form.fill(directory, kind, parent, storage);
        } catch (PosixException e) {
            try {
                ledger.parent(request);
            } catch (FeluccaException gone) {
                gone.addSuppressed(e);
                throw gone;
            }
            throw e;
        }
    }

    @Override
    public void commit(SnapshotKey name, SnapshotKey active, Map<String, String> labels) {
        commit(name, active, labels, Optional.empty());
    }

    @Override
    public void commit(SnapshotKey name, SnapshotKey active, Map<String, String> labels, SnapshotKey parent) {
        if (form.capabilities().contains(SnapshotCapability.REBASE)) {
            commit(name, active, labels, Optional.of(parent));
        } else {
            Snapshotter.super.commit(name, active, labels, parent);
        }
    }

    private void commit(SnapshotKey name, SnapshotKey active, Map<String, String> labels, Optional<SnapshotKey> onto) {
        requireOpen("commit", active);
        wrap("commit", active, () -> {
            ledger.committable(name, active, onto);
            boolean later = Ledger.LATER.equals(labels.get(SnapshotInfo.LABEL_SEAL));
            if (!later && !"true".equals(labels.get(Ledger.LABEL_SYNCED))) {
                Io.syncFileSystem(storage.directory());
            }
            ledger.commit(name, active, labels, onto);
            return Boolean.TRUE;
        });
    }

    @Override
    public void seal(Collection<SnapshotKey> names) {
        requireOpen("seal", "snapshots");
        List<SnapshotKey> unsealed = ledger.unsealed(names);
        if (!unsealed.isEmpty()) {
            wrap("seal", unsealed.get(unsealed.size() - 1), () -> {
                Io.syncFileSystem(storage.directory());
                ledger.seal(unsealed);
                return Boolean.TRUE;
            });
        }
    }

    @Override
    public SnapshotInfo relabel(SnapshotKey key, Map<String, String> labels) {
        requireOpen("relabel", key);
        return ledger.relabel(key, labels).info();
    }

    @Override
    public void replace(SnapshotKey damaged, SnapshotKey active) {
        requireOpen("replace", damaged);
        wrap("replace", damaged, () -> {
            Ledger.Replacement pair = ledger.replaceable(damaged, active);
            Io.syncFileSystem(storage.directory());
            storage.exchange(pair.damaged().storage(), pair.active().storage(), Boot.id());
            ledger.replaced(damaged, active);
            return Boolean.TRUE;
        });
    }

    @Override
    public Optional<SnapshotFiles> files(SnapshotKey key) {
        requireOpen("find the files of", key);
        Entry entry = ledger.get(key, "find the files of");
        if (entry.info().kind() == SnapshotKind.VIEW) {
            return Optional.empty();
        }
        Path directory = storage.path(entry.storage());
        return Optional.of(new SnapshotFiles(directory.resolve(Form.TREE), directory.resolve(MANIFEST)));
    }

    @Override
    public List<SnapshotMount> mounts(SnapshotKey key) {
        requireOpen("mount", key);
        Entry entry = ledger.get(key, "mount");
        if (entry.info().kind() == SnapshotKind.COMMITTED) {
            throw new FeluccaException(
                    ErrorCode.FAILED_PRECONDITION,
                    "cannot mount snapshot " + key,
                    "it is committed",
                    "prepare a view of it");
        }
        return form.mounts(entry, storage);
    }

    @Override
    public SnapshotInfo stat(SnapshotKey key) {
        requireOpen("find", key);
        return ledger.get(key, "find").info();
    }

    @Override
    public SnapshotUsage usage(SnapshotKey key) {
        requireOpen("measure", key);
        Entry entry = ledger.get(key, "measure");
        if (entry.usage().isPresent()) {
            return entry.usage().get();
        }
        return wrap("measure", key, () -> {
            Tree.Usage measured = Tree.measure(storage.directory(), Long.toString(entry.storage()));
            SnapshotUsage usage = new SnapshotUsage(measured.bytes(), measured.inodes());
            if (entry.info().kind() == SnapshotKind.COMMITTED) {
                ledger.keepUsage(key, usage);
            }
            return usage;
        });
    }

    @Override
    public void walk(Consumer<? super SnapshotInfo> visitor) {
        requireOpen("list", "snapshots");
        ledger.list().forEach(entry -> visitor.accept(entry.info()));
    }

    @Override
    public void remove(SnapshotKey key) {
        requireOpen("remove", key);
        storage.discard(ledger.remove(key).storage());
    }

    @Override
    public void cleanup() {
        requireOpen("clean up", "snapshots");
        Storage.await(storage.sweep(this::recorded), "cannot clean up snapshots");
    }

    private Set<Long> recorded() {
        ledger.dropLost();
        storage.sweepRetired(Boot.id());
        Set<Long> recorded = new HashSet<>();
        ledger.list().forEach(entry -> recorded.add(entry.storage()));
        return recorded;
    }

    /** Refuses what comes, and joins the removing thread. */
    @Override
    public void close() {
        closed = true;
        storage.close();
    }

    private void requireOpen(String operation, Object subject) {
        if (closed) {
            String what = subject instanceof SnapshotKey ? "snapshot " + subject : subject.toString();
            throw new FeluccaException(
                    ErrorCode.UNAVAILABLE, "cannot " + operation + " " + what, "the snapshotter is shutting down");
        }
    }

    private static <R> R wrap(String operation, SnapshotKey key, Supplier<R> work) {
        try {
            return work.get();
        } catch (PosixException e) {
            throw Failures.of("cannot " + operation + " snapshot " + key, e);
        }
    }
}
