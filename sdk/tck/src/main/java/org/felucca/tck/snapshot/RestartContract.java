package org.felucca.tck.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.snapshot.SnapshotInfo;
import org.felucca.api.snapshot.SnapshotMount;
import org.felucca.api.snapshot.Snapshotter;
import org.junit.jupiter.api.Test;

/** What survives the process. */
public interface RestartContract extends SnapshotterTest {

    @Test
    default void restart_keepsEverySnapshot() {
        layer("base", "", root -> Files.writeString(root.resolve("f"), "x"));
        List<SnapshotMount> mounts = snapshotter().prepare(request("a", "base").labels(Map.of("k", "v")));
        inTree(mounts, root -> Files.writeString(root.resolve("g"), "y"));
        SnapshotInfo before = snapshotter().stat(key("a"));
        Snapshotter again = restart();
        assertEquals(before, again.stat(key("a")));
        assertEquals(mounts, again.mounts(key("a")));
        again.cleanup();
        inTree(again.mounts(key("a")), root -> {
            assertEquals("x", Files.readString(root.resolve("f")));
            assertEquals("y", Files.readString(root.resolve("g")));
        });
        layer("later", "base", root -> Files.writeString(root.resolve("h"), "z"));
        look("later", root -> assertEquals("x", Files.readString(root.resolve("f"))));
    }

    @Test
    default void calls_afterTheEnd_areUnavailable() {
        Snapshotter ended = snapshotter();
        ended.prepare(request("a"));
        restart();
        assertRefused(ErrorCode.UNAVAILABLE, "b", () -> ended.prepare(request("b")));
        assertRefused(ErrorCode.UNAVAILABLE, "a", () -> ended.remove(key("a")));
        assertRefused(ErrorCode.UNAVAILABLE, "a", () -> ended.mounts(key("a")));
        assertEquals(List.of("a"), keys());
    }
}
