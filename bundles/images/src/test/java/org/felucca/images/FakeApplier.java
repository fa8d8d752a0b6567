package org.felucca.images;

import com.github.luben.zstd.ZstdInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.zip.GZIPInputStream;
import org.felucca.api.diff.AppliedDiff;
import org.felucca.api.diff.DiffApplier;
import org.felucca.api.diff.DiffLimits;
import org.felucca.api.diff.IsolatedDiff;
import org.felucca.api.diff.PathChange;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.snapshot.SnapshotMount;
import org.felucca.oci.digest.Digest;
import org.felucca.oci.digest.Digest.Algorithm;
import org.felucca.oci.digest.Digester;
import org.felucca.oci.image.MediaType;

/** Writes the uncompressed archive into the snapshot as the file {@code layer.tar} and computes the digests. */
final class FakeApplier implements DiffApplier {
    /** Hears how many compressed bytes were read. */
    volatile LongConsumer onRead = count -> {};

    /** What snapshots were compared with. */
    final List<List<SnapshotMount>> parents = new CopyOnWriteArrayList<>();
    /** Is told where each layer is about to be written; may wait, or throw. */
    volatile Consumer<Path> onApply = directory -> {};
    /** Layers that cannot be written in isolation. */
    final Set<Digest> needBelow = ConcurrentHashMap.newKeySet();
    /** Layers that turn out to be others on top of those below. */
    final Set<Digest> others = ConcurrentHashMap.newKeySet();
    /** The layer that was settled, and the directories it was settled on. */
    final Map<Digest, List<Path>> settled = new ConcurrentHashMap<>();
    /** Layers, as often as they were written. */
    final List<Digest> written = Collections.synchronizedList(new ArrayList<>());

    @Override
    public Optional<IsolatedDiff> applyIsolated(
            String mediaType, InputStream layer, List<SnapshotMount> target, DiffLimits limits) {
        AppliedDiff applied = apply(mediaType, layer, target, limits);
        if (needBelow.contains(applied.diffId())) {
            return Optional.empty();
        }
        return Optional.of(new IsolatedDiff() {
            @Override
            public AppliedDiff applied() {
                return applied;
            }

            @Override
            public boolean settle(List<SnapshotMount> below) {
                settled.put(
                        applied.diffId(),
                        below.stream()
                                .map(mount -> ((SnapshotMount.Bind) mount).source())
                                .toList());
                return !others.contains(applied.diffId());
            }
        });
    }

    @Override
    public Set<String> mediaTypes() {
        return Set.of(
                MediaType.OCI_LAYER.value(),
                MediaType.OCI_LAYER_GZIP.value(),
                MediaType.OCI_LAYER_ZSTD.value(),
                MediaType.DOCKER_LAYER_GZIP.value());
    }

    @Override
    public Set<SnapshotMount.Kind> mountKinds() {
        return Set.of(SnapshotMount.Kind.BIND);
    }

    @Override
    public Set<SnapshotMount.Kind> readableKinds() {
        return mountKinds();
    }

    /** The only change it knows of is the file {@code change}, whose content is the layer. */
    @Override
    public long writeLayer(List<SnapshotMount> parent, List<SnapshotMount> snapshot, OutputStream layer) {
        parents.add(parent);
        Path change = change(snapshot);
        if (!Files.exists(change)) {
            return 0;
        }
        try {
            Files.copy(change, layer);
            return 1;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void compare(
            List<SnapshotMount> parent, List<SnapshotMount> snapshot, Consumer<? super PathChange> visitor) {
        parents.add(parent);
        if (Files.exists(change(snapshot))) {
            visitor.accept(new PathChange(PathChange.Kind.ADDED, "/change"));
        }
    }

    private static Path change(List<SnapshotMount> snapshot) {
        return ((SnapshotMount.Bind) snapshot.get(0)).source().resolve("change");
    }

    @Override
    public AppliedDiff apply(String mediaType, InputStream layer, List<SnapshotMount> target, DiffLimits limits) {
        Path directory = ((SnapshotMount.Bind) target.get(0)).source();
        onApply.accept(directory);
        Digester blob = new Digester(Algorithm.SHA256);
        long[] read = new long[1];
        InputStream counted = new FilterInputStream(layer) {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                int count = super.read(bytes, offset, length);
                if (count > 0) {
                    blob.update(bytes, offset, count);
                    read[0] += count;
                    onRead.accept(read[0]);
                }
                return count;
            }
        };
        try {
            InputStream tar = switch (new MediaType(mediaType).compression()) {
                case NONE -> counted;
                case GZIP -> new GZIPInputStream(counted);
                case ZSTD -> new ZstdInputStream(counted);
            };
            byte[] content = tar.readAllBytes();
            counted.readAllBytes();
            Files.write(directory.resolve("layer.tar"), content);
            written.add(Digest.of(content));
            return new AppliedDiff(blob.digest(), read[0], Digest.of(content), content.length, 1);
        } catch (IOException e) {
            boolean cancelled = e instanceof InterruptedIOException
                    || Thread.currentThread().isInterrupted();
            ErrorCode code = cancelled ? ErrorCode.CANCELLED : ErrorCode.DATA_LOSS;
            throw new FeluccaException(code, "cannot apply", String.valueOf(e.getMessage()), null, e);
        }
    }

    /** The manifest is the size of the archive. */
    @Override
    public AppliedDiff apply(
            String mediaType, InputStream layer, List<SnapshotMount> target, DiffLimits limits, Path manifest) {
        AppliedDiff applied = apply(mediaType, layer, target, limits);
        describe(applied, manifest);
        return applied;
    }

    /** The manifest is there once the layer is settled. */
    @Override
    public Optional<IsolatedDiff> applyIsolated(
            String mediaType, InputStream layer, List<SnapshotMount> target, DiffLimits limits, Path manifest) {
        return applyIsolated(mediaType, layer, target, limits).map(diff -> new IsolatedDiff() {
            @Override
            public AppliedDiff applied() {
                return diff.applied();
            }

            @Override
            public boolean settle(List<SnapshotMount> below) {
                boolean holds = diff.settle(below);
                if (holds) {
                    describe(diff.applied(), manifest);
                }
                return holds;
            }
        });
    }

    private static void describe(AppliedDiff applied, Path manifest) {
        try {
            Files.writeString(manifest, String.valueOf(applied.tarSize()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public List<String> check(Path tree, Path manifest, boolean contents) {
        try {
            long size = Files.size(tree.resolve("layer.tar"));
            return String.valueOf(size).equals(Files.readString(manifest))
                    ? List.of()
                    : List.of("/layer.tar has " + size + " bytes");
        } catch (NoSuchFileException e) {
            throw new FeluccaException(ErrorCode.NOT_FOUND, "cannot check " + tree, "no manifest", null, e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
