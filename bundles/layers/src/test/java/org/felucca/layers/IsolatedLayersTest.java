package org.felucca.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.felucca.api.diff.DiffLimits;
import org.felucca.api.diff.IsolatedDiff;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.snapshot.SnapshotMount;
import org.felucca.layers.CraftedImagesTest.Image;
import org.felucca.oci.digest.Digest;
import org.felucca.posix.fs.Fd;
import org.felucca.tck.tree.TreeListing;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Layers that are written before those below them: the tree is that of layers applied in order. */
class IsolatedLayersTest {

    /** Images with a layer that means something else by itself, so that it is applied again. */
    private static final Set<String> IN_ORDER = Set.of(
            "path under a lower link",
            "path under an absolute lower link",
            "path under a lower link that climbs",
            "hard link to a lower file",
            "hard link to a lower file through a link",
            "hard link to a lower file with two names",
            "hard link to a lower file that is deleted after it",
            "hard link to a lower file whose directory is deleted after it",
            "hard link to a lower file with two names that are deleted after it",
            "hard link to a lower file in a directory that becomes opaque",
            "hard link to a lower file that is replaced after it",
            "hard link to a lower link",
            "whiteout in a new directory",
            "whiteout through a lower link",
            "opaque root",
            "opaque directory nowhere below",
            "whiteout in a directory nowhere below",
            "file where the layer needs a directory, later its own",
            "own link through a lower link and back");

    @TempDir
    Path directory;

    @AfterEach
    void removeTrees() {
        Trees.clear(directory);
    }

    private static TarBuilder tar() {
        return CraftedImagesTest.tar();
    }

    private static TarBuilder base() {
        return CraftedImagesTest.base();
    }

    static Stream<Image> images() {
        Map<String, List<TarBuilder>> images = new LinkedHashMap<>();
        images.put(
                "directory taken for granted, then described",
                List.of(base(), tar().file("d/n", "n").mode(0700).directory("d/")));
        images.put(
                "directory taken for granted, then replaced",
                List.of(base(), tar().file("d/n", "n").file("d", "now a file")));
        images.put(
                "directory taken for granted, replaced, and made again",
                List.of(
                        base(),
                        tar().file("d/n", "n")
                                .file("d", "a file")
                                .directory("d/")
                                .file("d/m", "m")));
        images.put(
                "directory taken for granted, then opaque",
                List.of(base(), tar().file("d/sub/n", "n").opaque("d")));
        images.put(
                "opaque directory nowhere below",
                List.of(base(), tar().opaque("none").file("none/x", "x")));
        images.put("whiteout in a directory nowhere below", List.of(base(), tar().whiteout("none/x")));
        images.put(
                "whiteout, then a file below it",
                List.of(base(), tar().whiteout("d").file("d/sub/n", "n")));
        images.put(
                "layer that describes the root",
                List.of(base(), tar().mode(0711).owner(3, 4).directory("./").file("n", "n")));
        images.put(
                "file where the layer needs a directory, later its own",
                List.of(base(), tar().file("lib/x", "x").directory("lib/")));
        images.put(
                "own link to a lower directory",
                List.of(base(), tar().symlink("s", "d/sub").file("s/n", "n")));
        images.put(
                "own link through a lower link and back",
                List.of(base(), tar().symlink("s", "lib/../share").file("s/n", "n")));
        images.put(
                "own link through a lower directory and back",
                List.of(base(), tar().symlink("s", "d/../usr").file("s/n", "n")));
        images.put(
                "own directory over a lower link, and a path below",
                List.of(base(), tar().directory("abs/").file("abs/lib/x", "x")));
        images.put(
                "three layers, each taking the one below for granted",
                List.of(
                        base(),
                        tar().mode(0700).owner(4, 5).directory("d/sub/"),
                        tar().file("d/sub/n", "n"),
                        tar().whiteout("d/sub/n").file("d/sub/m", "m")));
        images.put("hidden by the layer between", List.of(base(), tar().whiteout("d"), tar().file("d/sub/n", "n")));
        images.put(
                "opaque by the layer between",
                List.of(base(), tar().directory("d/").opaque("d"), tar().file("d/sub/n", "n")));
        Stream<Image> own = images.entrySet().stream().map(image -> new Image(image.getKey(), image.getValue()));
        return Stream.concat(CraftedImagesTest.images(), own);
    }

    @ParameterizedTest
    @MethodSource("images")
    void image_isThatOfLayersInOrder(Image image) throws Exception {
        List<Stacks.Layer> layers = image.layers().stream()
                .map(TarBuilder::build)
                .map(Stacks.Layer::of)
                .toList();
        List<Integer> inOrder = new ArrayList<>();
        List<String> isolated;
        List<String> ordered;
        try (Fd.Leaks leaks = Fd.trackLeaks()) {
            ordered = Stacks.overlay(directory.resolve("ordered"), Stacks.PLAIN, layers, TreeListing.Without.ROOT);
            isolated = Stacks.isolated(directory.resolve("isolated"), Stacks.PLAIN, layers, inOrder);
            leaks.assertNone();
        }
        CraftedImagesTest.assertAlike("in order", ordered, "isolated", isolated);
        assertEquals(IN_ORDER.contains(image.name()), !inOrder.isEmpty(), () -> "applied again: " + inOrder);
        for (int i = 0; i < layers.size(); i++) {
            String kept = inOrder.contains(i) ? "isolated/again-" + i : "isolated/layer-" + i;
            CraftedImagesTest.assertAlike(
                    "layer in order", layer("ordered/layer-" + i, i), "isolated layer", layer(kept, i));
        }
    }

    /**
     * What a layer holds. Whiteouts have the time of their making; so has the lowest layer's root, where the layer does
     * not describe it.
     */
    private List<String> layer(String name, int number) {
        Path tree = directory.resolve(name + "/fs");
        List<String> listing = number == 0 ? TreeListing.of(tree, TreeListing.Without.ROOT) : TreeListing.of(tree);
        return listing.stream()
                .map(line -> line.contains(" character_device 0 0:0 ") ? line.replaceAll(" mtime=.*", "") : line)
                .toList();
    }

    private SnapshotMount.Overlay snapshot(String name) throws Exception {
        return new SnapshotMount.Overlay(
                List.of(Files.createDirectories(directory.resolve("nothing"))),
                Optional.of(Files.createDirectories(directory.resolve(name + "/fs"))),
                Optional.of(Files.createDirectories(directory.resolve(name + "/work"))),
                List.of());
    }

    private static Optional<IsolatedDiff> apply(SnapshotMount mount, byte[] layer) {
        TarDiffApplier applier = new TarDiffApplier();
        try {
            return applier.applyIsolated(
                    Stacks.PLAIN, new ByteArrayInputStream(layer), List.of(mount), DiffLimits.DEFAULT);
        } finally {
            applier.close();
        }
    }

    @Test
    void applyIsolated_tellsBothDigests() throws Exception {
        byte[] layer = tar().file("d/n", "n").build();
        IsolatedDiff diff = apply(snapshot("a"), layer).orElseThrow();
        assertEquals(Digest.of(layer), diff.applied().diffId());
        assertEquals(Digest.of(layer), diff.applied().blobDigest());
        assertEquals(1, diff.applied().entries());
    }

    @Test
    void settle_whereAnAssumptionFails_changesNothing() throws Exception {
        SnapshotMount.Overlay lower = snapshot("lower");
        SnapshotMount.Overlay upper = snapshot("upper");
        apply(lower, base().build());
        IsolatedDiff diff =
                apply(upper, tar().file("d/n", "n").file("lib/x", "x").build()).orElseThrow();
        List<String> before = TreeListing.of(directory.resolve("upper/fs"));
        assertFalse(diff.settle(List.of(lower)));
        assertEquals(before, TreeListing.of(directory.resolve("upper/fs")));
    }

    @Test
    void settle_onNothing_keepsWhatIsThere() throws Exception {
        SnapshotMount.Overlay upper = snapshot("upper");
        IsolatedDiff diff = apply(upper, tar().file("d/n", "n").build()).orElseThrow();
        assertTrue(diff.settle(List.of(snapshot("lower"))));
        assertEquals("n", Files.readString(directory.resolve("upper/fs/d/n")));
        assertEquals(0755, (int) Files.getAttribute(directory.resolve("upper/fs/d"), "unix:mode") & 07777);
    }

    @Test
    void applyIsolated_ofAHostileLayer_isRefusedAsInOrder() throws Exception {
        for (TarBuilder hostile : List.of(
                tar().file("../x", "x"),
                tar().attribute("trusted.overlay.opaque", "y").directory("d/"),
                tar().characterDevice("d", 0, 0),
                tar().file("f", "x").file("f/x", "x"),
                tar().whiteout("w").hardLink("l", "w"))) {
            SnapshotMount mount = snapshot("hostile");
            FeluccaException e = assertThrows(FeluccaException.class, () -> apply(mount, hostile.build()));
            assertEquals(ErrorCode.INVALID_ARGUMENT, e.code(), e::getMessage);
        }
    }

    @Test
    void applyIsolated_intoSomethingElseThanAnOverlay_isUnsupported() throws Exception {
        Path root = Files.createDirectory(directory.resolve("bind"));
        FeluccaException e =
                assertThrows(FeluccaException.class, () -> apply(new SnapshotMount.Bind(root, false), tar().build()));
        assertEquals(ErrorCode.UNSUPPORTED, e.code(), e::getMessage);
    }
}
