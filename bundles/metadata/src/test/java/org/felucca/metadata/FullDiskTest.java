package org.felucca.metadata;

import static org.felucca.metadata.Records.container;
import static org.felucca.metadata.Records.record;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.metadata.Durability;
import org.felucca.api.metadata.RecordKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A disk without space, for real: a small tmpfs in a mount namespace that dies with the child. */
class FullDiskTest {
    @TempDir
    Path directory;

    /** Runs on the full disk; throws if anything is not as promised. */
    static final class Child {
        private Child() {}

        public static void main(String[] arguments) throws Exception {
            Path disk = Path.of(arguments[0]);
            SqliteMetadataStore store = new SqliteMetadataStore(disk.resolve("felucca.db"));
            store.update(Durability.FULL, t -> {
                t.insert(record(container("before"), "{}"));
                return null;
            });
            Path filler = disk.resolve("filler");
            Files.write(filler, new byte[512 << 10]);
            int stored = 0;
            FeluccaException refused = null;
            while (refused == null) {
                int n = stored;
                try {
                    store.update(Durability.NORMAL, t -> {
                        t.insert(record(container("c" + n), "{\"pad\":\"" + "y".repeat(3000) + "\"}"));
                        t.insert(record(container("d" + n), "{}"));
                        return null;
                    });
                    stored++;
                } catch (FeluccaException e) {
                    refused = e;
                }
            }
            require(refused.is(ErrorCode.RESOURCE_EXHAUSTED), refused.toString());
            require(refused.getMessage().contains("felucca.db"), refused.toString());
            require(stored > 10, "only " + stored + " fitted");
            int expected = 1 + 2 * stored;
            require(store.get(container("c" + stored)).isEmpty(), "what was refused is there");
            require(store.list(RecordKind.CONTAINER).size() == expected, "what was stored can no longer be read");

            Files.delete(filler);
            store.update(Durability.FULL, t -> {
                t.insert(record(container("after"), "{}"));
                return null;
            });
            store.close();

            SqliteMetadataStore reopened = new SqliteMetadataStore(disk.resolve("felucca.db"));
            require(reopened.list(RecordKind.CONTAINER).size() == expected + 1, "records changed by reopening");
            reopened.close();

            Files.write(filler, new byte[0]);
            fill(filler);
            SqliteMetadataStore fresh =
                    new SqliteMetadataStore(disk.resolve("new").resolve("felucca.db"));
            try {
                fresh.list(RecordKind.IMAGE);
                throw new AssertionError("a database was made on a full disk");
            } catch (FeluccaException e) {
                require(e.is(ErrorCode.RESOURCE_EXHAUSTED), e.toString());
            }
            fresh.close();
            System.out.println("as promised");
        }

        private static void fill(Path filler) {
            byte[] page = new byte[4096];
            try (var out = Files.newOutputStream(filler)) {
                while (true) {
                    out.write(page);
                }
            } catch (IOException full) {
                require(String.valueOf(full.getMessage()).contains("No space"), full.toString());
            }
        }

        private static void require(boolean condition, String message) {
            if (!condition) {
                throw new AssertionError(message);
            }
        }
    }

    /** On a disk of some size that somebody else fills to the last byte. */
    static final class FilledByOthers {
        private FilledByOthers() {}

        public static void main(String[] arguments) throws Exception {
            Path disk = Path.of(arguments[0]);
            SqliteMetadataStore store = new SqliteMetadataStore(disk.resolve("felucca.db"));
            store.update(Durability.FULL, t -> {
                for (int i = 0; i < 100; i++) {
                    t.insert(record(container("c" + i), "{\"pad\":\"" + "y".repeat(1000) + "\"}"));
                }
                return null;
            });
            Child.fill(disk.resolve("filler"));
            for (int i = 0; i < 100; i++) {
                int n = i;
                Child.require(
                        store.update(Durability.NORMAL, t -> t.remove(container("c" + n))), "c" + n + " was lost");
            }
            Child.require(store.list(RecordKind.CONTAINER).isEmpty(), "not all are removed");
            Files.delete(disk.resolve("filler"));
            store.close();
            System.out.println("as promised");
        }
    }

    @Test
    @Timeout(120)
    void diskFilledByOthers_recordsCanStillBeRemoved() throws Exception {
        assertAsPromised(FilledByOthers.class, "48m");
    }

    @Test
    @Timeout(120)
    void fullDisk_refusesByNameKeepsWhatWasThereAndRecovers() throws Exception {
        assertAsPromised(Child.class, "1m");
    }

    private void assertAsPromised(Class<?> main, String size) throws Exception {
        Path disk = Files.createDirectory(directory.resolve("disk"));
        List<String> command = new ArrayList<>(List.of(
                "unshare",
                "--mount",
                "--propagation",
                "private",
                "sh",
                "-c",
                "mount -t tmpfs -o size=" + size + " tmpfs \"$0\" && exec \"$@\"",
                disk.toString()));
        command.addAll(ChildJvm.command(main, disk.toString()));
        Process child = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, child.waitFor(), output);
        assertTrue(output.contains("as promised"), output);
    }
}
