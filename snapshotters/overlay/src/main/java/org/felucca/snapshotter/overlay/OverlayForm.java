package org.felucca.snapshotter.overlay;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.felucca.api.snapshot.SnapshotCapability;
import org.felucca.api.snapshot.SnapshotKind;
import org.felucca.api.snapshot.SnapshotMount;
import org.felucca.api.snapshot.SnapshotRequest;
import org.felucca.posix.fs.Dir;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.Stat;
import org.felucca.posix.fs.Xattr;
import org.felucca.snapshotter.ledger.Entry;
import org.felucca.snapshotter.ledger.Form;
import org.felucca.snapshotter.ledger.Storage;

/**
 * Directories in overlay's form.
 *
 * <pre>
 *   12/fs      changes: files, whiteouts (character devices 0:0), opaque directories
 *   12/work    the kernel's; active snapshots only
 *   mount-points   see {@link MountPoints}
 *   nothing        an empty directory, what a snapshot in isolation lies on
 * </pre>
 *
 * <p>The options are always explicit, whatever the kernel's defaults: {@code index=off} (two mounts may share lower
 * directories), {@code metacopy=off} and {@code redirect_dir=nofollow} (a layer holds whole files under their own
 * names, so that it can be exported, and an attribute that a layer smuggled in moves nothing), {@code xino=off} (all
 * layers lie on one file system).
 */
final class OverlayForm implements Form {

    private static final String WORK = "work";

    private static final String NOTHING = "nothing";
    private static final int PRIVATE = 0700;
    private static final int DEFAULT_MODE = 0755;
    private static final List<String> OPTIONS =
            List.of("index=off", "metacopy=off", "redirect_dir=nofollow", "xino=off");
    private static final List<String> EPHEMERAL_OPTIONS =
            List.of("index=off", "metacopy=off", "redirect_dir=nofollow", "xino=off", "volatile");
    /** Overlay's own attributes belong to one layer; a child does not inherit them. */
    private static final String OWN_ATTRIBUTES = "trusted.overlay.";

    private final MountPoints mountPoints;
    private final Path nothing;

    OverlayForm(MountPoints mountPoints, Path nothing) {
        this.mountPoints = mountPoints;
        this.nothing = nothing;
    }

    /** The empty directory, made where it is missing. */
    static Path nothing(Fd storage, Path root) {
        Dir.mkdirIfAbsent(storage, NOTHING, PRIVATE);
        return root.resolve(NOTHING);
    }

    @Override
    public Set<SnapshotCapability> capabilities() {
        return Set.of(SnapshotCapability.REBASE, SnapshotCapability.VOLATILE, SnapshotCapability.IDMAP);
    }

    @Override
    public void fill(Fd directory, SnapshotKind kind, Optional<Entry> parent, Storage storage) {
        if (kind == SnapshotKind.VIEW) {
            return;
        }
        Dir.mkdir(directory, TREE, PRIVATE);
        Dir.mkdir(directory, WORK, PRIVATE);
        if (parent.isPresent()) {
            inheritRoot(directory, parent.get(), storage);
        } else {
            Dir.chmod(directory, TREE, DEFAULT_MODE);
        }
    }

    /** The merged root directory shows the uppermost one's attributes: they start as the parent's. */
    private static void inheritRoot(Fd directory, Entry parent, Storage storage) {
        String below = parent.storage() + "/" + TREE;
        Stat stat = Dir.stat(storage.directory(), below);
        if (stat.uid() != 0 || stat.gid() != 0) {
            Dir.chown(directory, TREE, stat.uid(), stat.gid());
        }
        Dir.chmod(directory, TREE, stat.permissions());
        for (String attribute : Xattr.list(storage.directory(), below)) {
            if (!attribute.startsWith(OWN_ATTRIBUTES)) {
                Xattr.get(storage.directory(), below, attribute)
                        .ifPresent(value -> Xattr.set(directory, TREE, attribute, value));
            }
        }
        Dir.setTimes(directory, TREE, Dir.UNCHANGED, stat.mtime());
    }

    @Override
    public List<SnapshotMount> mounts(Entry entry, Storage storage) {
        Path own = storage.path(entry.storage());
        List<Path> lowers = new ArrayList<>(entry.below().size());
        for (long below : entry.below()) {
            lowers.add(storage.path(below).resolve(TREE));
        }
        if (entry.info().kind() == SnapshotKind.VIEW) {
            return List.of(
                    lowers.size() == 1
                            ? new SnapshotMount.Bind(lowers.get(0), true)
                            : new SnapshotMount.Overlay(lowers, Optional.empty(), Optional.empty(), OPTIONS));
        }
        if (lowers.isEmpty()) {
            if (!isSet(entry, SnapshotRequest.LABEL_ISOLATED)) {
                return List.of(new SnapshotMount.Bind(own.resolve(TREE), false));
            }
            lowers.add(nothing);
        }
        if (isSet(entry, SnapshotRequest.LABEL_MOUNT_POINTS)) {
            lowers.add(mountPoints.path());
        }
        return List.of(new SnapshotMount.Overlay(
                lowers,
                Optional.of(own.resolve(TREE)),
                Optional.of(own.resolve(WORK)),
                entry.ephemeral() ? EPHEMERAL_OPTIONS : OPTIONS));
    }

    private static boolean isSet(Entry entry, String label) {
        return "true".equals(entry.info().labels().get(label));
    }
}
