package org.felucca.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.felucca.tck.tree.TreeListing;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A few thousand files of this host, as GNU tar packs them, in several layers and compressions. */
class RealTreeTest {

    private static final List<List<String>> LAYERS = List.of(
            List.of("etc", "usr/sbin"),
            List.of("usr/lib/x86_64-linux-gnu/security", "var/lib/dpkg/info"),
            List.of("etc/passwd", "usr/share/base-files"));

    @TempDir
    Path directory;

    private static void run(Path output, String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectOutput(output.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        process.waitFor();
    }

    private Path tar(int number, List<String> paths) throws IOException, InterruptedException {
        Path tar = directory.resolve("layer-" + number + ".tar");
        List<String> command = new ArrayList<>(List.of(
                "tar",
                "-C",
                "/",
                "--format=posix",
                "--xattrs",
                "--xattrs-include=*",
                "--numeric-owner",
                "--sort=name",
                "-cf",
                "-"));
        command.addAll(paths);
        run(tar, command.toArray(String[]::new));
        return tar;
    }

    @AfterEach
    void removeTrees() {
        Trees.clear(directory);
    }

    @Test
    void tree_isTheSameEverywhere() throws Exception {
        List<Path> tars = new ArrayList<>();
        for (int i = 0; i < LAYERS.size(); i++) {
            tars.add(tar(i, LAYERS.get(i)));
        }
        List<Stacks.Layer> plain = new ArrayList<>();
        List<Stacks.Layer> gzip = new ArrayList<>();
        List<Stacks.Layer> zstd = new ArrayList<>();
        for (Path tar : tars) {
            Path gzipped = Path.of(tar + ".gz");
            Path zstandard = Path.of(tar + ".zst");
            run(gzipped, "gzip", "-c", tar.toString());
            run(zstandard, "zstd", "-q", "-c", tar.toString());
            plain.add(() -> Files.newInputStream(tar));
            gzip.add(() -> Files.newInputStream(gzipped));
            zstd.add(() -> Files.newInputStream(zstandard));
        }
        List<String> umoci = TreeListing.of(
                UmociImage.unpack(directory, plain), TreeListing.Without.ROOT, TreeListing.Without.DIRECTORY_TIMES);
        assertTrue(umoci.size() > 1000, () -> umoci.size() + " files");
        Path tree = directory.resolve("plain");
        List<String> whole = Stacks.plain(tree, Stacks.PLAIN + "+gzip", gzip, TreeListing.Without.ROOT);
        assertEquals(umoci, TreeListing.of(tree, TreeListing.Without.ROOT, TreeListing.Without.DIRECTORY_TIMES));
        assertEquals(
                whole,
                Stacks.overlay(directory.resolve("overlay"), Stacks.PLAIN + "+zstd", zstd, TreeListing.Without.ROOT));
    }
}
