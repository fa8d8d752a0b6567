package org.felucca.metadata;

import static org.felucca.metadata.Records.container;
import static org.felucca.metadata.Records.record;
import static org.felucca.metadata.Records.snapshot;

import java.nio.file.Path;
import java.util.Arrays;
import org.felucca.api.metadata.Durability;
import org.felucca.api.metadata.RecordId;

/**
 * What {@code run --rm} costs in records: insert a container with its snapshot, read and update it, remove both. Prints
 * microseconds per NORMAL transaction, and per FULL one. Not a test: run its {@code main} with a directory.
 */
public final class HotPathCost {
    private HotPathCost() {}

    /** Measures in the directory given. */
    public static void main(String[] arguments) {
        SqliteMetadataStore store =
                new SqliteMetadataStore(Path.of(arguments[0]).resolve("felucca.db"));
        String document = "{\"config\":\"" + "x".repeat(3000) + "\"}";
        for (int round = 0; round < Integer.getInteger("rounds", 8); round++) {
            int runs = 2_000;
            long[] insert = new long[runs];
            long[] update = new long[runs];
            long[] remove = new long[runs];
            for (int i = 0; i < runs; i++) {
                RecordId container = container("c" + round + "-" + i);
                RecordId snapshot = snapshot("s" + round + "-" + i);
                long start = System.nanoTime();
                store.update(Durability.NORMAL, t -> {
                    t.insert(record(snapshot, "{\"parent\":\"sha256:0123\"}", snapshot("parent")));
                    t.insert(record(container, document, snapshot));
                    return null;
                });
                long inserted = System.nanoTime();
                store.update(Durability.NORMAL, t -> {
                    t.put(record(t.get(container).orElseThrow().id(), document, snapshot));
                    return null;
                });
                long updated = System.nanoTime();
                store.update(Durability.NORMAL, t -> t.remove(container) && t.remove(snapshot));
                insert[i] = inserted - start;
                update[i] = updated - inserted;
                remove[i] = System.nanoTime() - updated;
            }
            System.out.printf(
                    "round %d: insert 2 %.1f us, update %.1f us, remove 2 %.1f us (medians)%n",
                    round, median(insert), median(update), median(remove));
        }
        long[] full = new long[200];
        for (int i = 0; i < full.length; i++) {
            long start = System.nanoTime();
            store.update(Durability.FULL, t -> {
                t.put(record(container("full"), document));
                return null;
            });
            full[i] = System.nanoTime() - start;
        }
        System.out.printf("full: %.1f us (median)%n", median(full));
        store.close();
    }

    private static double median(long[] nanos) {
        Arrays.sort(nanos);
        return nanos[nanos.length / 2] / 1000.0;
    }
}
