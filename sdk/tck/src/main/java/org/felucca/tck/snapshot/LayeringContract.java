package org.felucca.tck.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a chain of snapshots looks like from its top. */
public interface LayeringContract extends SnapshotterTest {

    @Test
    default void child_changes_areNotSeenBelowNorBeside() {
        layer("base", "", root -> {
            Files.writeString(root.resolve("keep"), "base");
            Files.writeString(root.resolve("change"), "base");
            Files.writeString(root.resolve("delete"), "base");
        });
        inTree(snapshotter().prepare(request("a", "base")), root -> {
            Files.writeString(root.resolve("change"), "changed");
            Files.delete(root.resolve("delete"));
            Files.writeString(root.resolve("new"), "new");
        });
        look("base", LayeringContract::assertUntouched);
        inTree(snapshotter().prepare(request("b", "base")), LayeringContract::assertUntouched);
        inTree(snapshotter().mounts(key("a")), LayeringContract::assertChanged);
        snapshotter().commit(key("top"), key("a"), Map.of());
        look("top", LayeringContract::assertChanged);
        look("base", LayeringContract::assertUntouched);
    }

    private static void assertUntouched(Path root) throws java.io.IOException {
        assertEquals("base", Files.readString(root.resolve("keep")));
        assertEquals("base", Files.readString(root.resolve("change")));
        assertEquals("base", Files.readString(root.resolve("delete")));
        assertFalse(Files.exists(root.resolve("new")));
    }

    private static void assertChanged(Path root) throws java.io.IOException {
        assertEquals("base", Files.readString(root.resolve("keep")));
        assertEquals("changed", Files.readString(root.resolve("change")));
        assertFalse(Files.exists(root.resolve("delete")));
        assertEquals("new", Files.readString(root.resolve("new")));
    }

    @Test
    default void directory_replacedInAChild_showsOnlyTheNewEntries() {
        layer("base", "", root -> {
            Files.createDirectory(root.resolve("d"));
            Files.writeString(root.resolve("d/old"), "x");
        });
        layer("top", "base", root -> {
            Files.delete(root.resolve("d/old"));
            Files.delete(root.resolve("d"));
            Files.createDirectory(root.resolve("d"));
            Files.writeString(root.resolve("d/new"), "y");
        });
        look("top", root -> {
            assertFalse(Files.exists(root.resolve("d/old")));
            assertTrue(Files.exists(root.resolve("d/new")));
        });
        look("base", root -> assertTrue(Files.exists(root.resolve("d/old"))));
    }

    @Test
    default void root_attributes_areInherited() {
        layer("base", "", root -> {
            Files.setAttribute(root, "unix:mode", 01751);
            Files.setAttribute(root, "unix:uid", 12);
            Files.setAttribute(root, "unix:gid", 34);
        });
        layer("top", "base", root -> Files.writeString(root.resolve("f"), "x"));
        look("top", root -> {
            assertEquals(01751, (int) Files.getAttribute(root, "unix:mode") & 07777);
            assertEquals(12, Files.getAttribute(root, "unix:uid"));
            assertEquals(34, Files.getAttribute(root, "unix:gid"));
        });
    }

    @Test
    default void root_ofAnEmptySnapshot_isOpenToAllForReading() {
        inTree(
                snapshotter().prepare(request("a")),
                root -> assertEquals(0755, (int) Files.getAttribute(root, "unix:mode") & 07777));
    }

    @Test
    default void chain_ofManyLayers_showsThemAll() {
        int layers = 140;
        String parent = "";
        for (int i = 0; i < layers; i++) {
            int number = i;
            layer("layer-" + i, parent, root -> {
                Files.writeString(root.resolve("own-" + number), "x");
                Files.writeString(root.resolve("shared"), "from " + number);
            });
            parent = "layer-" + i;
        }
        look(parent, root -> {
            for (int i = 0; i < layers; i++) {
                assertTrue(Files.exists(root.resolve("own-" + i)));
            }
            assertEquals("from " + (layers - 1), Files.readString(root.resolve("shared")));
        });
    }
}
