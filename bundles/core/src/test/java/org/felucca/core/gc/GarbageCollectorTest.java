package org.felucca.core.gc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.felucca.api.image.Progress;
import org.felucca.api.lease.Collector.Freed;
import org.felucca.api.lease.Lease;
import org.felucca.api.metadata.MetadataRecord;
import org.felucca.api.metadata.NamespaceName;
import org.felucca.api.metadata.RecordId;
import org.felucca.api.metadata.RecordKind;
import org.felucca.api.plugin.Role;
import org.felucca.api.process.ExitStatus.Exited;
import org.felucca.core.fake.FakeContent;
import org.felucca.core.fake.FakeImages;
import org.felucca.core.lifecycle.World;
import org.felucca.core.registry.Origin;
import org.felucca.oci.digest.Digest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GarbageCollectorTest {
    private static final String LAYER = FakeImages.LAYER.toString();

    @TempDir
    Path root;

    private final FakeContent content = new FakeContent();
    private World world;

    @BeforeEach
    void boot() {
        world = new World(root);
        world.providers.registry(Role.CONTENT).bind("file", content, new Origin(0, "bundle", "1.0.0"));
        world.settle();
    }

    @AfterEach
    void close() {
        world.close();
    }

    private static RecordId blob(Digest digest) {
        return new RecordId(RecordKind.CONTENT, "file", digest.toString());
    }

    private static RecordId snapshot(String key) {
        return new RecordId(RecordKind.SNAPSHOT, "fake", key);
    }

    private void record(RecordId id, RecordId... references) {
        world.store.put(new MetadataRecord(id, Map.of(), "{}", List.of(references), Instant.EPOCH, Instant.EPOCH));
    }

    private Freed collect() {
        return World.get(world.orchestrator.collector().request());
    }

    @Test
    void whatAnImageReaches_stays() {
        Digest manifest = content.put(1);
        Digest layer = content.put(2);
        RecordId image = new RecordId(RecordKind.IMAGE, "default", "docker.io/library/a:latest");
        record(image, blob(manifest));
        record(blob(manifest), blob(layer), snapshot("top"));
        world.snapshotter.committed("bottom", Optional.empty());
        world.snapshotter.committed("top", Optional.of("bottom"));

        assertEquals(Freed.NOTHING, collect());
        assertEquals(List.of(LAYER, "bottom", "top"), world.snapshotter.keys());
        assertEquals(Freed.NOTHING, world.orchestrator.collector().preview(Set.of()));
        assertEquals(new Freed(2, 2, 3), world.orchestrator.collector().preview(Set.of(image)));
        assertEquals(List.of(LAYER, "bottom", "top"), world.snapshotter.keys(), "a preview removes nothing");

        world.store.remove(image);
        assertEquals(new Freed(2, 2, 3), collect());
        assertEquals(List.of(LAYER), world.snapshotter.keys());
        assertEquals(List.of(), content.digests());
        assertTrue(world.store.get(blob(manifest)).isEmpty(), "the record of a collected blob goes with it");
    }

    @Test
    void whatAContainerReaches_staysUntilItIsRemoved() {
        world.run(World.request().name("web").build());
        world.store.remove(World.IMAGE_RECORD);

        assertEquals(Freed.NOTHING, collect());
        assertTrue(world.snapshotter.keys().contains(LAYER));

        world.containers.remove(NamespaceName.DEFAULT, "web", true);
        world.settle();
        assertEquals(
                List.of(), world.snapshotter.keys(), "the last container of an image that went starts a collection");
    }

    @Test
    void removalOfAContainerWhoseImageIsNamed_startsNoCollection() {
        collect();
        Digest stray = content.put(1);
        world.run(World.request().name("web").build());

        world.containers.remove(NamespaceName.DEFAULT, "web", true);
        world.settle();

        assertEquals(List.of(stray), content.digests());
    }

    @Test
    void containersNameOfItsImage_doesNotHoldTheImage() {
        Digest manifest = content.put(1);
        record(World.IMAGE_RECORD, blob(manifest), snapshot(LAYER));
        world.run(World.request().name("web").build());
        world.store.remove(World.IMAGE_RECORD);

        assertEquals(new Freed(0, 1, 1), collect());
    }

    @Test
    void whatALeaseHolds_staysUntilItIsClosed() {
        Digest blob = content.put(1);
        Lease lease = world.leases.open("a test", Duration.ofHours(1));
        lease.add(blob(blob));

        assertEquals(Freed.NOTHING, collect());

        lease.close();
        assertEquals(new Freed(0, 1, 1), collect());
        assertEquals(List.of(), world.store.list(RecordKind.LEASE));
    }

    @Test
    void leaseOfAnEarlierDaemon_holdsUntilItExpires() {
        Digest blob = content.put(1);
        world.store.put(new MetadataRecord(
                new RecordId(RecordKind.LEASE, "", "old"),
                Map.of(),
                "{\"purpose\":\"pull\",\"expires\":\"" + Instant.now().plusSeconds(3600) + "\"}",
                List.of(blob(blob)),
                Instant.EPOCH,
                Instant.EPOCH));
        assertEquals(Freed.NOTHING, collect());

        world.store.put(new MetadataRecord(
                new RecordId(RecordKind.LEASE, "", "old"),
                Map.of(),
                "{\"purpose\":\"pull\",\"expires\":\"2020-01-01T00:00:00Z\"}",
                List.of(blob(blob)),
                Instant.EPOCH,
                Instant.EPOCH));
        assertEquals(new Freed(0, 1, 1), collect());
        assertEquals(List.of(), world.store.list(RecordKind.LEASE), "expired leases go");
    }

    @Test
    void imageEvent_startsACollection() {
        content.put(1);

        world.events.publish(NamespaceName.DEFAULT, "image/remove", "a", Map.of());
        world.settle();

        assertEquals(List.of(), content.digests());
    }

    @Test
    void snapshotOfARunUnderWay_isNotCollected() {
        // The fake collects in the middle of prepare, when no record refers to the snapshot yet.
        world.snapshotter.duringPrepare(this::collect);

        var started = world.run(World.request().autoRemove(true).build());

        assertTrue(world.snapshotter
                .keys()
                .contains("default/" + started.container().id()));
        world.runtime.only().end(new Exited(0));
        World.get(started.ended());
    }

    @Test
    void imagesLayerOfARunUnderWay_isNotCollected() {
        world.snapshotter.duringPrepare(() -> {
            world.store.remove(World.IMAGE_RECORD);
            collect();
        });

        world.containers.create(World.request().name("web").build(), Progress.NONE);

        assertTrue(world.snapshotter.keys().contains(LAYER));
    }

    @Test
    void providerThatFails_isLeftOut() {
        Digest stray = content.put(1);
        content.fail(true);
        world.snapshotter.committed("stray", Optional.empty());

        assertEquals(new Freed(1, 0, 0), collect());
        content.fail(false);
        assertEquals(List.of(stray), content.digests());
        assertFalse(world.snapshotter.keys().contains("stray"));
    }
}
