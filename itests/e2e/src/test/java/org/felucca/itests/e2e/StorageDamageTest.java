package org.felucca.itests.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A file of each kind is damaged while the daemon is down: it starts, repairs, and runs the image. */
class StorageDamageTest {
    @RegisterExtension
    static final Fixture FIXTURE = new Fixture();

    private final Daemon daemon = FIXTURE.daemon();

    /** The kinds of files below the root, and how each is damaged. */
    enum Victim {
        BLOB_OF_A_DOCUMENT(false, root -> smallest(files(root.resolve("content/blobs/sha256")))),
        BLOB_OF_A_LAYER(false, root -> largest(files(root.resolve("content/blobs/sha256")))),
        BLOB_OF_NO_BYTES(true, root -> largest(files(root.resolve("content/blobs/sha256")))),
        FILE_OF_A_LAYER(false, root -> find(root.resolve("snapshotters"), "busybox")),
        FILE_OF_NO_BYTES(true, root -> find(root.resolve("snapshotters"), "busybox")),
        MANIFEST_OF_A_LAYER(false, root -> find(root.resolve("snapshotters"), "manifest")),
        DATABASE(true, root -> root.resolve("metadata/felucca.db")),
        HEADER_OF_THE_DATABASE(false, root -> root.resolve("metadata/felucca.db")),
        COPY_OF_A_RECORD(
                false, root -> files(root.resolve("metadata/records/image")).get(0)),
        STATE_OF_THE_COPIES(false, root -> root.resolve("metadata/records/state")),
        CLEAN_MARK(false, root -> root.resolve("clean-mark")),
        BUNDLE_CACHE(true, root -> find(root.resolve("framework"), "bundle.info")),
        FINGERPRINT_OF_THE_BUNDLES(false, root -> root.resolve("framework/bundles.fingerprint"));

        private final boolean empty;
        private final Function<Path, Path> file;

        Victim(boolean empty, Function<Path, Path> file) {
            this.empty = empty;
            this.file = file;
        }

        void damage(Path root) throws IOException {
            Path path = file.apply(root);
            try (RandomAccessFile bytes = new RandomAccessFile(path.toFile(), "rw")) {
                assertTrue(bytes.length() > 0, path + " is empty");
                if (empty) {
                    bytes.setLength(0);
                    return;
                }
                // Not the middle of the database, which may be a page that nobody uses.
                long at = this == HEADER_OF_THE_DATABASE ? 3 : bytes.length() / 2;
                bytes.seek(at);
                int old = bytes.read();
                bytes.seek(at);
                bytes.write(old ^ 0x5a);
            }
        }

        private static List<Path> files(Path directory) {
            try (Stream<Path> tree = Files.walk(directory)) {
                return tree.filter(path -> Files.isRegularFile(path, java.nio.file.LinkOption.NOFOLLOW_LINKS))
                        .sorted()
                        .toList();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        /**
         * One that is in use: the newest. Directories that no record names any more are removed a while later, and a layer
         * that was replaced stays beside its successor until the host boots again.
         */
        private static Path find(Path directory, String name) {
            return files(directory).stream()
                    .filter(path -> path.getFileName().toString().equals(name))
                    .filter(path -> !path.toString().contains(".replaced-"))
                    .max(Comparator.comparingLong(path -> number(directory.relativize(path))))
                    .orElseThrow();
        }

        /** The number of a snapshot's directory, which grows. */
        private static long number(Path path) {
            for (Path element : path) {
                if (element.toString().matches("\\d{1,18}")) {
                    return Long.parseLong(element.toString());
                }
            }
            return -1;
        }

        private static Path smallest(List<Path> files) {
            return files.stream()
                    .min((one, other) ->
                            Long.compare(one.toFile().length(), other.toFile().length()))
                    .orElseThrow();
        }

        private static Path largest(List<Path> files) {
            return files.stream()
                    .max((one, other) ->
                            Long.compare(one.toFile().length(), other.toFile().length()))
                    .orElseThrow();
        }
    }

    @BeforeEach
    void pull() {
        daemon.felucca("pull", FIXTURE.images().busybox()).ok();
        daemon.felucca(
                        "run",
                        "--name",
                        "kept",
                        FIXTURE.images().busybox(),
                        "sh",
                        "-c",
                        "[ -e /mine ] || echo mine >/mine; cat /mine")
                .ok();
    }

    @ParameterizedTest
    @EnumSource
    void damage_anyFile_isRepairedAndTheImageRuns(Victim victim) throws IOException {
        daemon.stop();
        victim.damage(daemon.root());
        daemon.launch();
        Finished repair = daemon.felucca("fsck", "--repair").ok();
        daemon.felucca("pull", FIXTURE.images().busybox()).ok();
        assertEquals(
                "ok",
                daemon.felucca("run", "--rm", FIXTURE.images().busybox(), "echo", "ok")
                        .ok()
                        .word(),
                repair::text);
        assertEquals("mine", daemon.felucca("start", "-a", "kept").ok().word(), repair::text);
        Finished check = daemon.felucca("fsck").ok();
        assertEquals(
                1,
                check.lines().stream()
                        .filter(line -> !line.contains(".damaged-"))
                        .count(),
                check::text);
        daemon.felucca("rm", "kept").ok();
    }

    @Test
    void run_withoutRepair_fetchesWhatIsDamaged() throws IOException {
        daemon.stop();
        Victim.BLOB_OF_A_DOCUMENT.damage(daemon.root());
        daemon.launch();
        assertEquals(
                "ok",
                daemon.felucca("run", "--rm", FIXTURE.images().busybox(), "echo", "ok")
                        .ok()
                        .word());
        daemon.felucca("rm", "kept").ok();
    }

    @Test
    void pull_overALayerOfNoBytes_mendsItWithoutFsck() throws IOException {
        daemon.stop();
        Victim.FILE_OF_NO_BYTES.damage(daemon.root());
        daemon.launch();
        daemon.felucca("pull", FIXTURE.images().busybox()).ok();
        assertEquals("mine", daemon.felucca("start", "-a", "kept").ok().word());
        assertEquals(1, daemon.felucca("fsck").ok().lines().size());
        daemon.felucca("rm", "kept").ok();
    }

    @Test
    void fsck_namesWhoUsesWhatIsDamaged() throws IOException {
        daemon.stop();
        Victim.FILE_OF_A_LAYER.damage(daemon.root());
        daemon.launch();
        Finished check = daemon.felucca("fsck").status(1);
        assertTrue(check.text().contains("container kept"), check.text());
        assertTrue(check.text().contains("image " + FIXTURE.images().busybox()), check.text());
        daemon.felucca("fsck", "--repair").ok();
        daemon.felucca("rm", "kept").ok();
    }

    @Test
    void systemDfAndPrune_countAndFree() {
        Finished usage = daemon.felucca("system", "df").ok();
        assertEquals(5, usage.lines().size(), usage.text());
        daemon.felucca("rm", "kept").ok();
        Finished dry =
                daemon.felucca("system", "prune", "--images", "--dry-run").ok();
        assertTrue(dry.text().contains("Would untag"), dry.text());
        assertTrue(daemon.felucca("images").ok().text().contains("busybox"));
        Finished pruned =
                daemon.felucca("system", "prune", "--images", "--force").ok();
        assertTrue(pruned.text().contains("Freed "), pruned.text());
        assertEquals(List.of(), Victim.files(daemon.root().resolve("content/blobs")));
        assertEquals(1, daemon.felucca("fsck").ok().lines().size());
    }
}
