package org.felucca.core.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.felucca.api.diff.AppliedDiff;
import org.felucca.api.diff.DiffApplier;
import org.felucca.api.diff.DiffLimits;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.metadata.MetadataRecord;
import org.felucca.api.metadata.RecordId;
import org.felucca.api.metadata.RecordKind;
import org.felucca.api.plugin.Role;
import org.felucca.api.snapshot.SnapshotInfo;
import org.felucca.api.snapshot.SnapshotKey;
import org.felucca.api.snapshot.SnapshotMount;
import org.felucca.api.storage.CheckReport;
import org.felucca.api.storage.CheckRequest;
import org.felucca.api.storage.Finding;
import org.felucca.api.storage.Finding.Outcome;
import org.felucca.api.storage.Finding.Part;
import org.felucca.api.storage.Usage;
import org.felucca.core.fake.FakeContent;
import org.felucca.core.fake.FakeImages;
import org.felucca.core.lifecycle.World;
import org.felucca.core.registry.Origin;
import org.felucca.oci.digest.Digest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StorageCheckTest {
    private static final RecordId IMAGE = new RecordId(RecordKind.IMAGE, "default", "docker.io/library/b:1");

    @TempDir
    Path root;

    private final FakeContent content = new FakeContent();
    private World world;
    private Digest manifest;
    private Digest layer;

    /** An image of a document, a layer, and two snapshots; the first of which has files. */
    @BeforeEach
    void boot() throws Exception {
        world = new World(root);
        Origin origin = new Origin(0, "bundle", "1.0.0");
        world.providers.registry(Role.CONTENT).bind("file", content, origin);
        world.providers.registry(Role.DIFF).bind("tar", new Sizes(), origin);
        world.settle();
        manifest = content.put(new byte[] {1, 2, 3});
        layer = content.put(new byte[] {4, 5});
        Path tree = Files.createDirectories(root.resolve("tree"));
        Files.writeString(tree.resolve("f"), "contents");
        Files.writeString(tree.resolve("manifest"), "8");
        world.snapshotter.committed("bottom", Optional.empty(), tree);
        world.snapshotter.committed("top", Optional.of("bottom"));
        record(IMAGE, "{}", blob(manifest));
        record(blob(manifest), "{\"size\":3}", blob(layer), snapshot("top"));
        record(blob(layer), "{\"size\":2}");
    }

    @AfterEach
    void close() {
        world.close();
    }

    /** An applier whose manifests are the size of the one file. */
    private static final class Sizes implements DiffApplier {
        @Override
        public Set<String> mediaTypes() {
            return Set.of();
        }

        @Override
        public Set<SnapshotMount.Kind> mountKinds() {
            return Set.of();
        }

        @Override
        public AppliedDiff apply(String mediaType, InputStream in, List<SnapshotMount> target, DiffLimits limits) {
            throw new UnsupportedOperationException("not by the core");
        }

        @Override
        public List<String> check(Path tree, Path manifest, boolean contents) {
            try {
                long size = Files.size(tree.resolve("f"));
                return size == Long.parseLong(Files.readString(manifest))
                        ? List.of()
                        : List.of("/f has " + size + " bytes", "/g is missing");
            } catch (java.io.IOException e) {
                throw new FeluccaException(ErrorCode.NOT_FOUND, "cannot check " + tree, "no manifest", null, e);
            }
        }
    }

    private static RecordId blob(Digest digest) {
        return new RecordId(RecordKind.CONTENT, "file", digest.toString());
    }

    private static RecordId snapshot(String key) {
        return new RecordId(RecordKind.SNAPSHOT, "fake", key);
    }

    private void record(RecordId id, String document, RecordId... references) {
        world.store.put(new MetadataRecord(id, Map.of(), document, List.of(references), Instant.EPOCH, Instant.EPOCH));
    }

    private SnapshotInfo stat(String key) {
        return world.snapshotter.stat(SnapshotKey.of(key));
    }

    private List<Finding> check(boolean repair) {
        List<Finding> told = new ArrayList<>();
        CheckReport report = world.orchestrator.check().check(new CheckRequest(repair, true), told::add);
        assertEquals(report.findings(), told);
        return told;
    }

    @Test
    void check_allIsWell_countsAndFindsNothing() {
        CheckReport report = world.orchestrator.check().check(new CheckRequest(false, true), finding -> {});
        assertEquals(List.of(), report.findings());
        assertTrue(report.clean());
        assertEquals(2, report.blobs());
        assertEquals(5, report.bytes());
        assertEquals(3, report.snapshots());
    }

    @Test
    void check_blobWithOtherBytes_isRemovedByARepairOnly() {
        content.spoil(layer, new byte[] {4, 6});
        List<Finding> found = check(false);
        assertEquals(1, found.size());
        assertEquals(Part.BLOB, found.get(0).part());
        assertEquals(Outcome.FOUND, found.get(0).outcome());
        assertEquals(List.of("image docker.io/library/b:1"), found.get(0).users());
        assertTrue(content.digests().contains(layer));
        assertEquals(Outcome.FETCHED_WHEN_NEEDED, check(true).get(0).outcome());
        assertFalse(content.digests().contains(layer));
        found = check(false);
        assertEquals(1, found.size());
        assertTrue(found.get(0).problem().startsWith("it is missing"), found.toString());
        assertEquals(Outcome.FETCHED_WHEN_NEEDED, found.get(0).outcome());
    }

    @Test
    void check_blobOfAnotherSize_isFoundWithoutReading() {
        content.spoil(layer, new byte[0]);
        CheckReport report = world.orchestrator.check().check(new CheckRequest(false, false), finding -> {});
        assertEquals(1, report.findings().size());
        assertFalse(report.clean());
        assertEquals("it has 0 bytes instead of 2", report.findings().get(0).problem());
    }

    @Test
    void check_layerDamaged_isCondemnedWithWhatLiesOnIt() throws Exception {
        Files.writeString(root.resolve("tree/f"), "");
        assertEquals(Outcome.FOUND, check(false).get(0).outcome());
        assertTrue(stat("top").whole());
        List<Finding> found = check(true);
        assertEquals(1, found.size());
        assertEquals("/f has 0 bytes, and 1 more", found.get(0).problem());
        assertEquals(Outcome.FETCHED_WHEN_NEEDED, found.get(0).outcome());
        assertFalse(stat("bottom").whole());
        assertEquals("bottom", stat("top").labels().get(SnapshotInfo.LABEL_DAMAGED_BELOW));
        assertEquals(Outcome.FETCHED_WHEN_NEEDED, check(false).get(0).outcome());
    }

    @Test
    void check_manifestOrTreeMissing_isDamage() throws Exception {
        Files.delete(root.resolve("tree/manifest"));
        assertEquals("its manifest is missing", check(false).get(0).problem());
        Files.delete(root.resolve("tree/f"));
        Files.delete(root.resolve("tree"));
        assertEquals("its directory is missing", check(false).get(0).problem());
    }

    @Test
    void check_parentLost_condemnsTheChild() {
        world.snapshotter.lose("bottom");
        List<Finding> found = check(true);
        assertEquals(1, found.size(), found.toString());
        assertEquals("top", found.get(0).subject());
        assertFalse(stat("top").whole());
    }

    @Test
    void check_ingestOfLongAgo_isDropped() {
        Instant now = Instant.now();
        content.ingest("old", 7, now.minus(Duration.ofDays(2)));
        content.ingest("new", 7, now);
        List<Finding> found = check(true);
        assertEquals(1, found.size());
        assertEquals("old", found.get(0).subject());
        assertEquals(Outcome.REPAIRED, found.get(0).outcome());
        assertEquals(List.of(), check(false));
    }

    @Test
    void check_containerWithoutFileSystem_isToldByName() {
        world.run(World.request().name("web").build());
        world.settle();
        assertEquals(List.of(), check(false));
        world.snapshotter.lose(FakeImages.LAYER.toString());
        List<Finding> found = check(true);
        assertTrue(
                found.stream()
                        .anyMatch(finding -> finding.part() == Part.CONTAINER
                                && finding.subject().equals("web")
                                && finding.outcome() == Outcome.LEFT),
                found.toString());
    }

    @Test
    void check_imageWithoutRecordOfItsContent_isFound() {
        world.store.remove(blob(manifest));
        List<Finding> found = check(false);
        assertEquals(1, found.size(), found.toString());
        assertEquals(Part.IMAGE, found.get(0).part());
    }

    @Test
    void check_whileAnotherRuns_waitsForItsEndOrAnInterrupt() throws Exception {
        content.spoil(layer, new byte[] {9, 9});
        CompletableFuture<ErrorCode> second = new CompletableFuture<>();
        world.orchestrator.check().check(new CheckRequest(false, true), finding -> {
            Thread waiting = new Thread(() -> {
                Thread.currentThread().interrupt();
                second.complete(assertThrows(
                                FeluccaException.class,
                                () -> world.orchestrator.check().check(new CheckRequest(false, false), again -> {}))
                        .code());
            });
            waiting.start();
            assertEquals(ErrorCode.CANCELLED, second.join());
        });
        assertEquals(1, check(false).size());
    }

    @Test
    void verifySince_readsOnlyWhatIsNewer() {
        content.spoil(layer, new byte[] {9, 9});
        content.now(Instant.EPOCH.plusSeconds(10));
        Digest later = content.put(new byte[] {7});
        record(blob(later), "{\"size\":1}");
        content.spoil(later, new byte[] {8});
        world.orchestrator.check().verifySince(Instant.EPOCH.plusSeconds(5));
        assertTrue(content.digests().contains(layer));
        assertFalse(content.digests().contains(later));
    }

    @Test
    void mark_unclean_asksForVerificationOnceTheHostWasRestarted() {
        Instant start = Instant.EPOCH.plusSeconds(100);
        Path home = root.resolve("mark");
        assertEquals(Optional.empty(), new CleanMark(home, "one", start).begin());
        assertEquals(Optional.empty(), new CleanMark(home, "one", start.plusSeconds(5)).begin(), "the same boot");
        CleanMark second = new CleanMark(home, "two", start.plusSeconds(9));
        assertEquals(Optional.of(start), second.begin());
        assertEquals(Optional.of(start), new CleanMark(home, "three", start.plusSeconds(10)).begin(), "not verified");
        second.begin();
        second.verified(start.plusSeconds(11));
        assertEquals(Optional.of(start.plusSeconds(11)), new CleanMark(home, "four", start).begin());
        second.end(start.plusSeconds(12));
        assertEquals(Optional.empty(), new CleanMark(home, "five", start).begin());
    }

    @Test
    void mark_garbled_asksForEverything() throws Exception {
        Path home = Files.createDirectories(root.resolve("mark"));
        Files.writeString(home.resolve("clean-mark"), "garbled");
        assertEquals(Optional.of(Instant.EPOCH), new CleanMark(home, "one", Instant.now()).begin());
    }

    @Test
    void usage_countsEachKind() {
        content.ingest("new", 7, Instant.now());
        content.ingest("old", 8, Instant.EPOCH);
        world.run(World.request().name("web").build());
        world.settle();
        List<Usage> usage = world.orchestrator.usage().measure();
        assertEquals(new Usage(Usage.Kind.IMAGES, 2, 1, 5, 5), usage.get(0));
        assertEquals(new Usage(Usage.Kind.CONTAINERS, 1, 1, 0, 0), usage.get(1));
        assertEquals(3, usage.get(2).total());
        assertEquals(1, usage.get(2).active());
        assertEquals(new Usage(Usage.Kind.INGESTS, 2, 1, 15, 8), usage.get(3));
    }
}
