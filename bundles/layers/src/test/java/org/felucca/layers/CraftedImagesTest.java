package org.felucca.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.Names;
import org.felucca.tck.tree.TreeListing;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Images made to be misunderstood: overlay, native and umoci must understand the same. */
class CraftedImagesTest {

    /** {@code cap_net_raw=ep} in the kernel's form. */
    private static final byte[] CAPABILITY = {1, 0, 0, 2, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};

    /** {@code user::rw-,user:1000:r--,group::r--,mask::r--,other::---} in the kernel's form. */
    private static final byte[] ACL = {
        2,
        0,
        0,
        0, //
        1,
        0,
        6,
        0,
        -1,
        -1,
        -1,
        -1, //
        2,
        0,
        4,
        0,
        (byte) 0xE8,
        3,
        0,
        0, //
        4,
        0,
        4,
        0,
        -1,
        -1,
        -1,
        -1, //
        16,
        0,
        4,
        0,
        -1,
        -1,
        -1,
        -1, //
        32,
        0,
        0,
        0,
        -1,
        -1,
        -1,
        -1
    };

    /**
     * Images where umoci leaves directories with the time of unpacking: those that no layer has, and those changed by
     * a whiteout that comes after them. Ours have a time that the layers say.
     */
    private static final Set<String> TIMES_OF_UNPACKING = Set.of(
            "directory missing everywhere",
            "path under a lower link",
            "path under an absolute lower link",
            "whiteout after its directory",
            "whiteout of an empty directory of the layer",
            "whiteout of a directory that only holds entries of the layer deeper down",
            "whiteout in a new directory",
            "whiteout in an opaque directory",
            "opaque directory with a whiteout in it",
            "opaque directory with a subdirectory",
            "opaque root",
            "deleted and made again by a file below it",
            "odd names",
            "many small layers");

    /** Layers, the lowest first. */
    record Image(String name, List<TarBuilder> layers) {
        @Override
        public String toString() {
            return name;
        }
    }

    static TarBuilder tar() {
        return new TarBuilder();
    }

    /** What most images stand on. */
    static TarBuilder base() {
        return tar().mode(0755)
                .directory("./")
                .mode(01777)
                .directory("tmp/")
                .mode(0750)
                .owner(10, 20)
                .mtime(1_500_000_000)
                .attribute("user.kind", "below")
                .directory("d/")
                .owner(1, 2)
                .file("d/f", "below")
                .directory("d/sub/")
                .file("d/sub/deep", "deep")
                .directory("usr/")
                .directory("usr/lib/")
                .file("usr/lib/libc", "libc")
                .symlink("lib", "usr/lib")
                .symlink("abs", "/usr")
                .symlink("up", "../../usr/../usr/lib")
                .file("file", "file");
    }

    static Stream<Image> images() {
        Map<String, List<TarBuilder>> images = new LinkedHashMap<>();
        images.put("every type of file", List.of(everyType()));
        images.put("directory missing in the layer, present below", List.of(base(), tar().file("d/sub/new", "new")));
        images.put("directory missing everywhere", List.of(base(), tar().file("n/e/w/file", "new")));
        images.put(
                "path under a lower link",
                List.of(base(), tar().file("lib/new", "x").file("lib/sub/y", "y")));
        images.put("path under an absolute lower link", List.of(base(), tar().file("abs/share/x", "x")));
        images.put("path under a lower link that climbs", List.of(base(), tar().file("up/x", "x")));
        images.put(
                "path under a link of the same layer",
                List.of(base(), tar().symlink("s", "d").file("s/x", "x")));
        images.put(
                "directory in place of a lower link",
                List.of(base(), tar().directory("lib/").file("lib/x", "x")));
        images.put(
                "link in place of a lower directory",
                List.of(base(), tar().symlink("d", "usr").file("d/x", "x")));
        images.put("file in place of a lower directory", List.of(base(), tar().file("d", "file now")));
        images.put(
                "directory in place of a lower file",
                List.of(base(), tar().directory("file/").file("file/x", "x")));
        images.put("hard link to a lower file", List.of(base(), tar().hardLink("second", "d/f")));
        images.put("hard link to a lower file through a link", List.of(base(), tar().hardLink("second", "lib/libc")));
        images.put(
                "hard link to a lower file with two names",
                List.of(base().hardLink("d/sub/g", "d/f"), tar().hardLink("third", "d/f")));
        images.put(
                "hard link to a lower file that is deleted after it",
                List.of(base(), tar().hardLink("second", "d/f").whiteout("d/f")));
        images.put(
                "hard link to a lower file whose directory is deleted after it",
                List.of(base(), tar().hardLink("second", "d/f").whiteout("d")));
        images.put(
                "hard link to a lower file with two names that are deleted after it",
                List.of(
                        base().hardLink("d/sub/g", "d/f"),
                        tar().hardLink("third", "d/f").whiteout("d/sub/g").whiteout("d/f")));
        images.put(
                "hard link to a lower file in a directory that becomes opaque",
                List.of(base(), tar().directory("d/").hardLink("second", "d/f").opaque("d")));
        images.put(
                "hard link to a lower file that is replaced after it",
                List.of(
                        base(),
                        tar().hardLink("second", "d/f").file("d/f", "new").whiteout("d/f")));
        images.put("hard link to a lower link", List.of(base(), tar().hardLink("lib2", "lib")));
        images.put("whiteout of a file", List.of(base(), tar().whiteout("d/f")));
        images.put("whiteout of a directory", List.of(base(), tar().whiteout("d")));
        images.put(
                "whiteout of what is not there",
                List.of(base(), tar().whiteout("d/none").whiteout("none")));
        images.put(
                "whiteout in a directory that is deleted after it",
                List.of(base(), tar().whiteout("d/f").whiteout("d/sub/deep").whiteout("d")));
        images.put(
                "whiteout of a directory that only holds entries of the layer deeper down",
                List.of(base(), tar().whiteout("d/f").file("d/sub/n", "n").whiteout("d")));
        images.put(
                "whiteout of an empty directory of the layer",
                List.of(base(), tar().directory("d/").whiteout("d")));
        images.put(
                "whiteout in a new directory",
                List.of(base(), tar().directory("new/").whiteout("new/x").file("new/y", "y")));
        images.put(
                "whiteout in an opaque directory",
                List.of(base(), tar().directory("d/").opaque("d").whiteout("d/f")));
        images.put(
                "opaque directory with a whiteout in it",
                List.of(base(), tar().directory("d/").whiteout("d/f").opaque("d")));
        images.put("whiteout through a lower link", List.of(base(), tar().whiteout("lib/libc")));
        images.put(
                "whiteout beside its directory",
                List.of(base(), tar().whiteout("d").directory("d/").file("d/n", "n")));
        images.put(
                "whiteout after its directory",
                List.of(base(), tar().directory("d/").file("d/n", "n").whiteout("d")));
        images.put(
                "whiteout after its file",
                List.of(base(), tar().file("d/f", "new").whiteout("d/f")));
        images.put(
                "opaque directory, mark first",
                List.of(base(), tar().directory("d/").opaque("d").file("d/n", "n")));
        images.put(
                "opaque directory, mark last",
                List.of(base(), tar().directory("d/").file("d/n", "n").opaque("d")));
        images.put("opaque directory not in the layer", List.of(base(), tar().opaque("d")));
        images.put(
                "opaque directory with a subdirectory",
                List.of(
                        base(),
                        tar().directory("d/")
                                .directory("d/sub/")
                                .file("d/sub/n", "n")
                                .opaque("d")));
        images.put(
                "opaque root",
                List.of(base(), tar().directory("d/").file("d/n", "n").opaque("")));
        images.put(
                "deleted and made again above",
                List.of(base(), tar().whiteout("d"), tar().directory("d/").file("d/n", "n")));
        images.put(
                "deleted and made again by a file below it",
                List.of(base(), tar().whiteout("d"), tar().file("d/n", "n")));
        images.put(
                "file, then directory, above",
                List.of(base(), tar().file("d", "file"), tar().directory("d/").file("d/n", "n")));
        images.put(
                "attributes of a lower directory changed",
                List.of(
                        base(),
                        tar().mode(0711)
                                .owner(5, 6)
                                .attribute("user.other", "above")
                                .directory("d/")));
        images.put(
                "one path twice",
                List.of(
                        base(),
                        tar().file("x", "1")
                                .directory("y/")
                                .file("y/1", "1")
                                .file("x", "2")
                                .directory("y/")
                                .file("y/2", "2")));
        images.put(
                "aufs leftovers", List.of(base(), tar().file(".wh..wh.aufs", "").file("d/.wh..wh.plnk", "")));
        images.put(
                "odd names",
                List.of(tar().directory("a b/")
                        .file("a b/" + Names.decode(new byte[] {'x', (byte) 0xFF}), "not utf-8")
                        .file("ä€😀", "unicode")
                        .file("n".repeat(255), "long name")
                        .file(("d".repeat(100) + "/").repeat(5) + "deep", "long path")
                        .symlink("l", "t".repeat(500))
                        .file("./././dots", "x")
                        .file("/absolute", "x")));
        images.put("many small layers", manyLayers());
        return images.entrySet().stream().map(image -> new Image(image.getKey(), image.getValue()));
    }

    private static TarBuilder everyType() {
        return tar().mode(02755)
                .owner(3, 4)
                .directory("setgid/")
                .mode(04755)
                .owner(7, 8)
                .file("setgid/setuid", "x")
                .owner(1, 1)
                .record("SCHILY.xattr.security.capability", CAPABILITY)
                .attribute("user.a", "1")
                .attribute("trusted.b", "2")
                .file("capable", "x")
                .record("SCHILY.xattr.system.posix_acl_access", ACL)
                .mode(0640)
                .file("listed", "x")
                .mode(0750)
                .record("SCHILY.xattr.system.posix_acl_default", ACL)
                .directory("inheriting/")
                .owner(9, 9)
                .mtime(1)
                .symlink("dangling", "/no/such/place")
                .mode(0600)
                .owner(5, 5)
                .characterDevice("null", 1, 3)
                .blockDevice("disk", 259, 70000)
                .mode(0622)
                .fifo("fifo")
                .file("first", "linked")
                .hardLink("second", "first")
                .hardLink("setgid/third", "second")
                .record("mtime", "1234567890.123456789")
                .file("precise", "x")
                .record("mtime", "-5.5")
                .file("early", "x")
                .owner(2_000_000, 2_000_000)
                .file("foreign", "x")
                .file("empty", "")
                .file("large", new byte[3_000_001]);
    }

    private static List<TarBuilder> manyLayers() {
        java.util.ArrayList<TarBuilder> layers = new java.util.ArrayList<>(List.of(base()));
        for (int i = 0; i < 12; i++) {
            layers.add(tar().file("d/sub/n" + i, "" + i)
                    .whiteout("d/sub/n" + (i - 3))
                    .file("shared/" + i % 4, "by " + i));
        }
        return layers;
    }

    @TempDir
    Path directory;

    @AfterEach
    void removeTrees() {
        Trees.clear(directory);
    }

    @ParameterizedTest
    @MethodSource("images")
    void image_isTheSameEverywhere(Image image) throws Exception {
        List<Stacks.Layer> layers = image.layers.stream()
                .map(TarBuilder::build)
                .map(Stacks.Layer::of)
                .toList();
        List<String> plain;
        List<String> overlay;
        try (Fd.Leaks leaks = Fd.trackLeaks()) {
            plain = Stacks.plain(directory.resolve("plain"), Stacks.PLAIN, layers, TreeListing.Without.ROOT);
            overlay = Stacks.overlay(directory.resolve("overlay"), Stacks.PLAIN, layers, TreeListing.Without.ROOT);
            leaks.assertNone();
        }
        assertAlike("native", plain, "overlay", overlay);
        Path unpacked = UmociImage.unpack(directory, layers);
        if (TIMES_OF_UNPACKING.contains(image.name)) {
            Path tree = directory.resolve("plain");
            assertAlike(
                    "umoci",
                    TreeListing.of(unpacked, TreeListing.Without.ROOT, TreeListing.Without.DIRECTORY_TIMES),
                    "native",
                    TreeListing.of(tree, TreeListing.Without.ROOT, TreeListing.Without.DIRECTORY_TIMES));
        } else {
            assertAlike("umoci", TreeListing.of(unpacked, TreeListing.Without.ROOT), "native", plain);
        }
    }

    static void assertAlike(String oneName, List<String> one, String otherName, List<String> other) {
        List<String> onlyInOne =
                one.stream().filter(line -> !other.contains(line)).toList();
        List<String> onlyInOther =
                other.stream().filter(line -> !one.contains(line)).toList();
        assertEquals("", differences(oneName, onlyInOne) + differences(otherName, onlyInOther));
        assertEquals(one, other);
    }

    private static String differences(String name, List<String> lines) {
        return lines.stream().map(line -> "\n" + name + ": " + line).collect(java.util.stream.Collectors.joining());
    }
}
