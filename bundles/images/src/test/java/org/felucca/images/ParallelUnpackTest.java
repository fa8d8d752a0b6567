package org.felucca.images;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.image.ImageDetail;
import org.felucca.api.image.PullRequest;
import org.felucca.api.metadata.NamespaceName;
import org.felucca.api.snapshot.SnapshotInfo;
import org.felucca.oci.digest.Digest;
import org.felucca.oci.platform.Platform;
import org.felucca.oci.reference.ImageReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Layers written at the same time, into a snapshotter that puts them onto their chain afterwards. */
class ParallelUnpackTest {
    private static final NamespaceName NS = new NamespaceName("default");
    private static final ImageReference REF = ImageReference.parse("example.com/app:1");

    @TempDir
    Path root;

    private Fixture fixture;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @BeforeEach
    void open() {
        fixture = new Fixture(root);
        fixture.snapshotter.rebases = true;
    }

    @AfterEach
    void close() throws InterruptedException {
        fixture.close();
        threads.shutdownNow();
        assertTrue(threads.awaitTermination(1, TimeUnit.MINUTES));
    }

    private TestImage served(int layers) {
        TestImage image = new TestImage(7, Platform.host(), layers);
        fixture.serve("1", image);
        return image;
    }

    private ImageDetail pull() {
        return fixture.images.pull(PullRequest.of(NS, REF), update -> {});
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FeluccaException(ErrorCode.CANCELLED, "cannot wait", "interrupted", null, e);
        } catch (BrokenBarrierException | TimeoutException e) {
            throw new FeluccaException(ErrorCode.INTERNAL, "cannot wait", "nobody else came", null, e);
        }
    }

    private static void awaitForEver() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FeluccaException(ErrorCode.CANCELLED, "cannot wait", "interrupted", null, e);
        }
    }

    private void assertChain(TestImage image) throws Exception {
        List<String> chain = image.chain().stream().map(Digest::toString).toList();
        assertEquals(Set.copyOf(chain), Set.copyOf(fixture.committed()));
        assertEquals(List.of(), fixture.active());
        for (int i = 0; i < chain.size(); i++) {
            SnapshotInfo info =
                    fixture.snapshotter.stat(Unpacker.key(image.chain().get(i)));
            assertEquals(
                    i == 0
                            ? Optional.empty()
                            : Optional.of(Unpacker.key(image.chain().get(i - 1))),
                    info.parent());
            assertEquals(
                    Map.of(
                            SnapshotInfo.LABEL_CHAIN_ID,
                            chain.get(i),
                            SnapshotInfo.LABEL_DIFF_ID,
                            image.diffIds.get(i).toString(),
                            SnapshotInfo.LABEL_MANIFEST,
                            "true"),
                    info.labels());
            assertArrayEquals(
                    image.tars.get(i),
                    Files.readAllBytes(fixture.snapshotter.directory(info.key()).resolve("layer.tar")));
        }
    }

    private void assertNothingStays() {
        assertEquals(List.of(), fixture.snapshotter.all());
        assertEquals(0, fixture.openLeases());
        assertEquals(List.of(), fixture.images.list(NS));
    }

    @Test
    void pull_ofSeveralLayers_writesThemAtTheSameTime() throws Exception {
        TestImage image = served(3);
        CyclicBarrier allThree = new CyclicBarrier(3);
        fixture.applier.onApply = directory -> await(allThree);
        pull();
        assertChain(image);
    }

    @Test
    void pull_ofMoreLayersThanMayBeWrittenAtATime_writesThemAll() throws Exception {
        TestImage image = served(8);
        pull();
        assertChain(image);
        assertEquals(8, fixture.applier.written.size());
    }

    @Test
    void pull_settlesEachLayerOnThoseBelow() throws Exception {
        TestImage image = served(4);
        Map<Digest, Path> directories = new HashMap<>();
        pull();
        for (int i = 0; i < 4; i++) {
            directories.put(
                    image.diffIds.get(i),
                    fixture.snapshotter.directory(Unpacker.key(image.chain().get(i))));
        }
        assertEquals(Set.copyOf(image.diffIds.subList(1, 4)), fixture.applier.settled.keySet());
        assertEquals(
                List.of(
                        directories.get(image.diffIds.get(2)),
                        directories.get(image.diffIds.get(1)),
                        directories.get(image.diffIds.get(0))),
                fixture.applier.settled.get(image.diffIds.get(3)));
    }

    @Test
    void pull_ofLayersThatNeedThoseBelow_writesThemAgainInOrder() throws Exception {
        TestImage image = served(5);
        fixture.applier.needBelow.add(image.diffIds.get(1));
        fixture.applier.others.add(image.diffIds.get(3));
        pull();
        assertChain(image);
        Map<Digest, Integer> times = new HashMap<>();
        fixture.applier.written.forEach(diffId -> times.merge(diffId, 1, Integer::sum));
        assertEquals(
                Map.of(
                        image.diffIds.get(0), 1,
                        image.diffIds.get(1), 2,
                        image.diffIds.get(2), 1,
                        image.diffIds.get(3), 2,
                        image.diffIds.get(4), 1),
                times);
        // The one above a layer written in order is settled on that one alone, whose mount names its parents.
        assertEquals(
                List.of(fixture.snapshotter.directory(Unpacker.key(image.chain().get(1)))),
                fixture.applier.settled.get(image.diffIds.get(2)));
    }

    @Test
    void pull_ontoCommittedLayers_writesTheOthersOnly() throws Exception {
        TestImage image = served(4);
        TestImage lower = new TestImage(7, Platform.host(), 2);
        fixture.serve("2", lower);
        fixture.images.pull(PullRequest.of(NS, ImageReference.parse("example.com/app:2")), update -> {});
        fixture.applier.written.clear();
        pull();
        assertChain(image);
        assertEquals(Set.copyOf(image.diffIds.subList(2, 4)), Set.copyOf(fixture.applier.written));
    }

    @Test
    void pull_whenOneLayerIsRefused_endsTheOthersAndLeavesNothing() {
        served(3);
        CyclicBarrier allThree = new CyclicBarrier(3);
        Set<Path> seen = Collections.synchronizedSet(new HashSet<>());
        fixture.applier.onApply = directory -> {
            boolean last;
            synchronized (seen) {
                seen.add(directory);
                last = seen.size() == 3;
            }
            await(allThree);
            if (last) {
                throw new FeluccaException(ErrorCode.RESOURCE_EXHAUSTED, "cannot apply layer", "the disk is full");
            }
            awaitForEver();
        };
        FeluccaException e = assertThrows(FeluccaException.class, this::pull);
        assertEquals(ErrorCode.RESOURCE_EXHAUSTED, e.code(), e::getMessage);
        assertTrue(e.getMessage().startsWith("cannot unpack layer "), e::getMessage);
        assertNothingStays();
        fixture.applier.onApply = directory -> {};
        pull();
        assertEquals(3, fixture.committed().size());
    }

    @Test
    void pull_interrupted_endsEveryLayerAndLeavesNothing() throws Exception {
        served(3);
        CountDownLatch writing = new CountDownLatch(3);
        fixture.applier.onApply = directory -> {
            writing.countDown();
            awaitForEver();
        };
        Thread[] puller = new Thread[1];
        Future<?> pulling = threads.submit(() -> {
            puller[0] = Thread.currentThread();
            pull();
        });
        assertTrue(writing.await(1, TimeUnit.MINUTES));
        puller[0].interrupt();
        ExecutionException e = assertThrows(ExecutionException.class, () -> pulling.get(1, TimeUnit.MINUTES));
        assertEquals(ErrorCode.CANCELLED, ((FeluccaException) e.getCause()).code());
        assertNothingStays();
    }

    @Test
    void pull_ofOneImageByTwo_writesEachLayerOnce() throws Exception {
        TestImage image = served(4);
        CyclicBarrier both = new CyclicBarrier(2);
        List<Future<?>> pulls = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            pulls.add(threads.submit(() -> {
                await(both);
                return pull();
            }));
        }
        for (Future<?> pull : pulls) {
            pull.get(1, TimeUnit.MINUTES);
        }
        assertChain(image);
        assertEquals(4, fixture.applier.written.size());
    }
}
