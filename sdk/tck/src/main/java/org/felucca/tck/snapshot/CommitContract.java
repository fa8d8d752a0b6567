package org.felucca.tck.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.snapshot.SnapshotInfo;
import org.felucca.api.snapshot.SnapshotKind;
import org.junit.jupiter.api.Test;

/** Active becomes committed. */
public interface CommitContract extends SnapshotterTest {

    @Test
    default void commit_active_frees_itsKeyAndKeepsItsContents() {
        layer("base", "", root -> Files.writeString(root.resolve("f"), "below"));
        inTree(
                snapshotter().prepare(request("a", "base").labels(Map.of("old", "1"))),
                root -> Files.writeString(root.resolve("g"), "above"));
        snapshotter().commit(key("c"), key("a"), Map.of("new", "2"));
        SnapshotInfo info = snapshotter().stat(key("c"));
        assertEquals(SnapshotKind.COMMITTED, info.kind());
        assertEquals(Optional.of(key("base")), info.parent());
        assertEquals(Map.of("new", "2"), info.labels());
        assertFalse(info.updated().isBefore(info.created()));
        assertRefused(ErrorCode.NOT_FOUND, "a", () -> snapshotter().stat(key("a")));
        look("c", root -> {
            assertEquals("below", Files.readString(root.resolve("f")));
            assertEquals("above", Files.readString(root.resolve("g")));
        });
        snapshotter().prepare(request("a"));
    }

    @Test
    default void commit_syncedByTheCaller_isTheSame() {
        inTree(snapshotter().prepare(request("a")), root -> Files.writeString(root.resolve("f"), "x"));
        snapshotter().commit(key("c"), key("a"), Map.of("felucca.synced", "true"));
        look("c", root -> assertEquals("x", Files.readString(root.resolve("f"))));
    }

    @Test
    default void commit_underANameInUse_isAlreadyExistsAndKeepsTheActiveOne() {
        layer("taken", "", root -> Files.writeString(root.resolve("f"), "x"));
        inTree(snapshotter().prepare(request("a")), root -> Files.writeString(root.resolve("g"), "y"));
        assertRefused(ErrorCode.ALREADY_EXISTS, "taken", () -> snapshotter().commit(key("taken"), key("a"), Map.of()));
        assertRefused(ErrorCode.ALREADY_EXISTS, "a", () -> snapshotter().commit(key("a"), key("a"), Map.of()));
        assertEquals(SnapshotKind.ACTIVE, snapshotter().stat(key("a")).kind());
        look("taken", root -> assertFalse(Files.exists(root.resolve("g"))));
        snapshotter().commit(key("free"), key("a"), Map.of());
        look("free", root -> assertEquals("y", Files.readString(root.resolve("g"))));
    }

    @Test
    default void commit_missing_isNotFound() {
        assertRefused(ErrorCode.NOT_FOUND, "nowhere", () -> snapshotter().commit(key("c"), key("nowhere"), Map.of()));
        assertEquals(List.of(), keys());
    }

    @Test
    default void commit_committedOrView_isFailedPrecondition() {
        layer("base", "", root -> {});
        snapshotter().view(request("v", "base"));
        assertRefused(
                ErrorCode.FAILED_PRECONDITION, "base", () -> snapshotter().commit(key("c"), key("base"), Map.of()));
        assertRefused(ErrorCode.FAILED_PRECONDITION, "v", () -> snapshotter().commit(key("c"), key("v"), Map.of()));
        assertEquals(List.of("base", "v"), keys());
    }
}
