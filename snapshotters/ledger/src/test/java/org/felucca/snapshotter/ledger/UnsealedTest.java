package org.felucca.snapshotter.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.metadata.RecordKind;
import org.felucca.api.snapshot.SnapshotCapability;
import org.felucca.api.snapshot.SnapshotInfo;
import org.felucca.api.snapshot.SnapshotKey;
import org.felucca.api.snapshot.SnapshotKind;
import org.felucca.api.snapshot.SnapshotMount;
import org.felucca.api.snapshot.SnapshotRequest;
import org.felucca.posix.fs.Dir;
import org.felucca.posix.fs.Fd;
import org.felucca.tck.metadata.MemoryMetadataStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was committed without a sync lasts as long as the boot of the host. */
class UnsealedTest {
    private static final Map<String, String> LATER = Map.of(SnapshotInfo.LABEL_SEAL, "later", "k", "v");

    @TempDir
    Path directory;

    private final MemoryMetadataStore records = new MemoryMetadataStore();
    private DirectorySnapshotter snapshotter;

    @BeforeEach
    void open() {
        boot("one");
    }

    @AfterEach
    void close() {
        snapshotter.close();
    }

    /** A daemon that starts during this boot of the host. */
    private void boot(String id) {
        if (snapshotter != null) {
            snapshotter.close();
        }
        snapshotter = new DirectorySnapshotter(
                new Ledger("test", records, Clock.systemUTC(), id), new Storage(directory, "test"), new Plain());
    }

    private static SnapshotKey key(String value) {
        return SnapshotKey.of(value);
    }

    private void commit(String name, Optional<String> parent, Map<String, String> labels) {
        SnapshotRequest request = SnapshotRequest.of(key("active"));
        snapshotter.prepare(parent.map(below -> request.parent(key(below))).orElse(request));
        snapshotter.commit(key(name), key("active"), labels);
    }

    private List<String> keys() {
        List<String> keys = new ArrayList<>();
        snapshotter.walk(info -> keys.add(info.key().value()));
        return keys;
    }

    @Test
    void commit_leftForLater_staysOverARestartOfTheDaemon() {
        commit("c", Optional.empty(), LATER);
        assertEquals(Map.of("k", "v"), snapshotter.stat(key("c")).labels());
        boot("one");
        snapshotter.cleanup();
        assertEquals(List.of("c"), keys());
    }

    @Test
    void commit_neverSealed_isGoneWithTheBootAndLeavesNothing() throws Exception {
        commit("c1", Optional.empty(), LATER);
        commit("c2", Optional.of("c1"), LATER);
        Path tree = snapshotter.files(key("c1")).orElseThrow().tree();
        boot("two");
        assertEquals(List.of(), keys());
        assertEquals(
                ErrorCode.NOT_FOUND,
                assertThrows(FeluccaException.class, () -> snapshotter.stat(key("c1")))
                        .code());
        snapshotter.cleanup();
        assertFalse(Files.exists(tree));
        assertEquals(List.of(), records.list(RecordKind.SNAPSHOT));
    }

    @Test
    void commit_underTheNameOfOneThatWasLost_takesItsPlace() {
        commit("c", Optional.empty(), LATER);
        boot("two");
        commit("c", Optional.empty(), Map.of());
        snapshotter.cleanup();
        boot("three");
        assertEquals(List.of("c"), keys());
        assertTrue(Files.isDirectory(snapshotter.files(key("c")).orElseThrow().tree()));
    }

    @Test
    void seal_ofAChain_keepsItForGood() {
        commit("c1", Optional.empty(), LATER);
        commit("c2", Optional.of("c1"), LATER);
        snapshotter.seal(List.of(key("c1"), key("c2")));
        boot("two");
        snapshotter.cleanup();
        assertEquals(List.of("c1", "c2"), keys());
    }

    @Test
    void relabel_unsealed_doesNotSeal() {
        commit("c", Optional.empty(), LATER);
        snapshotter.relabel(key("c"), Map.of("x", "y"));
        boot("two");
        assertEquals(List.of(), keys());
    }

    @Test
    void replace_keepsTheOldTreeUntilTheNextBoot() throws Exception {
        commit("c", Optional.empty(), Map.of());
        Path tree = snapshotter.files(key("c")).orElseThrow().tree();
        Files.writeString(tree.resolve("old"), "");
        snapshotter.prepare(SnapshotRequest.of(key("fresh")));
        snapshotter.replace(key("c"), key("fresh"));
        snapshotter.cleanup();
        assertFalse(Files.exists(tree.resolve("old")));
        try (var entries = Files.list(directory)) {
            assertEquals(2, entries.count());
        }
    }

    /** Plain directories. */
    private static final class Plain implements Form {
        @Override
        public Set<SnapshotCapability> capabilities() {
            return Set.of();
        }

        @Override
        public void fill(Fd target, SnapshotKind kind, Optional<Entry> parent, Storage storage) {
            Dir.mkdir(target, TREE, 0755);
        }

        @Override
        public List<SnapshotMount> mounts(Entry entry, Storage storage) {
            return List.of(new SnapshotMount.Bind(storage.path(entry.storage()).resolve(TREE), false));
        }
    }
}
