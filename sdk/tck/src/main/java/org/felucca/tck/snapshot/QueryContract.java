package org.felucca.tck.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.util.List;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.snapshot.SnapshotMount;
import org.felucca.api.snapshot.SnapshotUsage;
import org.junit.jupiter.api.Test;

/** Questions change nothing. */
public interface QueryContract extends SnapshotterTest {

    @Test
    default void mounts_ofAnActiveSnapshot_areAsPrepareSaid() {
        layer("base", "", root -> {});
        List<SnapshotMount> mounts = snapshotter().prepare(request("a", "base"));
        assertEquals(mounts, snapshotter().mounts(key("a")));
        inTree(mounts, root -> Files.writeString(root.resolve("f"), "x"));
        assertEquals(mounts, snapshotter().mounts(key("a")));
        assertEquals(snapshotter().view(request("v", "base")), snapshotter().mounts(key("v")));
    }

    @Test
    default void mounts_ofACommittedSnapshot_isFailedPrecondition() {
        layer("base", "", root -> {});
        assertRefused(ErrorCode.FAILED_PRECONDITION, "base", () -> snapshotter().mounts(key("base")));
    }

    @Test
    default void questions_aboutAMissingSnapshot_areNotFound() {
        assertRefused(ErrorCode.NOT_FOUND, "nowhere", () -> snapshotter().mounts(key("nowhere")));
        assertRefused(ErrorCode.NOT_FOUND, "nowhere", () -> snapshotter().stat(key("nowhere")));
        assertRefused(ErrorCode.NOT_FOUND, "nowhere", () -> snapshotter().usage(key("nowhere")));
    }

    @Test
    default void usage_growsWithWhatIsWritten() {
        SnapshotUsage empty = usageAfter("empty", 0);
        SnapshotUsage full = usageAfter("full", 1 << 20);
        assertTrue(full.bytes() >= empty.bytes() + (1 << 20), () -> full + " after " + empty);
        assertEquals(empty.inodes() + 1, full.inodes());
        snapshotter().commit(key("c"), key("full"), java.util.Map.of());
        SnapshotUsage committed = snapshotter().usage(key("c"));
        assertTrue(committed.bytes() >= 1 << 20);
        assertEquals(committed, snapshotter().usage(key("c")));
    }

    private SnapshotUsage usageAfter(String key, int bytes) {
        inTree(snapshotter().prepare(request(key)), root -> {
            if (bytes > 0) {
                Files.write(root.resolve("f"), new byte[bytes]);
                Files.createLink(root.resolve("g"), root.resolve("f"));
            }
        });
        return snapshotter().usage(key(key));
    }

    @Test
    default void walk_visitsParentsBeforeTheirChildren() {
        layer("z", "", root -> {});
        layer("m", "z", root -> {});
        layer("a", "m", root -> {});
        snapshotter().prepare(request("b", "a"));
        snapshotter().prepare(request("n"));
        List<String> keys = keys();
        assertEquals(5, keys.size());
        assertTrue(keys.indexOf("z") < keys.indexOf("m"));
        assertTrue(keys.indexOf("m") < keys.indexOf("a"));
        assertTrue(keys.indexOf("a") < keys.indexOf("b"));
        assertTrue(keys.contains("n"));
        assertFalse(keys.contains("unpack-z"));
    }
}
