package org.felucca.layers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.snapshot.SnapshotMount;
import org.felucca.layers.CraftedImagesTest.Image;
import org.felucca.layers.diff.SnapshotDiff;
import org.felucca.posix.fs.Dir;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.Stat;
import org.felucca.posix.mount.OverlayRoot;
import org.felucca.posix.mount.OverlaySpec;
import org.felucca.tck.tree.TreeListing;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a tree became, written as a layer and applied again, is that tree: as overlay, as copies, and to umoci. */
class SnapshotDiffTest {
    private static final Map<String, String> OPTIONS =
            Map.of("index", "off", "metacopy", "off", "redirect_dir", "nofollow", "xino", "off");

    @TempDir
    Path directory;

    @AfterEach
    void removeTrees() {
        Trees.clear(directory);
    }

    static Stream<Image> images() {
        return CraftedImagesTest.images();
    }

    private static byte[] layer(List<SnapshotMount> parent, SnapshotMount snapshot) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Fd.Leaks leaks = Fd.trackLeaks()) {
            SnapshotDiff.writeLayer(parent, List.of(snapshot), out);
            leaks.assertNone();
        }
        return out.toByteArray();
    }

    private static List<String> changes(List<SnapshotMount> parent, SnapshotMount snapshot) {
        List<String> changes = new ArrayList<>();
        SnapshotDiff.compare(
                parent, List.of(snapshot), change -> changes.add(change.kind().letter() + " " + change.path()));
        return changes;
    }

    private static SnapshotMount tree(Path path) {
        return new SnapshotMount.Bind(path, false);
    }

    /** An overlay as a snapshotter has it: the directories of its layers, the uppermost first. */
    private record Stack(List<Path> layers, Path work) {
        static Stack of(Path directory, int count) throws IOException {
            List<Path> layers = new ArrayList<>();
            for (int i = count - 1; i >= 0; i--) {
                layers.add(Files.createDirectories(directory.resolve(i + "/fs")));
            }
            return new Stack(layers, Files.createDirectories(directory.resolve("work")));
        }

        SnapshotMount snapshot() {
            return layers.size() == 1
                    ? tree(layers.get(0))
                    : new SnapshotMount.Overlay(
                            layers.subList(1, layers.size()), Optional.of(layers.get(0)), Optional.of(work), List.of());
        }

        List<SnapshotMount> parent() {
            return layers.size() == 1
                    ? List.of()
                    : List.of(new SnapshotMount.Overlay(
                            layers.subList(1, layers.size()), Optional.empty(), Optional.empty(), List.of()));
        }

        /** The same lower layers under a new upper directory. */
        Stack withUpper(Path upper) throws IOException {
            Files.createDirectories(upper);
            inherit(upper);
            List<Path> other = new ArrayList<>(layers);
            other.set(0, upper);
            return new Stack(other, work);
        }

        void inherit(Path upper) {
            if (layers.size() > 1) {
                Stat stat = Dir.stat(Fd.HOST, layers.get(1).toString());
                Dir.chown(Fd.HOST, upper.toString(), stat.uid(), stat.gid());
                Dir.chmod(Fd.HOST, upper.toString(), stat.permissions());
                Dir.setTimes(Fd.HOST, upper.toString(), Dir.UNCHANGED, stat.mtime());
            }
        }

        List<String> listing() {
            if (layers.size() == 1) {
                return TreeListing.of(layers.get(0));
            }
            try (Fd root = OverlayRoot.mount(new OverlaySpec(layers, Optional.empty(), OPTIONS), 0)) {
                return TreeListing.of(root);
            }
        }
    }

    private Stack applied(Path at, List<byte[]> layers) throws IOException {
        Stack stack = Stack.of(at, layers.size());
        for (int i = 0; i < layers.size(); i++) {
            int from = layers.size() - 1 - i;
            Stack part = new Stack(stack.layers().subList(from, layers.size()), stack.work());
            part.inherit(part.layers().get(0));
            Stacks.apply(Stacks.PLAIN, Stacks.Layer.of(layers.get(i)), part.snapshot());
        }
        return stack;
    }

    @ParameterizedTest
    @MethodSource("images")
    void layerOfACraftedImage_writtenFromItsTree_givesTheTreeAgain(Image image) throws Exception {
        List<byte[]> layers = image.layers().stream().map(TarBuilder::build).toList();
        Stack overlay = applied(directory.resolve("overlay"), layers);
        byte[] written = layer(overlay.parent(), overlay.snapshot());
        assertArrayEquals(written, layer(overlay.parent(), overlay.snapshot()), "the same tree gives the same bytes");
        Stack again = overlay.withUpper(directory.resolve("again"));
        Stacks.apply(Stacks.PLAIN, Stacks.Layer.of(written), again.snapshot());
        assertEquals(overlay.listing(), again.listing());

        Path parent = Files.createDirectory(directory.resolve("parent"));
        Path now = Files.createDirectory(directory.resolve("now"));
        for (int i = 0; i < layers.size(); i++) {
            if (i < layers.size() - 1) {
                Stacks.apply(Stacks.PLAIN, Stacks.Layer.of(layers.get(i)), tree(parent));
            }
            Stacks.apply(Stacks.PLAIN, Stacks.Layer.of(layers.get(i)), tree(now));
        }
        List<SnapshotMount> before = layers.size() == 1 ? List.of() : List.of(tree(parent));
        byte[] ofCopies = layer(before, tree(now));
        List<String> expected = TreeListing.of(now);
        Stacks.apply(Stacks.PLAIN, Stacks.Layer.of(ofCopies), tree(parent));
        assertEquals(expected, TreeListing.of(parent));

        List<Stacks.Layer> all = new ArrayList<>();
        layers.subList(0, layers.size() - 1).forEach(layer -> all.add(Stacks.Layer.of(layer)));
        for (byte[] top : List.of(written, ofCopies)) {
            List<Stacks.Layer> stacked = new ArrayList<>(all);
            stacked.add(Stacks.Layer.of(top));
            Path at = Files.createDirectory(directory.resolve(top == written ? "umoci-1" : "umoci-2"));
            assertEquals(
                    TreeListing.of(now, TreeListing.Without.ROOT, TreeListing.Without.DIRECTORY_TIMES),
                    TreeListing.of(
                            UmociImage.unpack(at, stacked),
                            TreeListing.Without.ROOT,
                            TreeListing.Without.DIRECTORY_TIMES));
        }
    }

    /** A container's day. */
    private static final String WORK = """
            set -e
            echo changed >> d/f
            rm file
            rm -r d/sub
            mkdir d/sub
            echo other > d/sub/other
            mkdir -p n/e/w
            echo deep > n/e/w/file
            ln usr/lib/libc second
            rm lib
            mkdir lib
            echo y > lib/y
            rm -r gone
            echo file > gone
            chmod 0700 kept-directory
            touch -r same same
            setfattr -n user.note -v new attributed
            mknod null c 1 3
            mkfifo pipe
            ln -s /nowhere dangling
            ln linked-a linked-c
            touch -d 2001-02-03T04:05:06.789 dated
            chown 12:34 owned
            printf same-size > sized
            touch -d 2000-01-01T00:00:00 sized
            """;

    private static final List<String> CHANGES = List.of(
            "C /attributed",
            "C /d",
            "C /d/f",
            "C /d/sub",
            "D /d/sub/deep",
            "A /d/sub/other",
            "A /dangling",
            "C /dated",
            "D /file",
            "C /gone",
            "C /kept-directory",
            "C /lib",
            "A /lib/y",
            "C /linked-a",
            "C /linked-b",
            "A /linked-c",
            "A /n",
            "A /n/e",
            "A /n/e/w",
            "A /n/e/w/file",
            "A /null",
            "C /owned",
            "A /pipe",
            "A /second",
            "C /sized",
            "C /usr",
            "C /usr/lib",
            "C /usr/lib/libc");

    private static byte[] base() {
        return new TarBuilder()
                .mode(0755)
                .directory("./")
                .directory("d/")
                .file("d/f", "below")
                .directory("d/sub/")
                .file("d/sub/deep", "deep")
                .directory("usr/")
                .directory("usr/lib/")
                .file("usr/lib/libc", "libc")
                .symlink("lib", "usr/lib")
                .file("file", "file")
                .directory("gone/")
                .file("gone/inside", "x")
                .directory("kept-directory/")
                .file("kept-directory/inside", "x")
                .file("same", "same")
                .file("attributed", "x")
                .file("linked-a", "linked")
                .hardLink("linked-b", "linked-a")
                .file("dated", "x")
                .file("owned", "x")
                .mtime(946684800)
                .file("sized", "size-same")
                .build();
    }

    private static void work(Path tree, String script) throws Exception {
        Process process = new ProcessBuilder("bash", "-c", "cd \"$0\" && " + script.strip(), tree.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
    }

    /** Runs a script in an overlay as the kernel mounts it. */
    private Stack worked(String script) throws Exception {
        Stack stack = Stack.of(directory.resolve("overlay"), 2);
        Stacks.apply(Stacks.PLAIN, Stacks.Layer.of(base()), tree(stack.layers().get(1)));
        stack.inherit(stack.layers().get(0));
        OverlaySpec spec = new OverlaySpec(
                stack.layers().subList(1, 2),
                Optional.of(new OverlaySpec.Upper(stack.layers().get(0), stack.work())),
                OPTIONS);
        try (Fd root = OverlayRoot.mount(spec, 0)) {
            work(Path.of("/proc/" + ProcessHandle.current().pid() + "/fd/" + root.value()), script);
        }
        return stack;
    }

    @Test
    void changesOfAnOverlay_areThoseThatWereMade() throws Exception {
        Stack stack = worked(WORK);
        // The kernel brings up one name of a file, which is as it was; the other keeps the file below.
        List<String> expected = new ArrayList<>(CHANGES);
        expected.removeAll(List.of("C /linked-a", "C /linked-b"));
        assertEquals(expected, changes(stack.parent(), stack.snapshot()));
        Stack again = stack.withUpper(directory.resolve("again"));
        byte[] written = layer(stack.parent(), stack.snapshot());
        Stacks.apply(Stacks.PLAIN, Stacks.Layer.of(written), again.snapshot());
        assertEquals(stack.listing(), again.listing());
    }

    @Test
    void changesOfACopy_areThoseThatWereMade() throws Exception {
        Path parent = Files.createDirectory(directory.resolve("parent"));
        Stacks.apply(Stacks.PLAIN, Stacks.Layer.of(base()), tree(parent));
        Path now = directory.resolve("now");
        work(directory, "cp -a parent now");
        assertEquals(List.of(), changes(List.of(tree(parent)), tree(now)));
        work(now, WORK);
        assertEquals(CHANGES, changes(List.of(tree(parent)), tree(now)));
        List<String> expected = TreeListing.of(now);
        byte[] written = layer(List.of(tree(parent)), tree(now));
        Stacks.apply(Stacks.PLAIN, Stacks.Layer.of(written), tree(parent));
        assertEquals(expected, TreeListing.of(parent));
    }

    @Test
    void oneNameOfALinkedFileChanged_bringsAllItsNames() throws Exception {
        Path parent = Files.createDirectory(directory.resolve("parent"));
        Stacks.apply(Stacks.PLAIN, Stacks.Layer.of(base()), tree(parent));
        Path now = directory.resolve("now");
        // With as many names as before, of which one is new: the name that stayed differs in nothing.
        work(directory, "cp -a parent now && cd now && ln linked-a other && rm linked-b");
        assertEquals(List.of("D /linked-b", "A /other"), changes(List.of(tree(parent)), tree(now)));
        List<String> expected = TreeListing.of(now);
        byte[] written = layer(List.of(tree(parent)), tree(now));
        Stacks.apply(Stacks.PLAIN, Stacks.Layer.of(written), tree(parent));
        assertEquals(expected, TreeListing.of(parent));
    }

    @Test
    void nothingChanged_isAnEmptyTar() throws Exception {
        Stack stack = worked("touch -r same same; chmod 0755 d");
        assertEquals(List.of(), changes(stack.parent(), stack.snapshot()));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertEquals(0, SnapshotDiff.writeLayer(stack.parent(), List.of(stack.snapshot()), out));
        assertArrayEquals(new byte[1024], out.toByteArray());
    }

    @Test
    void replacedDirectoryWithTheSameContent_isNoChange() throws Exception {
        Stack stack = worked("cp -a d d2; rm -r d; mv d2 d; touch -r same .");
        assertEquals(List.of(), changes(stack.parent(), stack.snapshot()));
    }

    @Test
    void wholeTree_isWhatGnuTarUnpacks() throws Exception {
        Stack stack = worked(WORK);
        Path tar = directory.resolve("tree.tar");
        try (OutputStream out = Files.newOutputStream(tar)) {
            assertTrue(SnapshotDiff.writeTree(List.of(stack.snapshot()), out) > 20);
        }
        Path unpacked = Files.createDirectory(directory.resolve("unpacked"));
        work(unpacked, "tar --xattrs --xattrs-include='*' --numeric-owner -xpf ../tree.tar");
        List<String> kernel;
        try (Fd root = OverlayRoot.mount(new OverlaySpec(stack.layers(), Optional.empty(), OPTIONS), 0)) {
            kernel = TreeListing.of(root, TreeListing.Without.ROOT);
        }
        assertEquals(withoutTornLink(kernel), withoutTornLink(TreeListing.of(unpacked, TreeListing.Without.ROOT)));
    }

    /** The kernel counts the names that a lower file has in its layer, whether they are seen or not. */
    private static List<String> withoutTornLink(List<String> listing) {
        assertTrue(listing.stream().anyMatch(line -> line.startsWith("/linked-b ")));
        return listing.stream().filter(line -> !line.startsWith("/linked-b ")).toList();
    }

    @Test
    void whatNoLayerCanHave_isRefusedByName() throws Exception {
        Stack stack = worked("echo x > d/.wh.trick");
        FeluccaException refused = assertThrows(FeluccaException.class, () -> layer(stack.parent(), stack.snapshot()));
        assertEquals(ErrorCode.FAILED_PRECONDITION, refused.code());
        assertTrue(refused.getMessage().contains("/d/.wh.trick"), refused.getMessage());
        Path copy = Files.createDirectory(directory.resolve("copy"));
        work(copy, "mknod zero c 0 0");
        refused = assertThrows(FeluccaException.class, () -> layer(List.of(), tree(copy)));
        assertTrue(refused.getMessage().contains("/zero"), refused.getMessage());
    }

    @Test
    void interrupt_endsIt() throws Exception {
        Stack stack = worked(WORK);
        Thread.currentThread().interrupt();
        FeluccaException cancelled =
                assertThrows(FeluccaException.class, () -> changes(stack.parent(), stack.snapshot()));
        assertTrue(Thread.interrupted());
        assertEquals(ErrorCode.CANCELLED, cancelled.code());
    }

    @Test
    void anotherKindOfMount_isRefused() {
        SnapshotMount block = new SnapshotMount.FileSystem("ext4", "/dev/nothing", List.of());
        FeluccaException refused = assertThrows(FeluccaException.class, () -> changes(List.of(), block));
        assertEquals(ErrorCode.UNSUPPORTED, refused.code());
    }
}
