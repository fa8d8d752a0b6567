package org.felucca.tck.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.util.List;
import org.felucca.api.error.ErrorCode;
import org.junit.jupiter.api.Test;

/** What goes, what stays. */
public interface RemoveContract extends SnapshotterTest {

    @Test
    default void remove_active_freesItsKey() {
        inTree(snapshotter().prepare(request("a")), root -> Files.writeString(root.resolve("f"), "x"));
        snapshotter().remove(key("a"));
        assertRefused(ErrorCode.NOT_FOUND, "a", () -> snapshotter().stat(key("a")));
        assertRefused(ErrorCode.NOT_FOUND, "a", () -> snapshotter().mounts(key("a")));
        inTree(snapshotter().prepare(request("a")), root -> assertFalse(Files.exists(root.resolve("f"))));
    }

    @Test
    default void remove_view_leavesItsParent() {
        layer("base", "", root -> Files.writeString(root.resolve("f"), "x"));
        snapshotter().view(request("v", "base"));
        snapshotter().remove(key("v"));
        snapshotter().cleanup();
        look("base", root -> assertEquals("x", Files.readString(root.resolve("f"))));
    }

    @Test
    default void remove_withChildren_isFailedPreconditionUntilTheyAreGone() {
        layer("base", "", root -> Files.writeString(root.resolve("f"), "x"));
        layer("top", "base", root -> {});
        snapshotter().prepare(request("a", "top"));
        snapshotter().view(request("v", "base"));
        assertRefused(ErrorCode.FAILED_PRECONDITION, "base", () -> snapshotter().remove(key("base")));
        assertRefused(ErrorCode.FAILED_PRECONDITION, "top", () -> snapshotter().remove(key("top")));
        snapshotter().remove(key("a"));
        snapshotter().remove(key("top"));
        assertRefused(ErrorCode.FAILED_PRECONDITION, "v", () -> snapshotter().remove(key("base")));
        look("base", root -> assertEquals("x", Files.readString(root.resolve("f"))));
        snapshotter().remove(key("v"));
        snapshotter().remove(key("base"));
        assertEquals(List.of(), keys());
    }

    @Test
    default void remove_missing_isNotFound() {
        assertRefused(ErrorCode.NOT_FOUND, "nowhere", () -> snapshotter().remove(key("nowhere")));
    }

    @Test
    default void remove_oneOfTwoSiblings_leavesTheOther() {
        layer("base", "", root -> Files.writeString(root.resolve("f"), "x"));
        snapshotter().prepare(request("a", "base"));
        inTree(snapshotter().prepare(request("b", "base")), root -> Files.writeString(root.resolve("g"), "y"));
        snapshotter().remove(key("a"));
        snapshotter().cleanup();
        inTree(snapshotter().mounts(key("b")), root -> {
            assertEquals("x", Files.readString(root.resolve("f")));
            assertEquals("y", Files.readString(root.resolve("g")));
        });
    }
}
