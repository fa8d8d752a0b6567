package org.felucca.metadata;

import static org.felucca.metadata.Records.container;
import static org.felucca.metadata.Records.record;
import static org.felucca.metadata.Records.snapshot;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.felucca.api.metadata.Durability;
import org.felucca.api.metadata.MetadataRecord;
import org.felucca.api.metadata.RecordKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is left after kill -9: every transaction that was answered, whole, and no half of any other. */
class CrashTest {
    private static final int KILLS = 6;

    @TempDir
    Path directory;

    /** Writes pairs until it is killed; says each number once its transaction was answered. */
    static final class Child {
        private Child() {}

        public static void main(String[] arguments) {
            SqliteMetadataStore store = new SqliteMetadataStore(Path.of(arguments[0]));
            String padding = "y".repeat(3000);
            for (int i = Integer.parseInt(arguments[1]); ; i++) {
                int n = i;
                store.update(i % 50 == 0 ? Durability.FULL : Durability.NORMAL, t -> {
                    t.insert(record(snapshot("s" + n), "{}"));
                    t.insert(record(container("c" + n), "{\"pad\":\"" + padding + "\"}", snapshot("s" + n)));
                    if (n % 3 == 2) {
                        t.remove(container("c" + (n - 1)));
                        t.remove(snapshot("s" + (n - 1)));
                    }
                    return null;
                });
                System.out.println(i);
            }
        }
    }

    @Test
    @Timeout(300)
    void kill_amongTransactions_keepsAllThatWereAnsweredAndNoHalves() throws Exception {
        Path file = directory.resolve("metadata").resolve("felucca.db");
        Random random = new Random(20261125);
        int next = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            int answered = runAndKill(file, next, next + 100 + random.nextInt(1500));
            next = check(file, answered) + 1;
        }
    }

    private int runAndKill(Path file, int from, int until) throws Exception {
        Process child = new ProcessBuilder(ChildJvm.command(Child.class, file.toString(), String.valueOf(from)))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        int answered = -1;
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
            String line = lines.readLine();
            while (line != null) {
                // The last line may be cut off by the kill; a prefix of a number would be a smaller number.
                int said = Integer.parseInt(line);
                answered = Math.max(answered, said);
                if (said == until) {
                    child.toHandle().destroyForcibly();
                }
                line = lines.readLine();
            }
        }
        assertEquals(128 + 9, child.waitFor(), "the child ended by itself");
        assertTrue(answered >= until, "only " + answered + " were answered");
        return answered;
    }

    /** Returns the highest number found. */
    private static int check(Path file, int answered) {
        SqliteMetadataStore store = new SqliteMetadataStore(file);
        try {
            Set<String> snapshots = new HashSet<>();
            for (MetadataRecord snapshot : store.list(RecordKind.SNAPSHOT)) {
                snapshots.add(snapshot.id().key().substring(1));
            }
            Set<String> containers = new HashSet<>();
            int highest = -1;
            for (MetadataRecord container : store.list(RecordKind.CONTAINER)) {
                String number = container.id().key().substring(1);
                assertEquals(List.of(snapshot("s" + number)), container.references());
                containers.add(number);
                highest = Math.max(highest, Integer.parseInt(number));
            }
            assertEquals(snapshots, containers);
            assertTrue(highest >= answered, answered + " was answered, " + highest + " is the last there is");
            for (int n = 0; n <= highest; n++) {
                boolean removed = n % 3 == 1 && n < highest;
                assertEquals(!removed, containers.contains(String.valueOf(n)), "record " + n + " of " + highest);
            }
            return highest;
        } finally {
            store.close();
        }
    }
}
