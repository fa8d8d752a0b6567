package org.felucca.metadata;

import static org.felucca.metadata.Records.THEN;
import static org.felucca.metadata.Records.container;
import static org.felucca.metadata.Records.record;
import static org.felucca.metadata.Records.snapshot;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.felucca.api.metadata.Durability;
import org.felucca.api.metadata.MetadataRecord;
import org.felucca.api.metadata.RecordId;
import org.felucca.api.metadata.RecordKind;
import org.felucca.api.storage.Finding;
import org.felucca.api.storage.Finding.Outcome;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever happens to the database's files, the records come back from their copies. */
class RebuildTest {
    private static final int RECORDS = 40;

    @TempDir
    Path directory;

    private Path file;
    private final Map<RecordId, MetadataRecord> written = new HashMap<>();

    @BeforeEach
    void write() {
        file = directory.resolve("metadata").resolve("felucca.db");
        SqliteMetadataStore store = new SqliteMetadataStore(file);
        written.putAll(fill(store));
        store.close();
    }

    private static Map<RecordId, MetadataRecord> fill(SqliteMetadataStore store) {
        Map<RecordId, MetadataRecord> written = new HashMap<>();
        for (int i = 0; i < RECORDS; i++) {
            MetadataRecord snapshot = record(snapshot("s" + i), "{\"storage\":" + i + "}");
            MetadataRecord container =
                    record(container("c" + i), "{\"pad\":\"" + "y".repeat(300) + "\"}", snapshot.id());
            store.update(Durability.FULL, t -> {
                t.insert(snapshot);
                t.insert(container);
                return null;
            });
            written.put(snapshot.id(), snapshot);
            written.put(container.id(), container);
        }
        MetadataRecord image = record(new RecordId(RecordKind.IMAGE, "default", "docker.io/a:1"), "{}");
        store.update(Durability.FULL, t -> {
            t.insert(image);
            t.insert(record(new RecordId(RecordKind.LEASE, "", "l"), "{}"));
            return null;
        });
        written.put(image.id(), image);
        return written;
    }

    private SqliteMetadataStore open() {
        return new SqliteMetadataStore(file);
    }

    private static Map<RecordId, MetadataRecord> all(SqliteMetadataStore store) {
        return CopiesCheck.all(store::list);
    }

    private List<Path> aside() throws IOException {
        return Rebuild.putAside(file);
    }

    private List<Finding> check(SqliteMetadataStore store, boolean repair) {
        List<Finding> found = new ArrayList<>();
        assertTrue(store.check(repair, found::add) > 0);
        return found;
    }

    @Test
    void open_undamaged_rebuildsNothingAndFindsNothing() throws Exception {
        SqliteMetadataStore store = open();
        try {
            assertEquals(written, all(store));
            assertEquals(List.of(), aside());
            assertEquals(List.of(), check(store, false));
        } finally {
            store.close();
        }
    }

    @Test
    void open_databaseMissing_hasEveryRecordAndReference() throws Exception {
        Files.delete(file);
        SqliteMetadataStore store = open();
        try {
            assertEquals(written, all(store));
            List<RecordId> referrers = store.update(Durability.NORMAL, t -> t.referrers(snapshot("s7")));
            assertEquals(List.of(container("c7")), referrers);
        } finally {
            store.close();
        }
    }

    @Test
    void open_notADatabase_putsItAsideAndSaysSo() throws Exception {
        Files.write(file, "this is text ".repeat(1000).getBytes(StandardCharsets.UTF_8));
        SqliteMetadataStore store = open();
        try {
            assertEquals(written, all(store));
            assertEquals(1, aside().size());
            List<Finding> found = check(store, false);
            assertEquals(1, found.size(), found.toString());
            assertEquals(aside().get(0).toString(), found.get(0).subject());
            assertEquals(Outcome.REPAIRED, found.get(0).outcome());
        } finally {
            store.close();
        }
        store = open();
        try {
            assertEquals(written, all(store));
            assertEquals(1, aside().size());
        } finally {
            store.close();
        }
    }

    @Test
    void open_rowNobodyWrote_isRebuilt() throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute("UPDATE container SET labels = '[1]' WHERE key = 'c3'");
        }
        SqliteMetadataStore store = open();
        try {
            assertEquals(written, all(store));
            assertEquals(1, aside().size());
        } finally {
            store.close();
        }
    }

    @Test
    void check_rowChangedOrLost_isRestoredFromItsCopy() throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute("UPDATE container SET document = '{}' WHERE key = 'c3'");
            statement.execute("DELETE FROM container WHERE key = 'c4'");
            statement.execute("DELETE FROM reference WHERE key = 'c4'");
        }
        SqliteMetadataStore store = open();
        try {
            List<Finding> found = check(store, false);
            assertEquals(2, found.size(), found.toString());
            assertTrue(found.stream().allMatch(finding -> finding.outcome() == Outcome.FOUND));
            assertEquals(2, check(store, true).size());
            assertEquals(written, all(store));
            assertEquals(List.of(), check(store, false));
        } finally {
            store.close();
        }
    }

    @Test
    void check_copyDamagedOrMissing_isWrittenAgain() throws Exception {
        Path records = file.resolveSibling("records");
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(records.resolve("container"))) {
            entries.forEach(files::add);
        }
        Files.writeString(files.get(0), "{}");
        Files.delete(files.get(1));
        Files.write(files.get(2), flipped(Files.readAllBytes(files.get(2)), 200));
        SqliteMetadataStore store = open();
        try {
            assertFalse(check(store, true).isEmpty());
            assertEquals(List.of(), check(store, false));
        } finally {
            store.close();
        }
        Files.delete(file);
        store = open();
        try {
            assertEquals(written, all(store));
        } finally {
            store.close();
        }
    }

    @Test
    void open_referenceLost_isRebuilt() throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute("DELETE FROM reference WHERE key = 'c4'");
        }
        SqliteMetadataStore store = open();
        try {
            List<RecordId> referrers = store.update(Durability.NORMAL, t -> t.referrers(snapshot("s4")));
            assertEquals(List.of(container("c4")), referrers);
        } finally {
            store.close();
        }
    }

    /** Writes, says so, and waits to be killed. */
    static final class Child {
        private Child() {}

        public static void main(String[] arguments) {
            SqliteMetadataStore store = new SqliteMetadataStore(Path.of(arguments[0]));
            if (arguments[1].equals("fill")) {
                fill(store);
            } else {
                change(store);
            }
            System.out.println("written");
            while (true) {
                LockSupport.park();
            }
        }
    }

    private static void change(SqliteMetadataStore store) {
        store.update(Durability.NORMAL, t -> {
            t.put(record(container("c1"), "{\"changed\":true}"));
            t.remove(container("c2"));
            t.insert(record(container("new"), "{}"));
            return null;
        });
    }

    private void killed(String what) throws Exception {
        Process child = new ProcessBuilder(ChildJvm.command(Child.class, file.toString(), what))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
            assertEquals("written", lines.readLine());
        } finally {
            child.destroyForcibly();
        }
        assertEquals(128 + 9, child.waitFor());
    }

    @Test
    void open_logLostAfterACrash_isFoundBehindItsCopies() throws Exception {
        file = directory.resolve("other").resolve("felucca.db");
        // The image is written last and was waited for, and all before it was flushed along.
        killed("fill");
        Files.write(file.resolveSibling("felucca.db-wal"), new byte[0]);
        SqliteMetadataStore store = open();
        try {
            assertEquals(written, all(store));
            assertEquals(1, aside().size());
        } finally {
            store.close();
        }
    }

    @Test
    void open_crashed_bringsTheCopiesUpToTheDatabase() throws Exception {
        killed("change");
        MetadataRecord changed = record(container("c1"), "{\"changed\":true}");
        MetadataRecord added = record(container("new"), "{}");
        written.put(changed.id(), changed);
        written.put(added.id(), added);
        written.remove(container("c2"));
        SqliteMetadataStore store = open();
        assertEquals(written, all(store));
        store.close();
        assertEquals(List.of(), aside());
        Files.delete(file);
        store = open();
        try {
            assertEquals(written, all(store));
        } finally {
            store.close();
        }
    }

    /** A byte changed anywhere in the database: it opens, and after a repair holds what was written. */
    @Test
    void open_anyByteChanged_comesBackWithRepair() throws Exception {
        byte[] good = Files.readAllBytes(file);
        Random random = new Random(20261125);
        for (int round = 0; round < 30; round++) {
            int at = round < 15 ? 16 + round * 4 : random.nextInt(good.length);
            damaged("byte " + at, flipped(good, at));
        }
    }

    @Test
    void open_cutAnywhere_comesBackWithRepair() throws Exception {
        byte[] good = Files.readAllBytes(file);
        Random random = new Random(20261125);
        for (int round = 0; round < 8; round++) {
            int length = round == 0 ? 0 : random.nextInt(good.length);
            damaged("cut to " + length, java.util.Arrays.copyOf(good, length));
        }
    }

    private void damaged(String what, byte[] bytes) throws IOException {
        Path home = directory.resolve("damaged");
        copy(file.getParent(), home);
        Files.write(home.resolve("felucca.db"), bytes);
        SqliteMetadataStore store = new SqliteMetadataStore(home.resolve("felucca.db"));
        try {
            check(store, true);
            assertEquals(timeless(written), timeless(all(store)), what);
        } finally {
            store.close();
            delete(home);
        }
    }

    /** The database has no digest over when a record was written. */
    private static Map<RecordId, MetadataRecord> timeless(Map<RecordId, MetadataRecord> records) {
        UnaryOperator<MetadataRecord> strip = record ->
                new MetadataRecord(record.id(), record.labels(), record.document(), record.references(), THEN, THEN);
        Map<RecordId, MetadataRecord> result = new HashMap<>();
        records.forEach((id, record) -> result.put(id, strip.apply(record)));
        return result;
    }

    private static byte[] flipped(byte[] bytes, int at) {
        byte[] copy = bytes.clone();
        copy[at] ^= 0x15;
        return copy;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var paths = Files.walk(from)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                Path target = to.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(path, target);
                }
            }
        }
    }

    private static void delete(Path tree) throws IOException {
        try (var paths = Files.walk(tree)) {
            for (Path path : (Iterable<Path>) paths.sorted(java.util.Comparator.reverseOrder())::iterator) {
                Files.delete(path);
            }
        }
    }
}
