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
