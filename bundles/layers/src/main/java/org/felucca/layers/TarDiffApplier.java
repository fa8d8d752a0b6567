package org.felucca.layers;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.felucca.api.diff.AppliedDiff;
import org.felucca.api.diff.DiffApplier;
import org.felucca.api.diff.DiffLimits;
import org.felucca.api.diff.IsolatedDiff;
import org.felucca.api.diff.PathChange;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.plugin.PluginId;
import org.felucca.api.snapshot.SnapshotMount;
import org.felucca.layers.apply.LayerApply;
import org.felucca.layers.apply.WriteBack;
import org.felucca.layers.diff.SnapshotDiff;
import org.felucca.layers.manifest.ManifestCheck;
import org.felucca.posix.fs.PosixException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.propertytypes.SatisfyingConditionTarget;

/** The applier {@code tar}. */
@Component(service = DiffApplier.class)
@SatisfyingConditionTarget("(osgi.condition.id=felucca.host.linux)")
@PluginId("tar")
public final class TarDiffApplier implements DiffApplier {

    /** One thread for each layer that is being applied, so as many as there are callers, and one that syncs. */
    private final ExecutorService writers;

    private final WriteBack writeBack;

    @Activate
    public TarDiffApplier() {
        AtomicInteger number = new AtomicInteger();
        writers = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "felucca-layers-write-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        writeBack = new WriteBack(writers);
    }

    /** Joins the writing threads; layers under way are finished. */
    @Deactivate
    public void close() {
        writers.shutdown();
        boolean interrupted = false;
        while (true) {
            try {
                if (writers.awaitTermination(1, TimeUnit.MINUTES)) {
                    break;
                }
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public Set<String> mediaTypes() {
        return LayerApply.MEDIA_TYPES;
    }

    @Override
    public Set<SnapshotMount.Kind> mountKinds() {
        return Set.of(SnapshotMount.Kind.BIND, SnapshotMount.Kind.OVERLAY);
    }

    @Override
    public AppliedDiff apply(String mediaType, InputStream layer, List<SnapshotMount> target, DiffLimits limits) {
        return new LayerApply(mediaType, layer, target, limits, writeBack, null).run(writers);
    }

    @Override
    public AppliedDiff apply(
            String mediaType, InputStream layer, List<SnapshotMount> target, DiffLimits limits, Path manifest) {
        return new LayerApply(mediaType, layer, target, limits, writeBack, manifest).run(writers);
    }

    @Override
    public Optional<IsolatedDiff> applyIsolated(
            String mediaType, InputStream layer, List<SnapshotMount> target, DiffLimits limits) {
        return new LayerApply(mediaType, layer, target, limits, writeBack, null).runIsolated(writers);
    }

    @Override
    public Optional<IsolatedDiff> applyIsolated(
            String mediaType, InputStream layer, List<SnapshotMount> target, DiffLimits limits, Path manifest) {
        return new LayerApply(mediaType, layer, target, limits, writeBack, manifest).runIsolated(writers);
    }

    @Override
    public List<String> check(Path tree, Path manifest, boolean contents) {
        try (ManifestCheck check = new ManifestCheck(tree, manifest, contents)) {
            return check.run();
        } catch (PosixException e) {
            throw new FeluccaException(ErrorCode.INTERNAL, "cannot check layer " + tree, e.getMessage(), null, e);
        }
    }

    @Override
    public Set<SnapshotMount.Kind> readableKinds() {
        return mountKinds();
    }

    @Override
    public void compare(
            List<SnapshotMount> parent, List<SnapshotMount> snapshot, Consumer<? super PathChange> visitor) {
        SnapshotDiff.compare(parent, snapshot, visitor);
    }

    @Override
    public long writeLayer(List<SnapshotMount> parent, List<SnapshotMount> snapshot, OutputStream layer) {
        return SnapshotDiff.writeLayer(parent, snapshot, layer);
    }

    @Override
    public long writeTree(List<SnapshotMount> snapshot, OutputStream tar) {
        return SnapshotDiff.writeTree(snapshot, tar);
    }
}
