package org.felucca.layers.apply;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.felucca.api.diff.AppliedDiff;
import org.felucca.api.diff.DiffLimits;
import org.felucca.api.diff.IsolatedDiff;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.snapshot.SnapshotMount;
import org.felucca.layers.manifest.FileDigests;
import org.felucca.layers.manifest.ManifestWriter;
import org.felucca.layers.tar.TarFormatException;
import org.felucca.layers.tar.TarReader;
import org.felucca.oci.digest.Digest;
import org.felucca.oci.digest.Digester;
import org.felucca.posix.fs.Dir;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.PosixException;
import org.felucca.posix.inflate.ByteSource;
import org.felucca.posix.inflate.CorruptStreamException;
import org.felucca.posix.inflate.Gunzip;
import org.felucca.posix.inflate.Unzstd;
import org.jspecify.annotations.Nullable;

/** One layer into one snapshot. Used once. */
public final class LayerApply {

    private static final String OCI = "application/vnd.oci.image.layer.v1.tar";
    private static final String OCI_FOREIGN = "application/vnd.oci.image.layer.nondistributable.v1.tar";
    private static final String DOCKER = "application/vnd.docker.image.rootfs.diff.tar";
    private static final String DOCKER_FOREIGN = "application/vnd.docker.image.rootfs.foreign.diff.tar";

    /** Every media type that is read. */
    public static final Set<String> MEDIA_TYPES = Set.of(
            OCI,
            OCI + "+gzip",
            OCI + "+zstd",
            OCI_FOREIGN,
            OCI_FOREIGN + "+gzip",
            OCI_FOREIGN + "+zstd",
            DOCKER,
            DOCKER + ".gzip",
            DOCKER + ".zstd",
            DOCKER_FOREIGN,
            DOCKER_FOREIGN + ".gzip");

    private static final int GZIP_MAGIC = 0x1F8B;
    private static final int ZSTD_MAGIC = 0x28B52FFD;

    private static final String SUBJECT = "cannot apply layer";

    private final String mediaType;
    private final BlobSource blob;
    private final List<SnapshotMount> target;
    private final DiffLimits limits;
    private final WriteBack writeBack;
    private final @Nullable Path manifest;
    private final FileDigests digests = new FileDigests();
    private final Digester tarDigester = new Digester(Digest.Algorithm.SHA256);
    private long tarSize;

    /**
     * Arguments as of {@link org.felucca.api.diff.DiffApplier}.
     *
     * @param manifest where to describe the tree; null for nowhere
     */
    public LayerApply(
            String mediaType,
            InputStream layer,
            List<SnapshotMount> target,
            DiffLimits limits,
            WriteBack writeBack,
            @Nullable Path manifest) {
        this.mediaType = mediaType;
        this.blob = new BlobSource(layer);
        this.target = target;
        this.limits = limits;
        this.writeBack = writeBack;
        this.manifest = manifest;
    }

    /**
     * Applies it, with the writing side on {@code executor}.
     *
     * @throws FeluccaException as {@link org.felucca.api.diff.DiffApplier#apply}
     */
    public AppliedDiff run(Executor executor) {
        return write(this::open, executor);
    }

    /**
     * Writes it without what it will lie on, with the writing side on {@code executor}.
     *
     * @return empty if that cannot be done with this layer
     * @throws FeluccaException as {@link org.felucca.api.diff.DiffApplier#applyIsolated}
     */
    public Optional<IsolatedDiff> runIsolated(Executor executor) {
        Path upper = upper(target);
        Assumptions assumptions = new Assumptions();
        try {
            AppliedDiff applied = write(() -> new IsolatedTree(upper, assumptions), executor);
            return Optional.of(new Isolated(upper, assumptions, applied, digests, manifest));
        } catch (ChainNeededException e) {
            return Optional.empty();
        }
    }

    private AppliedDiff write(Supplier<TargetTree> opener, Executor executor) {
        if (!MEDIA_TYPES.contains(mediaType)) {
            throw new FeluccaException(
                    ErrorCode.UNSUPPORTED, SUBJECT, "its media type " + mediaType + " is unknown", "convert the image");
        }
        try (TargetTree tree = opener.get();
                ByteSource tar = decoder()) {
            Pipeline pipeline = new Pipeline();
            TarReader reader = new TarReader(pipeline);
            LayerWriter writer =
                    new LayerWriter(tree, reader, limits.maxEntries(), writeBack, manifest == null ? null : digests);
            long entries = pipeline.run(tar, this::pass, executor, writer::run);
            if (manifest != null && !(tree instanceof IsolatedTree)) {
                describe(tree.rootFd(), digests, manifest);
            }
            return new AppliedDiff(blob.digest(), blob.size(), tarDigester.digest(), tarSize, entries);
        } catch (CorruptStreamException e) {
            throw damaged(e.getMessage() + " before byte " + blob.size() + " of the layer", e);
        } catch (TarFormatException e) {
            throw damaged(String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw new FeluccaException(ErrorCode.UNAVAILABLE, SUBJECT, "it cannot be read: " + e.getMessage(), null, e);
        } catch (PosixException e) {
            throw new FeluccaException(ErrorCode.INTERNAL, SUBJECT, e.getMessage(), null, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FeluccaException(ErrorCode.CANCELLED, SUBJECT, "interrupted", null, e);
        } catch (RejectedExecutionException e) {
            throw new FeluccaException(ErrorCode.UNAVAILABLE, SUBJECT, "the applier is shutting down", null, e);
        }
    }

    private static void describe(Fd tree, FileDigests digests, Path manifest) {
        try {
            new ManifestWriter(digests).write(tree, manifest);
        } catch (IOException e) {
            throw new FeluccaException(
                    ErrorCode.RESOURCE_EXHAUSTED,
                    SUBJECT,
                    "its manifest cannot be written: " + e.getMessage(),
                    "free space on the disk of the snapshots",
                    e);
        }
    }

    private static FeluccaException damaged(String reason, Exception cause) {
        return new FeluccaException(ErrorCode.DATA_LOSS, SUBJECT, reason, "pull the image again", cause);
    }

    private TargetTree open() {
        if (target.size() != 1) {
            throw new FeluccaException(ErrorCode.UNSUPPORTED, SUBJECT, "its snapshot has " + target.size() + " mounts");
        }
        return target.get(0)
                .<TargetTree>fold(
                        bind -> {
                            if (bind.readOnly()) {
                                throw unwritable();
                            }
                            return new PlainTree(bind.source());
                        },
                        overlay ->
                                new OverlayTree(overlay.upper().orElseThrow(LayerApply::unwritable), overlay.lower()),
                        fileSystem -> {
                            throw unknownMount("a " + fileSystem.type() + " file system");
                        },
                        chain -> {
                            throw unknownMount("a chain of Windows layers");
                        });
    }

    /** The directory that holds a layer in overlay's form. */
    private static Path upper(List<SnapshotMount> mounts) {
        if (mounts.size() == 1 && mounts.get(0) instanceof SnapshotMount.Overlay overlay) {
            return overlay.upper().orElseThrow(LayerApply::unwritable);
        }
        throw new FeluccaException(
                ErrorCode.UNSUPPORTED, SUBJECT, "its snapshot is no overlay", "apply it on top of what is below");
    }

    /** The layers that mounts show, uppermost first. */
    private static List<Path> layers(List<SnapshotMount> mounts) {
        List<Path> layers = new ArrayList<>();
        for (SnapshotMount mount : mounts) {
            if (mount instanceof SnapshotMount.Overlay overlay) {
                overlay.upper().ifPresent(layers::add);
                layers.addAll(overlay.lower());
            } else if (mount instanceof SnapshotMount.Bind bind) {
                layers.add(bind.source());
            } else {
                throw unknownMount("of kind " + mount.kind());
            }
        }
        return layers;
    }

    /** A layer that waits for what it will lie on. */
    private record Isolated(
            Path upper,
            Assumptions assumptions,
            AppliedDiff applied,
            FileDigests digests,
            @Nullable Path manifest) implements IsolatedDiff {
        @Override
        public boolean settle(List<SnapshotMount> below) {
            try {
                boolean settled = assumptions.settle(upper, layers(below));
                // Only now is the tree what it will be.
                if (settled && manifest != null) {
                    try (Fd tree = Dir.openDirectory(Fd.HOST, upper.toString())) {
                        describe(tree, digests, manifest);
                    }
                }
                return settled;
            } catch (PosixException e) {
                throw new FeluccaException(ErrorCode.INTERNAL, SUBJECT, e.getMessage(), null, e);
            }
        }
    }

    private static FeluccaException unwritable() {
        return new FeluccaException(
                ErrorCode.FAILED_PRECONDITION, SUBJECT, "its snapshot is read-only", "prepare an active snapshot");
    }

    private static FeluccaException unknownMount(String what) {
        return new FeluccaException(
                ErrorCode.UNSUPPORTED, SUBJECT, "its snapshot is " + what, "use the snapshotter overlay or native");
    }

    private ByteSource decoder() {
        if (mediaType.endsWith("gzip")) {
            return Gunzip.of(blob);
        }
        if (mediaType.endsWith("zstd")) {
            return Unzstd.of(blob).orElseGet(() -> new JavaUnzstd(blob));
        }
        return blob;
    }

    private void pass(ByteBuffer bytes) throws CorruptStreamException {
        if (tarSize == 0 && bytes.remaining() >= 4 && mediaType.endsWith("tar")) {
            int magic = bytes.getInt(bytes.position());
            if (magic >>> 16 == GZIP_MAGIC || magic == ZSTD_MAGIC) {
                throw new CorruptStreamException(
                        "it is compressed, which its media type " + mediaType + " does not say,");
            }
        }
        tarSize += bytes.remaining();
        if (tarSize > limits.maxTarBytes()) {
            throw new FeluccaException(
                    ErrorCode.RESOURCE_EXHAUSTED,
                    SUBJECT,
                    "it unpacks to more than " + limits.maxTarBytes() + " bytes",
                    "raise the limit if the image is trusted");
        }
        tarDigester.update(bytes);
    }
}
