package org.felucca.runtime.engine.rootfs;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.snapshot.SnapshotMount;
import org.felucca.oci.runtimespec.Spec;
import org.felucca.posix.fs.Errno;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.PosixException;
import org.felucca.posix.mount.FsContext;
import org.felucca.posix.mount.MountAttributes;
import org.felucca.posix.mount.Mounts;
import org.felucca.posix.mount.OverlayRoot;
import org.felucca.posix.mount.OverlaySpec;

/**
 * Mounts a root without attaching it anywhere: the host's mount table never shows it, and it is gone with the last who
 * holds it. Thread-safe.
 */
public final class RootMounter {
    private static final String VOLATILE = "volatile";

    /**
     * Mounts.
     *
     * @param mounts the snapshot's description; exactly one, or none to take {@code root.path}
     * @param throwAway whether nothing of it need survive, so that the kernel may spare its syncing
     * @return the mount, owned by the caller
     * @throws FeluccaException INVALID_ARGUMENT if there is no root; UNSUPPORTED for a kind of mount that this host does
     *     not do; FAILED_PRECONDITION if the kernel refuses it
     */
    public Fd mount(List<SnapshotMount> mounts, Spec spec, boolean throwAway) {
        return mount(mounts.isEmpty() ? List.of(rootPath(spec)) : mounts, throwAway);
    }

    /** As {@link #mount(List, Spec, boolean)}, of exactly one mount. */
    public Fd mount(List<SnapshotMount> mounts, boolean throwAway) {
        if (mounts.size() != 1) {
            throw new FeluccaException(
                    ErrorCode.UNSUPPORTED,
                    "cannot mount the root file system",
                    "it is made of " + mounts.size() + " mounts",
                    "use a snapshotter that describes it as one");
        }
        try {
            return mounts.get(0)
                    .fold(
                            RootMounter::bind,
                            overlay -> overlay(overlay, throwAway),
                            RootMounter::fileSystem,
                            RootMounter::layerChain);
        } catch (PosixException e) {
            throw new FeluccaException(
                    e.is(Errno.ENODEV) ? ErrorCode.UNSUPPORTED : ErrorCode.FAILED_PRECONDITION,
                    "cannot mount the root file system",
                    String.valueOf(e.getMessage()),
                    null,
                    e);
        }
    }

    private static SnapshotMount rootPath(Spec spec) {
        if (spec.root() == null || !spec.root().path().startsWith("/")) {
            throw new FeluccaException(
                    ErrorCode.INVALID_ARGUMENT,
                    "invalid container configuration at /root/path",
                    "there is no absolute path and no snapshot",
                    "give one of them");
        }
        return new SnapshotMount.Bind(Path.of(spec.root().path()), false);
    }

    private static Fd bind(SnapshotMount.Bind bind) {
        Fd tree = Mounts.cloneTree(Fd.HOST, bind.source().toString(), false);
        try {
            Mounts.setAttributes(tree, bind.readOnly() ? MountAttributes.RDONLY : 0, 0, Mounts.PRIVATE, false);
            return tree;
        } catch (PosixException e) {
            tree.close();
            throw e;
        }
    }

    private static Fd overlay(SnapshotMount.Overlay overlay, boolean throwAway) {
        Map<String, String> options = new LinkedHashMap<>();
        for (String option : overlay.options()) {
            int equals = option.indexOf('=');
            options.put(
                    equals < 0 ? option : option.substring(0, equals), equals < 0 ? "" : option.substring(equals + 1));
        }
        if (throwAway && overlay.upper().isPresent()) {
            options.put(VOLATILE, "");
        }
        Optional<OverlaySpec.Upper> upper = overlay.upper()
                .map(path -> new OverlaySpec.Upper(path, overlay.work().orElseThrow()));
        return OverlayRoot.mount(new OverlaySpec(overlay.lower(), upper, options), 0);
    }

    private static Fd fileSystem(SnapshotMount.FileSystem mount) {
        long attributes = 0;
        try (FsContext context = FsContext.open(mount.type())) {
            if (!mount.source().isEmpty()) {
                context.string("source", mount.source());
            }
            for (String option : mount.options()) {
                int equals = option.indexOf('=');
                switch (option) {
                    case "ro" -> {
                        context.flag("ro");
                        attributes |= MountAttributes.RDONLY;
                    }
                    case "nodev" -> attributes |= MountAttributes.NODEV;
                    case "nosuid" -> attributes |= MountAttributes.NOSUID;
                    case "noexec" -> attributes |= MountAttributes.NOEXEC;
                    case "noatime" -> attributes |= MountAttributes.NOATIME;
                    case "rw", "defaults" -> {}
                    default -> {
                        if (equals < 0) {
                            context.flag(option);
                        } else {
                            context.string(option.substring(0, equals), option.substring(equals + 1));
                        }
                    }
                }
            }
            return context.create().mount(attributes);
        }
    }

    private static Fd layerChain(SnapshotMount.LayerChain chain) {
        throw new FeluccaException(
                ErrorCode.UNSUPPORTED,
                "cannot mount the root file system",
                "a chain of Windows layers at " + chain.scratch() + " is nothing for Linux",
                "use another snapshotter");
    }
}
