package org.felucca.metadata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WalSyncTest {
    private static final Path FILE = Path.of("felucca.db");
    private static final Duration NEVER = Duration.ofHours(1);

    /** A sync that tells when it begins and waits for leave to end. */
    private static final class Gate implements WalSync.Sync {
        final Semaphore begun = new Semaphore(0);
        final Semaphore leave = new Semaphore(0);
        final AtomicInteger count = new AtomicInteger();

        @Override
        public void run() {
            count.incrementAndGet();
            begun.release();
            leave.acquireUninterruptibly();
        }
    }

    @Test
    void await_callersDuringASync_shareTheNextOne() throws Exception {
        Gate gate = new Gate();
        try (WalSync sync = new WalSync(FILE, gate, NEVER)) {
            List<Thread> waiting = new ArrayList<>();
            waiting.add(waiter(sync, sync.committed()));
            gate.begun.acquire();
            for (int i = 0; i < 20; i++) {
                waiting.add(waiter(sync, sync.committed()));
            }
            gate.leave.release(2);
            for (Thread one : waiting) {
                one.join();
            }
            assertEquals(2, gate.count.get());
            gate.leave.release(10);
        }
    }

    @Test
    void await_commitAlreadySynced_returnsWithoutASync() throws Exception {
        AtomicInteger count = new AtomicInteger();
        try (WalSync sync = new WalSync(FILE, count::incrementAndGet, NEVER)) {
            long commit = sync.committed();
            sync.await(commit);
            sync.await(commit);
            sync.await(0);
            assertEquals(1, count.get());
        }
    }

    @Test
    void committed_nobodyWaits_isSyncedAfterTheDelay() throws Exception {
        Semaphore done = new Semaphore(0);
        try (WalSync sync = new WalSync(FILE, done::release, Duration.ofMillis(20))) {
            long start = System.nanoTime();
            sync.committed();
            sync.committed();
            done.acquire();
            assertTrue(System.nanoTime() - start >= 20_000_000L, "synced before its time");
        }
        assertEquals(0, done.availablePermits(), "synced although clean");
    }

    @Test
    void close_unsyncedCommits_syncsOnce() {
        AtomicInteger count = new AtomicInteger();
        WalSync sync = new WalSync(FILE, count::incrementAndGet, NEVER);
        sync.committed();
        sync.close();
        assertEquals(1, count.get());
    }

    @Test
    void await_syncFailed_throwsForeverAndNeverSyncsAgain() {
        AtomicInteger count = new AtomicInteger();
        try (WalSync sync = new WalSync(
                FILE,
                () -> {
                    count.incrementAndGet();
                    throw new IOException("Input/output error");
                },
                NEVER)) {
            for (int i = 0; i < 3; i++) {
                long commit = sync.committed();
                FeluccaException thrown = assertThrows(FeluccaException.class, () -> sync.await(commit));
                assertEquals(ErrorCode.INTERNAL, thrown.code());
                assertTrue(thrown.getMessage().contains("felucca.db: the sync failed: Input/output error"));
            }
            assertEquals(1, count.get());
        }
    }

    private static Thread waiter(WalSync sync, long commit) {
        Thread thread = new Thread(() -> sync.await(commit));
        thread.start();
        return thread;
    }
}
