package org.felucca.tck.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.snapshot.SnapshotCapability;
import org.felucca.api.snapshot.SnapshotInfo;
import org.felucca.api.snapshot.SnapshotKind;
import org.felucca.api.snapshot.SnapshotMount;
import org.felucca.api.snapshot.SnapshotRequest;
import org.felucca.posix.fs.Dir;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.FileType;
import org.junit.jupiter.api.Test;

/** What is declared works; what is not is refused, or ignored where the contract says that this is safe. */
public interface CapabilityContract extends SnapshotterTest {

    @Test
    default void capabilities_areThoseExpectedAndStay() {
        assertEquals(capabilities(), snapshotter().capabilities());
        assertEquals(snapshotter().capabilities(), restart().capabilities());
    }

    @Test
    default void rebase_putsALayerOntoAChain() {
        layer("base", "", root -> Files.writeString(root.resolve("f"), "below"));
        inTree(snapshotter().prepare(request("a")), root -> Files.writeString(root.resolve("g"), "above"));
        if (!capabilities().contains(SnapshotCapability.REBASE)) {
            assertRebaseUnsupported();
            return;
        }
        snapshotter().commit(key("c"), key("a"), Map.of("label", "kept"), key("base"));
        SnapshotInfo info = snapshotter().stat(key("c"));
        assertEquals(SnapshotKind.COMMITTED, info.kind());
        assertEquals(Optional.of(key("base")), info.parent());
        assertEquals(Map.of("label", "kept"), info.labels());
        assertRefused(ErrorCode.NOT_FOUND, "a", () -> snapshotter().stat(key("a")));
        assertRefused(ErrorCode.FAILED_PRECONDITION, "base", () -> snapshotter().remove(key("base")));
        look("c", root -> {
            assertEquals("below", Files.readString(root.resolve("f")));
            assertEquals("above", Files.readString(root.resolve("g")));
        });
        layer("d", "c", root -> Files.writeString(root.resolve("h"), "top"));
        look("d", root -> {
            assertEquals("below", Files.readString(root.resolve("f")));
            assertEquals("above", Files.readString(root.resolve("g")));
            assertEquals("top", Files.readString(root.resolve("h")));
        });
    }

    private void assertRebaseUnsupported() {
        assertRefused(
                ErrorCode.UNSUPPORTED, "a", () -> snapshotter().commit(key("c"), key("a"), Map.of(), key("base")));
        assertEquals(SnapshotKind.ACTIVE, snapshotter().stat(key("a")).kind());
        assertEquals(Set.of("a", "base"), Set.copyOf(keys()));
    }

    @Test
    default void rebase_ontoWhatCannotBeAParent_isRefusedAndKeepsTheActiveOne() {
        layer("base", "", root -> Files.writeString(root.resolve("f"), "below"));
        snapshotter().prepare(request("a"));
        if (!capabilities().contains(SnapshotCapability.REBASE)) {
            assertRebaseUnsupported();
            return;
        }
        snapshotter().prepare(request("active"));
        assertRefused(
                ErrorCode.NOT_FOUND,
                "nowhere",
                () -> snapshotter().commit(key("c"), key("a"), Map.of(), key("nowhere")));
        assertRefused(
                ErrorCode.FAILED_PRECONDITION,
                "active",
                () -> snapshotter().commit(key("c"), key("a"), Map.of(), key("active")));
        assertRefused(
                ErrorCode.ALREADY_EXISTS,
                "base",
                () -> snapshotter().commit(key("base"), key("a"), Map.of(), key("base")));
        assertRefused(
                ErrorCode.NOT_FOUND, "none", () -> snapshotter().commit(key("c"), key("none"), Map.of(), key("base")));
        snapshotter().prepare(request("b", "base"));
        assertRefused(
                ErrorCode.FAILED_PRECONDITION,
                "b",
                () -> snapshotter().commit(key("c"), key("b"), Map.of(), key("base")));
        assertEquals(Set.of("a", "active", "b", "base"), Set.copyOf(keys()));
        assertEquals(SnapshotKind.ACTIVE, snapshotter().stat(key("a")).kind());
    }

    @Test
    default void rebase_ofAnIsolatedSnapshot_keepsWhatDeletes() {
        layer("base", "", root -> {
            Files.writeString(root.resolve("f"), "below");
            Files.writeString(root.resolve("g"), "below");
        });
        SnapshotRequest isolated = request("a").labels(Map.of(SnapshotRequest.LABEL_ISOLATED, "true"));
        if (!capabilities().contains(SnapshotCapability.REBASE)) {
            snapshotter().prepare(isolated);
            assertRebaseUnsupported();
            return;
        }
        SnapshotMount.Overlay mount = assertInstanceOf(
                SnapshotMount.Overlay.class, snapshotter().prepare(isolated).get(0));
        assertEquals(List.of(mount), snapshotter().mounts(key("a")));
        inTree(List.of(mount), root -> {
            assertEquals(0, root.toFile().list().length);
            Files.writeString(root.resolve("g"), "above");
        });
        // What deletes a file of the parent, in overlay's own form.
        Dir.mknod(
                Fd.HOST, mount.upper().orElseThrow().resolve("f").toString(), FileType.CHARACTER_DEVICE.modeBits(), 0);
        snapshotter().commit(key("c"), key("a"), Map.of(), key("base"));
        look("c", root -> {
            assertFalse(Files.exists(root.resolve("f")));
            assertEquals("above", Files.readString(root.resolve("g")));
        });
        look("base", root -> assertEquals("below", Files.readString(root.resolve("f"))));
    }

    @Test
    default void ephemeral_snapshot_isNeverCommittedWhereItIsNotSynced() {
        layer("base", "", root -> Files.writeString(root.resolve("f"), "below"));
        inTree(
                snapshotter().prepare(request("a", "base").ephemeral(true)),
                root -> Files.writeString(root.resolve("g"), "x"));
        assertRefused(ErrorCode.FAILED_PRECONDITION, "a", () -> snapshotter().commit(key("c"), key("a"), Map.of()));
        snapshotter().remove(key("a"));
    }

    @Test
    default void whole_snapshot_hasItsParentsFilesItself() {
        layer("base", "", root -> {
            for (int i = 0; i < 50; i++) {
                Files.writeString(root.resolve("f" + i), "x");
            }
        });
        snapshotter().prepare(request("a", "base"));
        long inodes = snapshotter().usage(key("a")).inodes();
        // One that copies may have reasons not to say so.
        if (capabilities().contains(SnapshotCapability.WHOLE)) {
            assertTrue(inodes >= snapshotter().usage(key("base")).inodes(), () -> inodes + " files");
        }
    }
}
