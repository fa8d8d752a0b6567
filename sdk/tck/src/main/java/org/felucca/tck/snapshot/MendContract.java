package org.felucca.tck.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.snapshot.SnapshotFiles;
import org.felucca.api.snapshot.SnapshotInfo;
import org.junit.jupiter.api.Test;

/**
 * Making a chain durable at once, and mending what is damaged. Relabelling and replacing may be refused, by
 * {@code UNSUPPORTED} and without a trace.
 */
public interface MendContract extends SnapshotterTest {
    /** Leaves the sync to {@code seal}. */
    Map<String, String> LATER = Map.of(SnapshotInfo.LABEL_SEAL, "later");

    @Test
    default void seal_afterCommitsThatLeftTheSync_keepsThemOverARestart() {
        inTree(snapshotter().prepare(request("a")), root -> Files.writeString(root.resolve("f"), "x"));
        snapshotter().commit(key("c1"), key("a"), LATER);
        inTree(snapshotter().prepare(request("a", "c1")), root -> Files.writeString(root.resolve("g"), "y"));
        snapshotter().commit(key("c2"), key("a"), LATER);
        snapshotter().seal(List.of(key("c1"), key("c2"), key("nowhere")));
        snapshotter().seal(List.of(key("c1")));
        restart();
        look("c2", root -> {
            assertEquals("x", Files.readString(root.resolve("f")));
            assertEquals("y", Files.readString(root.resolve("g")));
        });
    }

    @Test
    default void files_ofSnapshots_areTheSameForAllTime() {
        inTree(snapshotter().prepare(request("a")), root -> Files.writeString(root.resolve("f"), "x"));
        Optional<SnapshotFiles> active = snapshotter().files(key("a"));
        snapshotter().commit(key("c"), key("a"), NO_SYNC);
        assertEquals(active, snapshotter().files(key("c")));
        active.ifPresent(files -> assertTrue(Files.exists(files.tree().resolve("f"))));
        assertRefused(ErrorCode.NOT_FOUND, "nowhere", () -> {
            if (snapshotter().files(key("nowhere")).isEmpty()) {
                throw new FeluccaException(ErrorCode.NOT_FOUND, "snapshot nowhere", "no snapshot has files here");
            }
        });
    }

    @Test
    default void relabel_committed_replacesItsLabels() {
        layer("c", "", root -> {});
        SnapshotInfo before = snapshotter().stat(key("c"));
        if (refuses(() -> snapshotter().relabel(key("c"), Map.of("k", "v")))) {
            assertEquals(before, snapshotter().stat(key("c")));
            return;
        }
        assertEquals(Map.of("k", "v"), snapshotter().stat(key("c")).labels());
        snapshotter().prepare(request("a"));
        assertRefused(ErrorCode.FAILED_PRECONDITION, "a", () -> snapshotter().relabel(key("a"), Map.of()));
        assertRefused(ErrorCode.NOT_FOUND, "nowhere", () -> snapshotter().relabel(key("nowhere"), Map.of()));
    }

    @Test
    default void replace_damaged_showsTheNewContentsToWhatLiesOnIt() {
        layer("c1", "", root -> Files.writeString(root.resolve("f"), ""));
        layer("c2", "c1", root -> Files.writeString(root.resolve("g"), "y"));
        inTree(snapshotter().prepare(request("a")), root -> Files.writeString(root.resolve("f"), "x"));
        if (refuses(() -> snapshotter().replace(key("c1"), key("a")))) {
            assertEquals(List.of("a", "c1", "c2"), keys());
            return;
        }
        assertEquals(List.of("c1", "c2"), keys());
        restart().cleanup();
        look("c1", root -> assertEquals("x", Files.readString(root.resolve("f"))));
        assertTrue(snapshotter().stat(key("c1")).whole());
        snapshotter().remove(key("c2"));
        snapshotter().remove(key("c1"));
        assertEquals(List.of(), keys());
    }

    @Test
    default void replace_labelledDamaged_losesThatLabelOnly() {
        layer("c", "", root -> {});
        snapshotter().prepare(request("a"));
        Map<String, String> labels = Map.of("k", "v", SnapshotInfo.LABEL_DAMAGED, "/f has 0 bytes instead of 1");
        if (refuses(() -> snapshotter().relabel(key("c"), labels))) {
            return;
        }
        assertFalse(snapshotter().stat(key("c")).whole());
        snapshotter().replace(key("c"), key("a"));
        assertEquals(Map.of("k", "v"), snapshotter().stat(key("c")).labels());
    }

    @Test
    default void replace_ofTheWrongKinds_isRefused() {
        layer("c1", "", root -> {});
        layer("c2", "c1", root -> {});
        snapshotter().prepare(request("a"));
        snapshotter().prepare(request("on", "c1"));
        if (refuses(() -> snapshotter().replace(key("nowhere"), key("a")))) {
            return;
        }
        assertRefused(ErrorCode.FAILED_PRECONDITION, "on", () -> snapshotter().replace(key("on"), key("a")));
        assertRefused(ErrorCode.FAILED_PRECONDITION, "c2", () -> snapshotter().replace(key("c2"), key("a")));
        assertRefused(ErrorCode.FAILED_PRECONDITION, "c2", () -> snapshotter().replace(key("c1"), key("c2")));
        assertEquals(List.of("a", "c1", "c2", "on"), keys());
    }

    /** Runs what may be refused as a whole; every other failure but a missing snapshot is thrown. */
    private boolean refuses(Runnable call) {
        try {
            call.run();
            return false;
        } catch (FeluccaException e) {
            if (e.is(ErrorCode.NOT_FOUND)) {
                return false;
            }
            if (e.is(ErrorCode.UNSUPPORTED)) {
                return true;
            }
            throw e;
        }
    }
}
