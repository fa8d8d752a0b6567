package org.felucca.tck.content;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.List;
import org.felucca.api.content.ContentWriter;
import org.felucca.api.content.IngestRef;
import org.felucca.api.error.ErrorCode;
import org.felucca.oci.digest.Digest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds of ingests: resuming, dropping, exclusion. */
public abstract class IngestContract extends ContentStoreContract {
    private static final IngestRef REF = new IngestRef("layer-sha256:ab/..%2F");

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void writer_closedHalfway_isResumedByItsReference(boolean restart) {
        byte[] content = bytes(1, 700_000);
        try (ContentWriter writer = store.writer(REF)) {
            assertEquals(0, writer.offset());
            writer.write(ByteBuffer.wrap(content, 0, 300_000));
            assertEquals(300_000, writer.offset());
        }
        if (restart) {
            reopen();
        }
        assertEquals(List.of(), blobs());
        try (ContentWriter writer = store.writer(REF)) {
            assertEquals(300_000, writer.offset());
            writer.write(ByteBuffer.wrap(content, 300_000, 400_000));
            writer.commit(Digest.of(content), content.length);
        }
        assertArrayEquals(content, get(Digest.of(content)));
        assertEquals(List.of(), ingests());
    }

    @Test
    void commit_resumedIngestWithoutNewBytes_verifiesTheOldOnes() {
        byte[] content = bytes(2, 50_000);
        try (ContentWriter writer = store.writer(REF)) {
            writer.write(ByteBuffer.wrap(content));
        }
        try (ContentWriter writer = store.writer(REF)) {
            assertRefused(ErrorCode.DATA_LOSS, () -> writer.commit(Digest.of(bytes(3, 50_000)), 50_000));
        }
        assertEquals(List.of(), ingests());
        try (ContentWriter writer = store.writer(REF)) {
            assertEquals(0, writer.offset());
        }
    }

    @Test
    void writer_openElsewhere_isRefusedUntilClosed() {
        ContentWriter first = store.writer(REF);
        assertRefused(ErrorCode.ABORTED, () -> store.writer(REF));
        assertRefused(ErrorCode.ABORTED, () -> store.abort(REF));
        first.close();
        first.close();
        store.writer(REF).close();
    }

    @Test
    void walkIngests_withSome_tellsNamesAndOffsets() {
        String longest = "x".repeat(255);
        try (ContentWriter open = store.writer(REF);
                ContentWriter other = store.writer(new IngestRef(longest))) {
            open.write(ByteBuffer.wrap(bytes(4, 10)));
            other.write(ByteBuffer.wrap(bytes(5, 20)));
            assertEquals(
                    List.of(REF.value() + " 10", longest + " 20"),
                    ingests().stream()
                            .map(info -> info.ref() + " " + info.offset())
                            .sorted()
                            .toList());
        }
        assertEquals(2, ingests().size());
    }

    @Test
    void abort_ofStore_dropsWhatAClosedWriterLeft() {
        try (ContentWriter writer = store.writer(REF)) {
            writer.write(ByteBuffer.wrap(bytes(6, 10)));
        }
        store.abort(REF);
        assertEquals(List.of(), ingests());
        assertRefused(ErrorCode.NOT_FOUND, () -> store.abort(REF));
    }

    @Test
    void abort_ofWriter_dropsItsBytesAndFreesTheReference() {
        ContentWriter writer = store.writer(REF);
        writer.write(ByteBuffer.wrap(bytes(7, 10)));
        writer.abort();
        writer.close();
        assertEquals(List.of(), ingests());
        try (ContentWriter next = store.writer(REF)) {
            assertEquals(0, next.offset());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 500})
    void truncate_thenOtherBytes_commitsTheLatter(int keep) {
        byte[] content = bytes(8, 1000);
        try (ContentWriter writer = store.writer(REF)) {
            writer.write(ByteBuffer.wrap(content, 0, keep));
            writer.write(ByteBuffer.wrap(bytes(9, 2000)));
            writer.truncate(keep);
            assertEquals(keep, writer.offset());
            writer.write(ByteBuffer.wrap(content, keep, content.length - keep));
            writer.commit(Digest.of(content), content.length);
        }
        assertArrayEquals(content, get(Digest.of(content)));
    }

    @Test
    void truncate_beyondTheEnd_isRefused() {
        try (ContentWriter writer = store.writer(REF)) {
            assertRefused(ErrorCode.INVALID_ARGUMENT, () -> writer.truncate(1));
            assertRefused(ErrorCode.INVALID_ARGUMENT, () -> writer.truncate(-1));
        }
    }

    @Test
    void read_whileWriting_givesWhatArrived() {
        byte[] content = bytes(10, 1000);
        try (ContentWriter writer = store.writer(REF)) {
            writer.write(ByteBuffer.wrap(content, 0, 600));
            ByteBuffer piece = ByteBuffer.allocate(400);
            int count = writer.read(piece, 200);
            assertEquals(400, count);
            assertEquals(ByteBuffer.wrap(content, 200, 400), piece.flip());
            assertEquals(-1, writer.read(ByteBuffer.allocate(1), 600));
            writer.write(ByteBuffer.wrap(content, 600, 400));
            writer.commit(Digest.of(content), content.length);
        }
        assertArrayEquals(content, get(Digest.of(content)));
    }

    @Test
    void calls_onAnEndedWriter_areRefused() {
        byte[] content = bytes(11, 10);
        ContentWriter writer = store.writer(REF);
        writer.write(ByteBuffer.wrap(content));
        writer.commit(Digest.of(content), content.length);
        assertRefused(ErrorCode.FAILED_PRECONDITION, () -> writer.write(ByteBuffer.wrap(content)));
        assertRefused(ErrorCode.FAILED_PRECONDITION, () -> writer.read(ByteBuffer.allocate(1), 0));
        assertRefused(ErrorCode.FAILED_PRECONDITION, () -> writer.truncate(0));
        assertRefused(ErrorCode.FAILED_PRECONDITION, () -> writer.commit(Digest.of(content), content.length));
        writer.abort();
        writer.close();
        assertArrayEquals(content, get(Digest.of(content)));
    }

    @Test
    void writes_ofManyBuffers_areConcatenated() {
        byte[] content = bytes(12, 10_000);
        try (ContentWriter writer = store.writer(REF)) {
            for (int at = 0; at < content.length; at += 7) {
                ByteBuffer piece = ByteBuffer.allocateDirect(7);
                piece.put(content, at, Math.min(7, content.length - at)).flip();
                writer.write(piece);
                assertEquals(0, piece.remaining());
            }
            writer.commit(Digest.of(content), content.length);
        }
        assertArrayEquals(content, get(Digest.of(content)));
    }
}
