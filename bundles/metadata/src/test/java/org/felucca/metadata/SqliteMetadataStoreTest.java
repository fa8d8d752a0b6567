package org.felucca.metadata;

import static org.felucca.metadata.Records.THEN;
import static org.felucca.metadata.Records.container;
import static org.felucca.metadata.Records.record;
import static org.felucca.metadata.Records.snapshot;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.metadata.Durability;
import org.felucca.api.metadata.MetadataRecord;
import org.felucca.api.metadata.MetadataStore;
import org.felucca.api.metadata.RecordId;
import org.felucca.api.metadata.RecordKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SqliteMetadataStoreTest {
    @TempDir
    Path directory;

    private Path file;
    private SqliteMetadataStore store;

    @BeforeEach
    void open() {
        file = directory.resolve("root").resolve("metadata").resolve("felucca.db");
        store = new SqliteMetadataStore(file);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void reopen() {
        store.close();
        store = new SqliteMetadataStore(file);
    }

    private void insert(MetadataRecord record) {
        store.update(Durability.NORMAL, t -> {
            t.insert(record);
            return null;
        });
    }

    private static void assertCode(ErrorCode code, FeluccaException thrown) {
        assertEquals(code, thrown.code(), thrown.getMessage());
    }

    @ParameterizedTest
    @EnumSource(RecordKind.class)
    void insert_everyKind_readsBackEqualBeforeAndAfterReopening(RecordKind kind) {
        RecordId id = new RecordId(kind, "a'b", "k\"1/ü😀");
        MetadataRecord written = new MetadataRecord(
                id,
                Map.of("b", "1", "a", "quote \" and \u0001"),
                "{\"x\": \"ü\"}",
                List.of(snapshot("z"), snapshot("a"), snapshot("z")),
                THEN,
                THEN.plusNanos(1));
        insert(written);
        assertEquals(Optional.of(written), store.get(id));
        reopen();
        assertEquals(Optional.of(written), store.get(id));
        assertEquals(List.of(written), store.list(kind));
        assertEquals(List.of(written), store.list(kind, "a'b"));
        assertEquals(List.of(), store.list(kind, "other"));
    }

    @Test
    void get_absent_isEmpty() {
        assertEquals(Optional.empty(), store.get(container("none")));
    }

    @Test
    void list_overScopes_isOrderedByScopeThenKey() {
        RecordId last = new RecordId(RecordKind.IMAGE, "k8s.io", "a");
        RecordId first = new RecordId(RecordKind.IMAGE, "default", "b");
        RecordId middle = new RecordId(RecordKind.IMAGE, "default", "c");
        for (RecordId id : List.of(middle, last, first)) {
            insert(record(id, "{}", snapshot("x"), snapshot("y")));
        }
        assertEquals(List.of(first, middle, last), ids(store.list(RecordKind.IMAGE)));
        assertEquals(List.of(first, middle), ids(store.list(RecordKind.IMAGE, "default")));
    }

    @Test
    void insert_idInUse_throwsAlreadyExistsAndChangesNothing() {
        insert(record(container("a"), "{\"n\":1}"));
        assertCode(
                ErrorCode.ALREADY_EXISTS,
                assertThrows(FeluccaException.class, () -> insert(record(container("a"), "{\"n\":2}"))));
        reopen(); // nothing cached
        FeluccaException thrown =
                assertThrows(FeluccaException.class, () -> insert(record(container("a"), "{\"n\":2}")));
        assertCode(ErrorCode.ALREADY_EXISTS, thrown);
        assertTrue(thrown.getMessage().contains("container/default/a"), thrown.getMessage());
        assertEquals("{\"n\":1}", store.get(container("a")).orElseThrow().document());
    }

    @Test
    void insert_duplicateCaughtByWork_keepsTheRestOfTheTransaction() {
        insert(record(container("a"), "{}"));
        reopen();
        store.update(Durability.NORMAL, t -> {
            t.insert(record(container("b"), "{}"));
            assertThrows(FeluccaException.class, () -> t.insert(record(container("a"), "{}")));
            t.insert(record(container("c"), "{}"));
            return null;
        });
        assertEquals(3, store.list(RecordKind.CONTAINER).size());
    }

    @Test
    void put_existing_keepsCreatedAndReplacesTheRest() {
        insert(record(container("a"), "{}", snapshot("s1")));
        MetadataRecord next = new MetadataRecord(
                container("a"),
                Map.of("l", "v"),
                "{\"n\":2}",
                List.of(snapshot("s2")),
                THEN.plusSeconds(9),
                THEN.plusSeconds(9));
        store.update(Durability.NORMAL, t -> {
            t.put(next);
            return null;
        });
        MetadataRecord expected =
                new MetadataRecord(next.id(), next.labels(), next.document(), next.references(), THEN, next.updated());
        assertEquals(Optional.of(expected), store.get(next.id()));
        reopen();
        assertEquals(Optional.of(expected), store.get(next.id()));
        store.update(Durability.NORMAL, t -> {
            assertEquals(List.of(), t.referrers(snapshot("s1")));
            assertEquals(List.of(next.id()), t.referrers(snapshot("s2")));
            return null;
        });
    }

    @Test
    void put_absent_inserts() {
        store.update(Durability.FULL, t -> {
            t.put(record(container("a"), "{}"));
            return null;
        });
        assertTrue(store.get(container("a")).isPresent());
    }

    @Test
    void remove_presentAndAbsent_tellsWhich() {
        insert(record(container("a"), "{}", snapshot("s")));
        store.update(Durability.NORMAL, t -> {
            assertTrue(t.remove(container("a")));
            assertFalse(t.remove(container("a")));
            assertEquals(Optional.empty(), t.get(container("a")));
            assertEquals(List.of(), t.referrers(snapshot("s")));
            return null;
        });
        assertEquals(Optional.empty(), store.get(container("a")));
        insert(record(container("a"), "{\"again\":true}"));
        assertEquals("{\"again\":true}", store.get(container("a")).orElseThrow().document());
    }

    @Test
    void remove_target_leavesReferencesToIt() {
        insert(record(snapshot("s"), "{}"));
        insert(record(container("a"), "{}", snapshot("s")));
        store.update(Durability.NORMAL, t -> {
            assertTrue(t.remove(snapshot("s")));
            assertEquals(List.of(container("a")), t.referrers(snapshot("s")));
            return null;
        });
        assertEquals(
                List.of(snapshot("s")), store.get(container("a")).orElseThrow().references());
    }

    @Test
    void update_insideTransaction_seesItsOwnWritesAndOthersDoNot() {
        store.update(Durability.NORMAL, t -> {
            t.insert(record(container("a"), "{}"));
            assertTrue(t.get(container("a")).isPresent());
            assertEquals(1, t.list(RecordKind.CONTAINER, "default").size());
            assertEquals(Optional.empty(), store.get(container("a")));
            assertEquals(List.of(), store.list(RecordKind.CONTAINER));
            return null;
        });
        assertTrue(store.get(container("a")).isPresent());
    }

    @Test
    void update_workThrows_rollsEverythingBackAndThrowsIt() {
        insert(record(container("old"), "{\"n\":1}"));
        IllegalStateException thrown = new IllegalStateException("work");
        assertSame(
                thrown,
                assertThrows(
                        IllegalStateException.class,
                        () -> store.update(Durability.FULL, t -> {
                            t.insert(record(container("a"), "{}", snapshot("s")));
                            t.put(record(container("old"), "{\"n\":2}"));
                            t.remove(container("old"));
                            throw thrown;
                        })));
        assertEquals(Optional.empty(), store.get(container("a")));
        assertEquals("{\"n\":1}", store.get(container("old")).orElseThrow().document());
        reopen();
        assertEquals(List.of(container("old")), ids(store.list(RecordKind.CONTAINER)));
    }

    @Test
    void update_insideUpdate_isRefused() {
        FeluccaException thrown = assertThrows(
                FeluccaException.class,
                () -> store.update(Durability.NORMAL, t -> store.update(Durability.NORMAL, u -> null)));
        assertCode(ErrorCode.INTERNAL, thrown);
        insert(record(container("a"), "{}"));
    }

    @Test
    void transaction_usedAfterwards_isRefused() {
        MetadataStore.Transaction[] kept = new MetadataStore.Transaction[1];
        store.update(Durability.NORMAL, t -> kept[0] = t);
        assertThrows(IllegalStateException.class, () -> kept[0].get(container("a")));
        assertThrows(IllegalStateException.class, () -> kept[0].remove(container("a")));
        assertThrows(IllegalStateException.class, () -> kept[0].insert(record(container("a"), "{}")));
    }

    @Test
    void update_threadsAtOnce_loseNoIncrement() throws Exception {
        insert(record(container("n"), "0"));
        int threads = 6;
        int rounds = 200;
        CountDownLatch start = new CountDownLatch(1);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                Durability durability = i == 0 ? Durability.FULL : Durability.NORMAL;
                all.add(pool.submit(() -> {
                    start.await();
                    int last = -1;
                    for (int round = 0; round < rounds; round++) {
                        store.update(durability, t -> {
                            int n = Integer.parseInt(
                                    t.get(container("n")).orElseThrow().document());
                            t.put(record(container("n"), String.valueOf(n + 1)));
                            return null;
                        });
                        int seen = Integer.parseInt(
                                store.get(container("n")).orElseThrow().document());
                        assertTrue(seen > last, "a read went back in time: " + seen + " after " + last);
                        last = seen;
                    }
                    return null;
                }));
            }
            start.countDown();
            for (Future<?> one : all) {
                one.get();
            }
        } finally {
            pool.shutdownNow();
        }
        assertEquals(
                String.valueOf(threads * rounds),
                store.get(container("n")).orElseThrow().document());
        reopen();
        assertEquals(
                String.valueOf(threads * rounds),
                store.get(container("n")).orElseThrow().document());
    }

    @Test
    void list_whileTransactionsMoveAPair_seesBothOrNone() throws Exception {
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try {
            Future<?> writer = pool.submit(() -> IntStream.range(0, 500)
                    .forEach(i -> store.update(Durability.NORMAL, t -> {
                        if (!t.remove(container("left"))) {
                            t.insert(record(container("left"), "{}", snapshot("s")));
                            t.insert(record(container("right"), "{}", snapshot("s")));
                        } else {
                            t.remove(container("right"));
                        }
                        return null;
                    })));
            while (!writer.isDone()) {
                int size = store.list(RecordKind.CONTAINER).size();
                assertTrue(size == 0 || size == 2, "half a transaction: " + size);
            }
            writer.get();
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void update_manyChanges_checkpointsKeepTheLogShort() throws Exception {
        String document = "{\"x\":\"" + "y".repeat(2000) + "\"}";
        for (int i = 0; i < 20_000; i++) {
            int n = i;
            store.update(Durability.NORMAL, t -> {
                t.put(record(container("c" + n % 50), document));
                return null;
            });
        }
        long log = Files.size(file.resolveSibling("felucca.db-wal"));
        assertTrue(log < 40 << 20, "log has " + log + " bytes");
        assertEquals(50, store.list(RecordKind.CONTAINER).size());
    }

    @Test
    void close_thenUse_throwsUnavailable() {
        store.close();
        store.close();
        assertCode(ErrorCode.UNAVAILABLE, assertThrows(FeluccaException.class, () -> store.get(container("a"))));
        assertCode(
                ErrorCode.UNAVAILABLE,
                assertThrows(FeluccaException.class, () -> store.update(Durability.NORMAL, t -> null)));
    }

    @Test
    void close_leavesTheDatabaseAndItsCopiesWithoutLog() throws Exception {
        insert(record(container("a"), "{}"));
        store.close();
        try (var entries = Files.list(file.getParent())) {
            assertEquals(
                    List.of(file, file.resolveSibling("records")),
                    entries.sorted().toList());
        }
    }

    @Test
    void open_makesThePathPrivate() throws Exception {
        store.list(RecordKind.IMAGE);
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())));
    }

    private static List<RecordId> ids(List<MetadataRecord> records) {
        return records.stream().map(MetadataRecord::id).toList();
    }
}
