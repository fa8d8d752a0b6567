package org.felucca.core.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.lease.Lease;
import org.felucca.api.metadata.MetadataRecord;
import org.felucca.api.metadata.RecordId;
import org.felucca.api.metadata.RecordKind;
import org.felucca.core.fake.FakeStore;
import org.felucca.core.fake.Faults;
import org.junit.jupiter.api.Test;

class LeaseBookTest {
    private static final RecordId BLOB = new RecordId(RecordKind.CONTENT, "file", "sha256:1");
    private static final RecordId OTHER = new RecordId(RecordKind.CONTENT, "file", "sha256:2");
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final FakeStore store = new FakeStore(new Faults());
    private final Pins pins = new Pins();
    private final LeaseBook book = new LeaseBook(store, pins, Clock.fixed(NOW, ZoneOffset.UTC));

    @Test
    void lease_isARecordWhileItHoldsSomething() {
        Lease lease = book.open("a test", Duration.ofMinutes(1));
        assertEquals(List.of(), store.list(RecordKind.LEASE));

        lease.add(BLOB);
        lease.add(OTHER);
        lease.add(BLOB);

        MetadataRecord record = store.list(RecordKind.LEASE).get(0);
        assertEquals(List.of(BLOB, OTHER), record.references());
        assertEquals(lease.id(), record.id().key());
        assertFalse(LeaseBook.expired(record, NOW.plusSeconds(59)));
        assertTrue(LeaseBook.expired(record, NOW.plusSeconds(61)));
        assertEquals(2, store.updates(), "what is held already costs nothing");
    }

    @Test
    void closedLease_holdsNothing() {
        Lease lease = book.open("a test", Duration.ofMinutes(1));
        lease.add(BLOB);

        lease.close();
        lease.close();

        assertEquals(List.of(), store.list(RecordKind.LEASE));
        assertTrue(pins.begin().isEmpty());
        assertEquals(
                ErrorCode.FAILED_PRECONDITION,
                assertThrows(FeluccaException.class, () -> lease.add(OTHER)).code());
    }

    @Test
    void leaseWithoutTime_isRefused() {
        assertThrows(FeluccaException.class, () -> book.open("a test", Duration.ZERO));
    }

    @Test
    void pinned_isNotCollected() {
        pins.pin(BLOB);
        pins.pin(BLOB);
        pins.unpin(BLOB);

        assertFalse(pins.collect(BLOB, () -> {
            throw new AssertionError("collected");
        }));
        pins.unpin(BLOB);
        boolean[] collected = new boolean[1];
        assertTrue(pins.collect(BLOB, () -> collected[0] = true));
        assertTrue(collected[0]);
    }

    @Test
    void pinnedForAMoment_isLeftToTheNextCollection() {
        pins.begin();
        pins.pin(BLOB);
        pins.unpin(BLOB);

        assertFalse(pins.collect(BLOB, () -> {}));
        pins.end();
        pins.begin();
        assertTrue(pins.collect(BLOB, () -> {}));
    }

    @Test
    void pin_ofWhatIsBeingCollected_waitsForIt() throws Exception {
        CountDownLatch collecting = new CountDownLatch(1);
        CountDownLatch finish = new CountDownLatch(1);
        boolean[] collected = new boolean[1];
        Thread collector = new Thread(() -> pins.collect(BLOB, () -> {
            collecting.countDown();
            try {
                finish.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            collected[0] = true;
        }));
        collector.start();
        collecting.await();
        CompletableFuture<Boolean> seen = new CompletableFuture<>();
        Thread pinner = new Thread(() -> {
            pins.pin(BLOB);
            seen.complete(collected[0]);
        });
        pinner.start();
        while (pinner.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        finish.countDown();

        assertTrue(seen.get(10, TimeUnit.SECONDS));
        collector.join();
        pinner.join();
    }
}
