package org.felucca.tck.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.snapshot.SnapshotCapability;
import org.felucca.api.snapshot.SnapshotInfo;
import org.felucca.api.snapshot.SnapshotKey;
import org.felucca.api.snapshot.SnapshotMount;
import org.felucca.api.snapshot.SnapshotRequest;
import org.felucca.api.snapshot.Snapshotter;
import org.junit.jupiter.api.function.Executable;

/** What the suites need: the snapshotter under test, and shorthands. {@link SnapshotterFixture} implements it. */
public interface SnapshotterTest {

    /** Says that the caller has synced: no test cuts the power, and a sync per layer takes its time. */
    Map<String, String> NO_SYNC = Map.of("felucca.synced", "true");

    /** Work on a mounted tree. */
    @FunctionalInterface
    interface TreeWork {
        void in(Path root) throws IOException;
    }

    /** The snapshotter under test. */
    Snapshotter snapshotter();

    /** Ends the snapshotter as the platform does, and opens it again over what it has kept. */
    Snapshotter restart();

    /** What the snapshotter is expected to declare. */
    Set<SnapshotCapability> capabilities();

    /** Mounts a snapshot, works in it, and unmounts it. */
    void inTree(List<SnapshotMount> mounts, TreeWork work);

    /** A key. */
    default SnapshotKey key(String value) {
        return SnapshotKey.of(value);
    }

    /** A request without parent. */
    default SnapshotRequest request(String key) {
        return SnapshotRequest.of(key(key));
    }

    /** A request with a parent. */
    default SnapshotRequest request(String key, String parent) {
        return request(key).parent(key(parent));
    }

    /** Commits a snapshot named {@code name} that adds what {@code work} does to {@code parent}, empty for none. */
    default void layer(String name, String parent, TreeWork work) {
        String active = "unpack-" + name;
        SnapshotRequest request = parent.isEmpty() ? request(active) : request(active, parent);
        inTree(snapshotter().prepare(request), work);
        snapshotter().commit(key(name), key(active), NO_SYNC);
    }

    /** Looks at a committed snapshot through a view. */
    default void look(String committed, TreeWork work) {
        SnapshotKey view = key("look-at-" + committed);
        try {
            inTree(snapshotter().view(SnapshotRequest.of(view).parent(key(committed))), work);
        } finally {
            snapshotter().remove(view);
        }
    }

    /** The keys of all snapshots, in the order of the walk. */
    default List<String> keys() {
        List<String> keys = new ArrayList<>();
        snapshotter().walk((SnapshotInfo info) -> keys.add(info.key().value()));
        return keys;
    }

    /** Asserts that a call is refused with a code, and that the message names {@code subject}. */
    default FeluccaException assertRefused(ErrorCode code, String subject, Executable call) {
        FeluccaException e = assertThrows(FeluccaException.class, call);
        assertEquals(code, e.code(), e::getMessage);
        assertTrue(e.getMessage().contains(subject), () -> "names " + subject + ": " + e.getMessage());
        return e;
    }
}
