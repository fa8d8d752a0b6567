package org.felucca.tck.content;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.felucca.api.content.ContentWriter;
import org.felucca.api.content.IngestRef;
import org.felucca.api.error.ErrorCode;
import org.felucca.oci.digest.Digest;
import org.felucca.oci.digest.Digest.Algorithm;
import org.felucca.oci.digest.Digester;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds of pieces that arrive side by side; a store that takes none refuses them. */
public abstract class AheadContract extends ContentStoreContract {
    private static final IngestRef REF = new IngestRef("pieces");

    /** Returns {@code true} if the store takes pieces; one that says no asserts the refusal alone. */
    protected boolean takesPieces() {
        return true;
    }

    @Test
    void writeAhead_asTheStoreSays_isTakenOrRefused() {
        try (ContentWriter writer = store.writer(REF)) {
            assertEquals(takesPieces(), writer.writesAhead());
            if (!takesPieces()) {
                assertRefused(ErrorCode.UNSUPPORTED, () -> writer.writeAhead(ByteBuffer.wrap(bytes(1, 1)), 0));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void writeAhead_piecesInAnyOrder_becomeTheBlob(long seed) {
        if (!takesPieces()) {
            return;
        }
        byte[] content = bytes(seed, 900_001);
        List<Integer> starts = new ArrayList<>();
        for (int at = 0; at < content.length; at += 10_007) {
            starts.add(at);
        }
        Collections.shuffle(starts, new Random(seed));
        boolean[] arrived = new boolean[starts.size()];
        try (ContentWriter writer = store.writer(REF)) {
            for (int start : starts) {
                int length = Math.min(10_007, content.length - start);
                ByteBuffer piece = ByteBuffer.wrap(content, start, length);
                writer.writeAhead(piece, start);
                assertFalse(piece.hasRemaining());
                arrived[start / 10_007] = true;
                int whole = 0;
                while (whole < arrived.length && arrived[whole]) {
                    whole++;
                }
                assertEquals(Math.min((long) whole * 10_007, content.length), writer.offset());
            }
            writer.commit(Digest.of(content), content.length);
        }
        assertArrayEquals(content, get(Digest.of(content)));
        assertEquals(List.of(), ingests());
    }

    @ParameterizedTest
    @ValueSource(longs = {5, 6, 7})
    void writeAhead_byManyThreads_becomesTheBlob(long seed) throws Exception {
        if (!takesPieces()) {
            return;
        }
        byte[] content = bytes(seed, 3_000_000);
        int threads = 5;
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try (ContentWriter writer = store.writer(REF)) {
            writer.write(ByteBuffer.wrap(content, 0, 1_000));
            List<Callable<Void>> tasks = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                int first = 1_000 + thread * 30_000;
                tasks.add(() -> {
                    for (int at = first; at < content.length; at += threads * 30_000) {
                        for (int from = at; from < Math.min(at + 30_000, content.length); from += 10_000) {
                            int length = Math.min(10_000, content.length - from);
                            writer.writeAhead(ByteBuffer.wrap(content, from, length), from);
                        }
                    }
                    return null;
                });
            }
            for (Future<Void> task : executor.invokeAll(tasks)) {
                task.get();
            }
            assertEquals(content.length, writer.offset());
            Digest digest = new Digester(Algorithm.SHA512)
                    .update(content, 0, content.length)
                    .digest();
            writer.commit(digest, content.length);
            assertArrayEquals(content, get(digest));
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void read_pastAGap_endsAtTheOffset() {
        if (!takesPieces()) {
            return;
        }
        byte[] content = bytes(8, 300);
        try (ContentWriter writer = store.writer(REF)) {
            writer.writeAhead(ByteBuffer.wrap(content, 200, 100), 200);
            assertEquals(-1, writer.read(ByteBuffer.allocate(300), 0));
            writer.writeAhead(ByteBuffer.wrap(content, 0, 100), 0);
            ByteBuffer target = ByteBuffer.allocate(300);
            assertEquals(60, writer.read(target, 40));
            assertEquals(300, target.limit());
            assertEquals(ByteBuffer.wrap(content, 40, 60), target.flip());
            assertEquals(-1, writer.read(ByteBuffer.allocate(1), 100));
        }
    }

    @Test
    void writeAhead_whereBytesAre_isRefused() {
        if (!takesPieces()) {
            return;
        }
        try (ContentWriter writer = store.writer(REF)) {
            writer.write(ByteBuffer.wrap(bytes(9, 100)));
            writer.writeAhead(ByteBuffer.wrap(bytes(9, 100)), 200);
            for (int at : new int[] {0, 99, 101, 250, 299}) {
                assertRefused(ErrorCode.INVALID_ARGUMENT, () -> writer.writeAhead(ByteBuffer.wrap(bytes(9, 100)), at));
            }
            assertRefused(ErrorCode.FAILED_PRECONDITION, () -> writer.write(ByteBuffer.wrap(bytes(9, 1))));
            assertEquals(100, writer.offset());
        }
    }

    @Test
    void commit_withAGap_isRefusedAndDropsTheIngest() {
        if (!takesPieces()) {
            return;
        }
        byte[] content = bytes(10, 300);
        try (ContentWriter writer = store.writer(REF)) {
            writer.writeAhead(ByteBuffer.wrap(content, 200, 100), 200);
            assertRefused(ErrorCode.DATA_LOSS, () -> writer.commit(Digest.of(content), 300));
        }
        assertEquals(List.of(), ingests());
        try (ContentWriter writer = store.writer(REF)) {
            writer.write(ByteBuffer.wrap(content, 0, 100));
            writer.writeAhead(ByteBuffer.wrap(content, 200, 100), 200);
            byte[] begin = new byte[100];
            System.arraycopy(content, 0, begin, 0, 100);
            assertRefused(ErrorCode.DATA_LOSS, () -> writer.commit(Digest.of(begin), 100));
        }
        assertEquals(List.of(), blobs());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void writer_endedWithAGap_isResumedBeforeIt(boolean killed) {
        if (!takesPieces()) {
            return;
        }
        byte[] content = bytes(11, 1_000_000);
        ContentWriter first = store.writer(REF);
        first.writeAhead(ByteBuffer.wrap(content, 400_000, 200_000), 400_000);
        first.writeAhead(ByteBuffer.wrap(content, 0, 100_000), 0);
        first.writeAhead(ByteBuffer.wrap(content, 100_000, 100_000), 100_000);
        if (!killed) {
            first.close();
        }
        reopen();
        assertEquals(1, ingests().size());
        assertTrue(ingests().get(0).offset() <= 200_000);
        try (ContentWriter writer = store.writer(REF)) {
            assertEquals(200_000, writer.offset());
            assertEquals(-1, writer.read(ByteBuffer.allocate(1), 200_000));
            writer.write(ByteBuffer.wrap(content, 200_000, 300_000));
            writer.writeAhead(ByteBuffer.wrap(content, 700_000, 300_000), 700_000);
            writer.writeAhead(ByteBuffer.wrap(content, 500_000, 200_000), 500_000);
            writer.commit(Digest.of(content), content.length);
        }
        assertArrayEquals(content, get(Digest.of(content)));
    }

    @Test
    void truncate_withAGap_dropsWhatLiesPastIt() {
        if (!takesPieces()) {
            return;
        }
        byte[] content = bytes(12, 1_000);
        try (ContentWriter writer = store.writer(REF)) {
            writer.write(ByteBuffer.wrap(content, 0, 300));
            writer.writeAhead(ByteBuffer.wrap(bytes(13, 300)), 600);
            writer.truncate(writer.offset());
            writer.write(ByteBuffer.wrap(content, 300, 700));
            writer.commit(Digest.of(content), content.length);
        }
        assertArrayEquals(content, get(Digest.of(content)));
    }
}
