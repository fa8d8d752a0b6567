package org.felucca.layers;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.felucca.api.diff.AppliedDiff;
import org.felucca.api.diff.DiffLimits;
import org.felucca.api.diff.IsolatedDiff;
import org.felucca.api.snapshot.SnapshotMount;
import org.felucca.posix.fs.Dir;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.Stat;
import org.felucca.posix.mount.OverlayRoot;
import org.felucca.posix.mount.OverlaySpec;
import org.felucca.tck.tree.TreeListing;

/** Layers applied on top of each other, in each of the ways that snapshotters have. */
final class Stacks {

    static final String PLAIN = "application/vnd.oci.image.layer.v1.tar";
    private static final Map<String, String> OPTIONS =
            Map.of("index", "off", "metacopy", "off", "redirect_dir", "nofollow", "xino", "off");

    private Stacks() {}

    /** Reads a layer anew. */
    @FunctionalInterface
    interface Layer {
        InputStream open() throws IOException;

        static Layer of(byte[] tar) {
            return () -> new ByteArrayInputStream(tar);
        }
    }

    /** Applies layers as the overlay snapshotter has them, and lists what the kernel shows. */
    static List<String> overlay(Path directory, String mediaType, List<Layer> layers, TreeListing.Without... without)
            throws IOException {
        List<Path> lowers = new ArrayList<>();
        for (int i = 0; i < layers.size(); i++) {
            Path upper = Files.createDirectories(directory.resolve("layer-" + i + "/fs"));
            Path work = Files.createDirectories(directory.resolve("layer-" + i + "/work"));
            if (i > 0) {
                inherit(lowers.get(0), upper);
            }
            SnapshotMount mount = i == 0
                    ? new SnapshotMount.Bind(upper, false)
                    : new SnapshotMount.Overlay(lowers, Optional.of(upper), Optional.of(work), List.of());
            apply(mediaType, layers.get(i), mount);
            lowers.add(0, upper);
        }
        if (lowers.size() == 1) {
            return TreeListing.of(lowers.get(0), without);
        }
        try (Fd root = OverlayRoot.mount(new OverlaySpec(lowers, Optional.empty(), OPTIONS), 0)) {
            return TreeListing.of(root, without);
        }
    }

    /**
     * Applies layers as {@link #overlay} does, but each above the lowest before those below it, and in order only where
     * that is what it needs.
     *
     * @param inOrder gets the numbers of the layers that were applied in order
     */
    static List<String> isolated(Path directory, String mediaType, List<Layer> layers, List<Integer> inOrder)
            throws IOException {
        Path nothing = Files.createDirectories(directory.resolve("nothing"));
        List<SnapshotMount> mounts = new ArrayList<>();
        List<Optional<IsolatedDiff>> diffs = new ArrayList<>();
        TarDiffApplier applier = new TarDiffApplier();
        try {
            for (int i = 0; i < layers.size(); i++) {
                Path upper = Files.createDirectories(directory.resolve("layer-" + i + "/fs"));
                Path work = Files.createDirectories(directory.resolve("layer-" + i + "/work"));
                mounts.add(
                        i == 0
                                ? new SnapshotMount.Bind(upper, false)
                                : new SnapshotMount.Overlay(
                                        List.of(nothing), Optional.of(upper), Optional.of(work), List.of()));
            }
            diffs.add(Optional.empty());
            // The uppermost first: nothing below it is there.
            for (int i = layers.size() - 1; i > 0; i--) {
                try (InputStream stream = layers.get(i).open()) {
                    diffs.add(1, applier.applyIsolated(mediaType, stream, List.of(mounts.get(i)), DiffLimits.DEFAULT));
                }
            }
            apply(mediaType, layers.get(0), mounts.get(0));
            for (int i = 1; i < layers.size(); i++) {
                List<SnapshotMount> below = below(mounts, i);
                if (diffs.get(i).isEmpty() || !diffs.get(i).get().settle(below)) {
                    inOrder.add(i);
                    mounts.set(i, again(directory.resolve("again-" + i), layers.get(i), mediaType, below));
                }
            }
        } finally {
            applier.close();
        }
        List<Path> lowers = new ArrayList<>(layersOf(below(mounts, layers.size())));
        if (lowers.size() == 1) {
            return TreeListing.of(lowers.get(0), TreeListing.Without.ROOT);
        }
        try (Fd root = OverlayRoot.mount(new OverlaySpec(lowers, Optional.empty(), OPTIONS), 0)) {
            return TreeListing.of(root, TreeListing.Without.ROOT);
        }
    }

    /** The mounts of the layers below one, uppermost first, down to one that names its parents. */
    private static List<SnapshotMount> below(List<SnapshotMount> mounts, int layer) {
        List<SnapshotMount> below = new ArrayList<>();
        for (int i = layer - 1; i >= 0; i--) {
            below.add(mounts.get(i));
            boolean named = mounts.get(i) instanceof SnapshotMount.Overlay overlay
                    && !overlay.lower().get(0).endsWith("nothing");
            if (named) {
                break;
            }
        }
        return below;
    }

    static List<Path> layersOf(List<SnapshotMount> mounts) {
        List<Path> layers = new ArrayList<>();
        for (SnapshotMount mount : mounts) {
            if (mount instanceof SnapshotMount.Overlay overlay) {
                layers.add(overlay.upper().orElseThrow());
                overlay.lower().stream()
                        .filter(lower -> !lower.endsWith("nothing"))
                        .forEach(layers::add);
            } else {
                layers.add(((SnapshotMount.Bind) mount).source());
            }
        }
        return layers;
    }

    private static SnapshotMount again(Path directory, Layer layer, String mediaType, List<SnapshotMount> below)
            throws IOException {
        Path upper = Files.createDirectories(directory.resolve("fs"));
        Path work = Files.createDirectories(directory.resolve("work"));
        List<Path> lowers = layersOf(below);
        inherit(lowers.get(0), upper);
        SnapshotMount mount = new SnapshotMount.Overlay(lowers, Optional.of(upper), Optional.of(work), List.of());
        apply(mediaType, layer, mount);
        return mount;
    }

    private static void inherit(Path lower, Path upper) {
        Stat stat = Dir.stat(Fd.HOST, lower.toString());
        Dir.chown(Fd.HOST, upper.toString(), stat.uid(), stat.gid());
        Dir.chmod(Fd.HOST, upper.toString(), stat.permissions());
        Dir.setTimes(Fd.HOST, upper.toString(), Dir.UNCHANGED, stat.mtime());
    }

    /** Applies layers one after another to one tree, and lists it. */
    static List<String> plain(Path directory, String mediaType, List<Layer> layers, TreeListing.Without... without)
            throws IOException {
        Files.createDirectories(directory);
        for (Layer layer : layers) {
            apply(mediaType, layer, new SnapshotMount.Bind(directory, false));
        }
        return TreeListing.of(directory, without);
    }

    static AppliedDiff apply(String mediaType, Layer layer, SnapshotMount mount) throws IOException {
        TarDiffApplier applier = new TarDiffApplier();
        try (InputStream stream = layer.open()) {
            return applier.apply(mediaType, stream, List.of(mount), DiffLimits.DEFAULT);
        } finally {
            applier.close();
        }
    }
}
