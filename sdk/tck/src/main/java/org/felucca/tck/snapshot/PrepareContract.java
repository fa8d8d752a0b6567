package org.felucca.tck.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.snapshot.SnapshotInfo;
import org.felucca.api.snapshot.SnapshotKind;
import org.felucca.api.snapshot.SnapshotMount;
import org.junit.jupiter.api.Test;

/** What {@code prepare} and {@code view} make, and refuse. */
public interface PrepareContract extends SnapshotterTest {

    @Test
    default void prepare_withoutParent_isAnEmptyActiveSnapshot() {
        List<SnapshotMount> mounts = snapshotter().prepare(request("a").labels(Map.of("x", "y")));
        inTree(mounts, root -> {
            try (Stream<java.nio.file.Path> entries = Files.list(root)) {
                assertEquals(List.of(), entries.toList());
            }
        });
        SnapshotInfo info = snapshotter().stat(key("a"));
        assertEquals(key("a"), info.key());
        assertEquals(SnapshotKind.ACTIVE, info.kind());
        assertEquals(Optional.empty(), info.parent());
        assertEquals(Map.of("x", "y"), info.labels());
    }

    @Test
    default void prepare_onACommittedParent_hasItsContents() {
        layer("base", "", root -> Files.writeString(root.resolve("f"), "content"));
        inTree(
                snapshotter().prepare(request("a", "base")),
                root -> assertEquals("content", Files.readString(root.resolve("f"))));
        assertEquals(Optional.of(key("base")), snapshotter().stat(key("a")).parent());
    }

    @Test
    default void prepare_withAKeyInUse_isAlreadyExists() {
        snapshotter().prepare(request("a"));
        assertRefused(ErrorCode.ALREADY_EXISTS, "a", () -> snapshotter().prepare(request("a")));
        layer("base", "", root -> {});
        assertRefused(ErrorCode.ALREADY_EXISTS, "base", () -> snapshotter().prepare(request("base")));
        assertRefused(ErrorCode.ALREADY_EXISTS, "a", () -> snapshotter().view(request("a", "base")));
        assertEquals(SnapshotKind.ACTIVE, snapshotter().stat(key("a")).kind());
    }

    @Test
    default void prepare_onAMissingParent_isNotFound() {
        assertRefused(ErrorCode.NOT_FOUND, "nowhere", () -> snapshotter().prepare(request("a", "nowhere")));
        assertRefused(ErrorCode.NOT_FOUND, "nowhere", () -> snapshotter().view(request("a", "nowhere")));
        assertEquals(List.of(), keys());
    }

    @Test
    default void prepare_onAnActiveParent_isFailedPrecondition() {
        snapshotter().prepare(request("active"));
        assertRefused(
                ErrorCode.FAILED_PRECONDITION, "active", () -> snapshotter().prepare(request("a", "active")));
        assertRefused(
                ErrorCode.FAILED_PRECONDITION, "active", () -> snapshotter().view(request("a", "active")));
    }

    @Test
    default void prepare_onAView_isFailedPrecondition() {
        layer("base", "", root -> {});
        snapshotter().view(request("view", "base"));
        assertRefused(ErrorCode.FAILED_PRECONDITION, "view", () -> snapshotter().prepare(request("a", "view")));
    }

    @Test
    default void view_ofACommittedParent_isAReadOnlyLookAtIt() {
        layer("base", "", root -> Files.writeString(root.resolve("f"), "content"));
        List<SnapshotMount> mounts = snapshotter().view(request("v", "base"));
        inTree(mounts, root -> assertEquals("content", Files.readString(root.resolve("f"))));
        SnapshotInfo info = snapshotter().stat(key("v"));
        assertEquals(SnapshotKind.VIEW, info.kind());
        assertEquals(Optional.of(key("base")), info.parent());
        for (SnapshotMount mount : mounts) {
            assertTrue(
                    mount.<Boolean>fold(
                            bind -> bind.readOnly(),
                            overlay -> overlay.upper().isEmpty(),
                            fileSystem -> fileSystem.options().contains("ro"),
                            chain -> true),
                    () -> mount + " is read-only");
        }
    }

    @Test
    default void view_withoutParent_isInvalidArgument() {
        assertRefused(ErrorCode.INVALID_ARGUMENT, "v", () -> snapshotter().view(request("v")));
        assertEquals(List.of(), keys());
    }
}
