package org.felucca.images;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.felucca.api.content.ContentReader;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.image.PullRequest;
import org.felucca.api.metadata.NamespaceName;
import org.felucca.oci.image.Descriptor;
import org.felucca.oci.platform.Platform;
import org.felucca.oci.reference.ImageReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Layers that come in parts over several connections. */
class PartsTest {
    private static final int PART = 40_000;

    @TempDir
    Path root;

    private final TestImage image = new TestImage(1, Platform.host(), 1, 390_000);
    private final Descriptor layer = image.layers.get(0);
    private Fixture fixture;

    @BeforeEach
    void start() {
        fixture = new Fixture(root, new PartSettings(100_000, PART, 3));
        fixture.serve("1", image);
        fixture.source.givesPart = offset -> true;
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void pull_largeLayer_isFetchedInPartsThatAreOneBlob() throws Exception {
        pull();
        Set<String> wanted = new TreeSet<>();
        for (long at = 0; at < layer.size(); at += PART) {
            wanted.add(name() + "@" + at + "+" + Math.min(PART, layer.size() - at));
        }
        assertEquals(wanted, new TreeSet<>(parts()));
        assertEquals(wanted.size(), parts().size());
        assertWhole();
    }

    @Test
    void pull_parts_areFetchedSideBySideAndFollowedAsTheyArrive() throws Exception {
        CountDownLatch three = new CountDownLatch(3);
        CountDownLatch followed = new CountDownLatch(1);
        Set<Long> begun = Collections.synchronizedSet(new TreeSet<>());
        fixture.applier.onRead = count -> {
            if (count >= PART) {
                followed.countDown();
            }
        };
        fixture.source.hook = (descriptor, position) -> {
            if (!descriptor.equals(layer)) {
                return;
            }
            if (position % PART == 0 && position < 3 * PART && begun.add(position)) {
                three.countDown();
                await(three);
            }
            if (position == layer.size() / PART * PART) {
                // The last part only comes once the first has been read by whoever unpacks.
                await(followed);
            }
        };
        pull();
        assertWhole();
    }

    @Test
    void pull_sourceThatGivesNoParts_isFetchedAsAWhole() throws Exception {
        fixture.source.givesPart = offset -> false;
        pull();
        assertEquals(List.of(), parts());
        assertEquals(1, fixture.source.count(layer.digest()));
        assertWhole();
    }

    @Test
    void pull_sourceThatGivesNoMoreParts_isFetchedInOrderFromThere() throws Exception {
        fixture.source.givesPart = offset -> offset != 3 * PART;
        pull();
        assertTrue(fixture.source.fetched.contains(name() + "@" + 3 * PART), fixture.source.fetched::toString);
        assertWhole();
    }

    @Test
    void pull_smallLayer_isFetchedAsAWhole() {
        TestImage small = new TestImage(2, Platform.host(), 1, 80_000);
        fixture.serve("1", small);
        pull();
        assertEquals(List.of(), parts());
    }

    @Test
    void pull_partThatFails_failsAndIsResumedAtTheGap() throws Exception {
        fixture.source.hook = (descriptor, position) -> {
            if (descriptor.equals(layer) && position == 2 * PART + 1000) {
                throw new IOException("broken");
            }
        };
        FeluccaException e = assertThrows(FeluccaException.class, this::pull);
        assertEquals(ErrorCode.UNAVAILABLE, e.code(), e::getMessage);
        assertTrue(e.getMessage().contains("the transfer failed: broken"), e::getMessage);
        long kept = fixture.ingests().get(0).offset();
        assertTrue(kept <= 2 * PART + 1000, () -> "kept " + kept);
        fixture.source.hook = (descriptor, position) -> {};
        fixture.source.fetched.clear();
        pull();
        assertTrue(
                fixture.source.fetched.stream().anyMatch(entry -> entry.startsWith(name() + "@" + kept + "+")),
                fixture.source.fetched::toString);
        assertWhole();
    }

    @Test
    void pull_interrupted_endsEveryPartAndCanBeRepeated() throws Exception {
        CountDownLatch three = new CountDownLatch(3);
        CountDownLatch never = new CountDownLatch(1);
        fixture.source.hook = (descriptor, position) -> {
            if (descriptor.equals(layer) && position % PART == 2_000) {
                three.countDown();
                await(never);
            }
        };
        AtomicReference<FeluccaException> thrown = new AtomicReference<>();
        Thread puller = new Thread(() -> {
            try {
                pull();
            } catch (FeluccaException e) {
                thrown.set(e);
            }
        });
        puller.start();
        await(three);
        puller.interrupt();
        puller.join();
        assertEquals(ErrorCode.CANCELLED, thrown.get().code());
        fixture.source.hook = (descriptor, position) -> {};
        pull();
        assertWhole();
    }

    @Test
    void pull_partsOfOtherBytes_areRefusedAndLeaveNothing() {
        byte[] wrong = image.blobs.get(layer.digest()).clone();
        wrong[200_000]++;
        fixture.source.blobs.put(layer.digest(), wrong);
        FeluccaException e = assertThrows(FeluccaException.class, this::pull);
        assertEquals(ErrorCode.DATA_LOSS, e.code(), e::getMessage);
        assertEquals(List.of(), fixture.ingests());
        assertEquals(List.of(), fixture.committed());
    }

    @Test
    void pull_partThatEndsEarly_fails() {
        byte[] whole = image.blobs.get(layer.digest());
        byte[] cut = new byte[whole.length - 100];
        System.arraycopy(whole, 0, cut, 0, cut.length);
        fixture.source.blobs.put(layer.digest(), cut);
        FeluccaException e = assertThrows(FeluccaException.class, this::pull);
        assertEquals(ErrorCode.UNAVAILABLE, e.code(), e::getMessage);
        assertTrue(e.getMessage().contains("a part ended at byte " + cut.length), e::getMessage);
    }

    private void pull() {
        fixture.images.pull(
                PullRequest.of(NamespaceName.DEFAULT, ImageReference.parse("example.com/app:1")), update -> {});
    }

    private String name() {
        return layer.digest().shortHex();
    }

    private List<String> parts() {
        return List.copyOf(fixture.source.fetched).stream()
                .filter(entry -> entry.startsWith(name() + "@") && entry.contains("+"))
                .toList();
    }

    private void assertWhole() throws IOException {
        try (ContentReader reader = fixture.content.reader(layer.digest())) {
            assertArrayEquals(image.blobs.get(layer.digest()), reader.stream().readAllBytes());
        }
        assertEquals(List.of(), fixture.ingests());
        assertEquals(1, fixture.committed().size());
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            if (!latch.await(1, TimeUnit.MINUTES)) {
                throw new IOException("waited in vain");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
