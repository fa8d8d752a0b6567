package org.felucca.verbs.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.felucca.api.container.ContainerState;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.lease.Collector;
import org.felucca.api.metadata.RecordId;
import org.felucca.api.storage.CheckReport;
import org.felucca.api.storage.CheckRequest;
import org.felucca.api.storage.Finding;
import org.felucca.api.storage.Finding.Outcome;
import org.felucca.api.storage.Finding.Part;
import org.felucca.api.storage.StorageService;
import org.felucca.api.storage.Usage;
import org.felucca.verbs.CommandLine;
import org.felucca.verbs.FakeContainers;
import org.felucca.verbs.FakeImages;
import org.junit.jupiter.api.Test;

class StorageVerbsTest {
    private final CommandLine shell = new CommandLine();
    private final List<CheckRequest> requests = new ArrayList<>();
    private List<Finding> findings = List.of();

    private final StorageService storage = new StorageService() {
        @Override
        public CheckReport check(CheckRequest request, Consumer<? super Finding> progress) {
            requests.add(request);
            return new CheckReport(7, 5, 3, 1000, findings);
        }

        @Override
        public List<Usage> usage() {
            return List.of(new Usage(Usage.Kind.IMAGES, 2, 1, 1500, 500), new Usage(Usage.Kind.INGESTS, 0, 0, 0, 0));
        }
    };

    /** Counts, and remembers what it was asked to do without. */
    private static final class Counting implements Collector {
        private final List<String> calls = new ArrayList<>();

        @Override
        public Freed collect() {
            calls.add("collect");
            return Freed.NOTHING;
        }

        @Override
        public Freed preview(Set<RecordId> without) {
            calls.add("preview "
                    + without.stream().map(RecordId::toString).sorted().toList());
            return new Freed(2, 3, 4000);
        }
    }

    @Test
    void fsck_allIsWell_saysWhatWasChecked() {
        assertEquals(0, shell.run(new FsckVerb(storage), ""));
        assertEquals("checked 7 records, 5 blobs, 3 snapshots, 1000 bytes: all is well\n", shell.out());
        assertEquals(List.of(new CheckRequest(false, true)), requests);
    }

    @Test
    void fsck_somethingLeft_namesItsUsersAndEndsWithOne() {
        findings = List.of(new Finding(
                Part.LAYER, "sha256:ab", "/bin/sh has 0 bytes", Outcome.FOUND, List.of("container web", "image a:1")));
        assertEquals(1, shell.run(new FsckVerb(storage), "--quick"));
        assertEquals("""
                layer sha256:ab: /bin/sh has 0 bytes (used by container web, image a:1): found
                checked 7 records, 5 blobs, 3 snapshots, 1000 bytes: 1 found
                """, shell.out());
        assertTrue(shell.err().contains("felucca fsck --repair"));
        assertEquals(List.of(new CheckRequest(false, false)), requests);
    }

    @Test
    void fsck_repairedOrFetchedLater_isClean() {
        findings = List.of(
                Finding.of(Part.BLOB, "sha256:ab", "its bytes are others", Outcome.FETCHED_WHEN_NEEDED),
                Finding.of(Part.RECORDS, "felucca.db", "it was damaged", Outcome.REPAIRED));
        assertEquals(0, shell.run(new FsckVerb(storage), "--repair --format json"));
        String out = shell.out();
        assertTrue(out.contains("\"clean\":true"), out);
        assertTrue(out.contains("\"outcome\":\"fetched-when-needed\""), out);
        assertEquals(List.of(new CheckRequest(true, true)), requests);
    }

    @Test
    void systemDf_isATable() {
        assertEquals(0, shell.run(new DiskUsageVerb(storage), ""));
        String out = shell.out();
        assertTrue(out.startsWith("TYPE"), out);
        assertTrue(out.contains("images") && out.contains("ingests"), out);
        shell.run(new DiskUsageVerb(storage), "--format json");
        assertTrue(shell.out()
                .startsWith("{\"type\":\"images\",\"total\":2,\"active\":1,\"bytes\":1500,\"reclaimable\":500}"));
    }

    @Test
    void systemPrune_withoutOptions_collectsOnly() {
        Counting collector = new Counting();
        FakeContainers containers = new FakeContainers().add('a', "old", ContainerState.EXITED);
        FakeImages images = new FakeImages().add("busybox");
        PruneVerb verb = new PruneVerb(containers, images, collector);
        assertEquals(0, shell.run(verb, ""));
        assertEquals(List.of("preview []", "collect"), collector.calls);
        assertEquals("Freed 4000 bytes in 3 blobs, and 2 snapshots\n", shell.out());
    }

    @Test
    void systemPrune_dryRun_removesNothing() {
        Counting collector = new Counting();
        FakeContainers containers =
                new FakeContainers().add('a', "old", ContainerState.EXITED).add('b', "web", ContainerState.RUNNING);
        FakeImages images = new FakeImages().add("alpine").add("busybox");
        PruneVerb verb = new PruneVerb(containers, images, collector);
        assertEquals(0, shell.run(verb, "--containers --images --dry-run"));
        assertEquals("""
                Would remove: old
                Would untag: busybox:latest
                Would free 4000 bytes in 3 blobs, and 2 snapshots
                """, shell.out());
        assertEquals(1, collector.calls.size());
        assertTrue(collector.calls.get(0).contains("image/default/docker.io/library/busybox:latest"));
        assertTrue(collector.calls.get(0).contains("container/default/" + "a".repeat(64)));
        assertTrue(
                containers.calls().stream().noneMatch(call -> call.startsWith("remove")),
                containers.calls().toString());
    }

    @Test
    void systemPrune_atATerminal_asksBeforeItRemoves() {
        Counting collector = new Counting();
        FakeContainers containers = new FakeContainers().add('a', "old", ContainerState.EXITED);
        PruneVerb verb = new PruneVerb(containers, new FakeImages(), collector);
        shell.atTerminal("n", "y");
        assertThrows(FeluccaException.class, () -> shell.run(verb, "--containers"));
        assertEquals(List.of(), collector.calls);
        assertEquals(0, shell.run(verb, "--containers"));
        assertEquals(2, collector.calls.size());
        assertTrue(
                containers.calls().stream().anyMatch(call -> call.startsWith("remove")),
                containers.calls().toString());
    }
}
