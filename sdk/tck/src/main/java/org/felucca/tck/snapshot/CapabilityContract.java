package org.felucca.tck.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.util.Map;
import java.util.Optional;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.snapshot.SnapshotCapability;
import org.felucca.api.snapshot.SnapshotKind;
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
            assertRefused(
                    ErrorCode.UNSUPPORTED, "a", () -> snapshotter().commit(key("c"), key("a"), Map.of(), key("base")));
            assertEquals(SnapshotKind.ACTIVE, snapshotter().stat(key("a")).kind());
            return;
        }
        assertRefused(
                ErrorCode.NOT_FOUND,
                "nowhere",
                () -> snapshotter().commit(key("c"), key("a"), Map.of(), key("nowhere")));
        snapshotter().commit(key("c"), key("a"), Map.of(), key("base"));
        assertEquals(Optional.of(key("base")), snapshotter().stat(key("c")).parent());
        look("c", root -> {
            assertEquals("below", Files.readString(root.resolve("f")));
            assertEquals("above", Files.readString(root.resolve("g")));
        });
        snapshotter().prepare(request("b", "base"));
        assertRefused(
                ErrorCode.FAILED_PRECONDITION,
                "b",
                () -> snapshotter().commit(key("d"), key("b"), Map.of(), key("base")));
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
}
