package org.felucca.snapshotter.overlay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.snapshot.SnapshotMount;
import org.felucca.api.snapshot.SnapshotRequest;
import org.felucca.posix.fs.Fd;
import org.felucca.tck.snapshot.CapabilityContract;
import org.felucca.tck.snapshot.CommitContract;
import org.felucca.tck.snapshot.ConcurrencyContract;
import org.felucca.tck.snapshot.LayeringContract;
import org.felucca.tck.snapshot.MendContract;
import org.felucca.tck.snapshot.PrepareContract;
import org.felucca.tck.snapshot.QueryContract;
import org.felucca.tck.snapshot.RemoveContract;
import org.felucca.tck.snapshot.RestartContract;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class OverlaySnapshotterTest {

    @Nested
    class Prepare extends OverlayFixture implements PrepareContract {}

    @Nested
    class Commit extends OverlayFixture implements CommitContract {}

    @Nested
    class Mend extends OverlayFixture implements MendContract {}

    @Nested
    class Remove extends OverlayFixture implements RemoveContract {}

    @Nested
    class Query extends OverlayFixture implements QueryContract {}

    @Nested
    class Layering extends OverlayFixture implements LayeringContract {}

    @Nested
    class Capability extends OverlayFixture implements CapabilityContract {}

    @Nested
    class Concurrency extends OverlayFixture implements ConcurrencyContract {}

    @Nested
    class Restart extends OverlayFixture implements RestartContract {}

    /** What only overlay promises. */
    @Nested
    class Own extends OverlayFixture {

        private Path storage() {
            return directory().resolve("overlay");
        }

        private List<String> directories() throws IOException {
            try (Stream<Path> entries = Files.list(storage())) {
                return entries.map(path -> path.getFileName().toString())
                        .filter(name -> !Set.of("mount-points", "nothing").contains(name))
                        .sorted()
                        .toList();
            }
        }

        @Test
        void prepare_onAParent_isAnOverlayWithEveryOptionExplicit() {
            layer("base", "", root -> {});
            SnapshotMount mount = snapshotter().prepare(request("a", "base")).get(0);
            assertEquals(
                    new SnapshotMount.Overlay(
                            List.of(storage().resolve("0/fs")),
                            Optional.of(storage().resolve("1/fs")),
                            Optional.of(storage().resolve("1/work")),
                            List.of("index=off", "metacopy=off", "redirect_dir=nofollow", "xino=off")),
                    mount);
        }

        @Test
        void prepare_ephemeral_isVolatile() {
            layer("base", "", root -> {});
            SnapshotMount mount =
                    snapshotter().prepare(request("a", "base").ephemeral(true)).get(0);
            assertTrue(((SnapshotMount.Overlay) mount).options().contains("volatile"));
        }

        @Test
        void prepare_withMountPoints_showsThemWithoutMakingThem() throws Exception {
            layer(
                    "base",
                    "",
                    root -> Files.writeString(
                            Files.createDirectory(root.resolve("etc")).resolve("passwd"), "root"));
            List<SnapshotMount> mounts = snapshotter().prepare(withMountPoints("a", "base"));
            inTree(mounts, root -> {
                for (String directory : List.of("dev", "proc", "sys")) {
                    assertTrue(Files.isDirectory(root.resolve(directory)), directory);
                }
                for (String file : List.of("etc/hostname", "etc/hosts", "etc/resolv.conf")) {
                    assertEquals("", Files.readString(root.resolve(file)));
                    assertEquals(
                            Files.getAttribute(root, "unix:dev"),
                            Files.getAttribute(root.resolve(file), "unix:dev"),
                            file + " lies on the file system of the rest");
                }
                assertEquals("root", Files.readString(root.resolve("etc/passwd")));
            });
            try (Stream<Path> changes = Files.list(storage().resolve("1/fs"))) {
                assertEquals(List.of(), changes.toList());
            }
            assertEquals(mounts, snapshotter().mounts(key("a")));
        }

        @Test
        void prepare_withMountPointsThatTheImageHas_showsTheImages() throws Exception {
            layer("base", "", root -> {
                Files.createSymbolicLink(root.resolve("etc"), Path.of("/usr/etc"));
                Files.writeString(root.resolve("sys"), "a file");
            });
            inTree(snapshotter().prepare(withMountPoints("a", "base")), root -> {
                assertEquals(Path.of("/usr/etc"), Files.readSymbolicLink(root.resolve("etc")));
                assertEquals("a file", Files.readString(root.resolve("sys")));
            });
        }

        private SnapshotRequest withMountPoints(String key, String parent) {
            return request(key, parent).labels(Map.of(SnapshotRequest.LABEL_MOUNT_POINTS, "true"));
        }

        @Test
        void directories_ofSnapshots_areClosedToOthers() throws Exception {
            snapshotter().prepare(request("a"));
            assertEquals(0700, (int) Files.getAttribute(storage(), "unix:mode") & 07777);
            assertEquals(0700, (int) Files.getAttribute(storage().resolve("0"), "unix:mode") & 07777);
        }

        @Test
        void cleanup_afterACrash_removesWhatNoRecordNames() throws Exception {
            snapshotter().prepare(request("a"));
            // The clean-up of the start is over: it takes half a directory as well as a whole one.
            snapshotter().cleanup();
            Files.createDirectories(storage().resolve("77/fs/left/over"));
            Files.writeString(storage().resolve("notes"), "not ours");
            snapshotter().cleanup();
            assertEquals(List.of("0", "notes"), directories());
        }

        @Test
        void remove_ofMany_freesTheirDirectories() throws Exception {
            try (WatchService watch = storage().getFileSystem().newWatchService()) {
                storage().register(watch, StandardWatchEventKinds.ENTRY_DELETE);
                for (int i = 0; i < 5; i++) {
                    snapshotter().prepare(request("a" + i));
                    snapshotter().remove(key("a" + i));
                }
                int deleted = 0;
                while (deleted < 5) {
                    WatchKey changes = watch.poll(1, TimeUnit.MINUTES);
                    assertNotNull(changes, "directories are removed without a clean-up");
                    deleted += changes.pollEvents().size();
                    changes.reset();
                }
            }
            assertEquals(List.of(), directories());
        }

        @Test
        void restart_withDirectoriesToRemove_removesThem() throws Exception {
            snapshotter().prepare(request("a"));
            snapshotter().remove(key("a"));
            restart();
            snapshotter().cleanup();
            assertEquals(List.of(), directories());
        }

        @Test
        void restart_afterACrash_neverUsesANumberTwice() throws Exception {
            snapshotter().prepare(request("a"));
            // The clean-up of the start is over: it takes half a directory as well as a whole one.
            snapshotter().cleanup();
            Files.createDirectories(storage().resolve("77/fs"));
            restart();
            snapshotter().cleanup();
            snapshotter().prepare(request("b"));
            assertEquals(List.of("0", "78"), directories());
        }

        @Test
        void prepare_whenTheRecordFails_leavesNothing() throws Exception {
            records.failNextUpdate(
                    new FeluccaException(ErrorCode.RESOURCE_EXHAUSTED, "cannot write", "the disk is full"));
            assertRefused(
                    ErrorCode.RESOURCE_EXHAUSTED, "full", () -> snapshotter().prepare(request("a")));
            snapshotter().cleanup();
            assertEquals(List.of(), directories());
            assertEquals(List.of(), keys());
        }

        @Test
        void remove_whenTheRecordFails_leavesEverything() {
            inTree(snapshotter().prepare(request("a")), root -> Files.writeString(root.resolve("f"), "x"));
            records.failNextUpdate(
                    new FeluccaException(ErrorCode.RESOURCE_EXHAUSTED, "cannot write", "the disk is full"));
            assertRefused(
                    ErrorCode.RESOURCE_EXHAUSTED, "full", () -> snapshotter().remove(key("a")));
            snapshotter().cleanup();
            inTree(snapshotter().mounts(key("a")), root -> assertEquals("x", Files.readString(root.resolve("f"))));
        }

        @Test
        void commit_whenTheRecordFails_leavesItActive() {
            snapshotter().prepare(request("a"));
            records.failNextUpdate(
                    new FeluccaException(ErrorCode.RESOURCE_EXHAUSTED, "cannot write", "the disk is full"));
            assertRefused(
                    ErrorCode.RESOURCE_EXHAUSTED, "full", () -> snapshotter().commit(key("c"), key("a"), Map.of()));
            snapshotter().commit(key("c"), key("a"), Map.of());
            assertEquals(List.of("c"), keys());
        }

        @Test
        void close_closesEveryDescriptor() {
            try (Fd.Leaks leaks = Fd.trackLeaks()) {
                OverlaySnapshotter other = (OverlaySnapshotter) open(directory().resolve("other"));
                other.prepare(request("x"));
                other.remove(key("x"));
                other.close();
                leaks.assertNone();
            }
            assertFalse(Thread.getAllStackTraces().keySet().stream()
                            .filter(thread -> thread.getName().equals("felucca-overlay-remove"))
                            .count()
                    > 1);
        }
    }
}
