package org.felucca.tck.content;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.felucca.api.content.ContentInfo;
import org.felucca.api.content.ContentReader;
import org.felucca.api.content.ContentWriter;
import org.felucca.api.content.IngestRef;
import org.felucca.oci.digest.Digest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What holds when several threads use one store. */
public abstract class ContentConcurrencyContract extends ContentStoreContract {
    private static final int THREADS = 8;

    private final ExecutorService executor = Executors.newFixedThreadPool(THREADS);

    /** Joins the threads. */
    @AfterEach
    protected void joinThreads() throws InterruptedException {
        executor.shutdownNow();
        assertTrue(executor.awaitTermination(1, TimeUnit.MINUTES));
    }

    @Test
    void commit_ofOneBlobByManyWriters_succeedsForAll() throws Exception {
        byte[] content = bytes(1, 200_000);
        List<ContentInfo> infos = together(thread -> put("writer-" + thread, content));
        for (ContentInfo info : infos) {
            assertEquals(Digest.of(content), info.digest());
            assertEquals(content.length, info.size());
        }
        assertEquals(List.of(Digest.of(content)), blobs());
        assertEquals(List.of(), ingests());
        assertArrayEquals(content, get(Digest.of(content)));
    }

    @Test
    void commit_ofManyBlobs_keepsThemApart() throws Exception {
        together(thread -> {
            for (int i = 0; i < 20; i++) {
                put("r-" + thread + "-" + i, bytes(thread * 100L + i, 10_000 + i));
            }
            return thread;
        });
        assertEquals(THREADS * 20, blobs().size());
        for (int thread = 0; thread < THREADS; thread++) {
            for (int i = 0; i < 20; i++) {
                byte[] content = bytes(thread * 100L + i, 10_000 + i);
                assertArrayEquals(content, get(Digest.of(content)));
            }
        }
    }

    @Test
    void read_ofOneReaderByManyThreads_carriesThePosition() throws Exception {
        byte[] content = bytes(2, 500_000);
        put("r", content);
        try (ContentReader reader = store.reader(Digest.of(content))) {
            together(thread -> {
                for (int i = 0; i < 200; i++) {
                    int at = (thread * 7919 + i * 104_729) % (content.length - 64);
                    ByteBuffer piece = ByteBuffer.allocate(64);
                    while (piece.hasRemaining()) {
                        reader.read(piece, at + piece.position());
                    }
                    assertEquals(ByteBuffer.wrap(content, at, 64), piece.flip());
                }
                return thread;
            });
        }
    }

    @Test
    void read_ofAnIngestByAnotherThread_followsTheWriter() throws Exception {
        byte[] content = bytes(3, 2_000_000);
        try (ContentWriter writer = store.writer(new IngestRef("r"))) {
            Future<byte[]> follower = executor.submit(() -> {
                byte[] seen = new byte[content.length];
                int position = 0;
                while (position < seen.length) {
                    int available = Math.toIntExact(writer.offset()) - position;
                    if (available == 0) {
                        Thread.onSpinWait();
                        continue;
                    }
                    position += writer.read(ByteBuffer.wrap(seen, position, available), position);
                }
                return seen;
            });
            for (int at = 0; at < content.length; at += 100_000) {
                writer.write(ByteBuffer.wrap(content, at, 100_000));
            }
            assertArrayEquals(content, follower.get(1, TimeUnit.MINUTES));
            writer.commit(Digest.of(content), content.length);
        }
    }

    private <R> List<R> together(Work<R> work) throws Exception {
        CountDownLatch start = new CountDownLatch(1);
        List<Future<R>> futures = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            int thread = i;
            Callable<R> task = () -> {
                start.await();
                return work.run(thread);
            };
            futures.add(executor.submit(task));
        }
        start.countDown();
        List<R> results = new ArrayList<>();
        for (Future<R> future : futures) {
            results.add(future.get(2, TimeUnit.MINUTES));
        }
        return results;
    }

    /** Work of one of several threads. */
    @FunctionalInterface
    private interface Work<R> {
        R run(int thread) throws Exception;
    }
}
