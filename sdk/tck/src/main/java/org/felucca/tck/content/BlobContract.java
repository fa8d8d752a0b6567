package org.felucca.tck.content;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.felucca.api.content.ContentInfo;
import org.felucca.api.content.ContentReader;
import org.felucca.api.content.ContentWriter;
import org.felucca.api.content.IngestRef;
import org.felucca.api.error.ErrorCode;
import org.felucca.oci.digest.Digest;
import org.felucca.oci.digest.Digest.Algorithm;
import org.felucca.oci.digest.Digester;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds of committed blobs. */
public abstract class BlobContract extends ContentStoreContract {

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4096, 1_000_003})
    void commit_writtenBytes_areReadBackUnderTheirDigest(int length) {
        byte[] content = bytes(1, length);
        ContentInfo info = put("r", content);
        assertEquals(Digest.of(content), info.digest());
        assertEquals(length, info.size());
        assertArrayEquals(content, get(info.digest()));
        assertEquals(Optional.of(info), store.stat(info.digest()));
        assertEquals(List.of(), ingests());
    }

    @Test
    void commit_sha512_isVerifiedWithIt() {
        byte[] content = bytes(2, 300_000);
        Digest digest = new Digester(Algorithm.SHA512)
                .update(content, 0, content.length)
                .digest();
        try (ContentWriter writer = store.writer(new IngestRef("r"))) {
            writer.write(ByteBuffer.wrap(content));
            assertEquals(digest, writer.commit(digest, content.length).digest());
        }
        assertArrayEquals(content, get(digest));
    }

    @Test
    void commit_existingBlob_returnsItAndDropsTheIngest() {
        byte[] content = bytes(3, 1000);
        ContentInfo first = put("a", content);
        assertEquals(first, put("b", content));
        assertEquals(List.of(first.digest()), blobs());
        assertEquals(List.of(), ingests());
    }

    @Test
    void commit_otherDigest_isRefusedAndLeavesNothing() {
        byte[] content = bytes(4, 1000);
        Digest wrong = Digest.of(bytes(5, 1000));
        try (ContentWriter writer = store.writer(new IngestRef("r"))) {
            writer.write(ByteBuffer.wrap(content));
            assertRefused(ErrorCode.DATA_LOSS, () -> writer.commit(wrong, content.length));
        }
        assertEquals(List.of(), blobs());
        assertEquals(List.of(), ingests());
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 1})
    void commit_otherSize_isRefusedAndLeavesNothing(int difference) {
        byte[] content = bytes(6, 1000);
        try (ContentWriter writer = store.writer(new IngestRef("r"))) {
            writer.write(ByteBuffer.wrap(content));
            assertRefused(ErrorCode.DATA_LOSS, () -> writer.commit(Digest.of(content), content.length + difference));
        }
        assertEquals(List.of(), blobs());
        assertEquals(List.of(), ingests());
    }

    @Test
    void read_anyPosition_givesTheBytesThere() {
        byte[] content = bytes(7, 10_000);
        put("r", content);
        try (ContentReader reader = store.reader(Digest.of(content))) {
            ByteBuffer piece = ByteBuffer.allocate(100);
            assertEquals(100, reader.read(piece, 5_000));
            assertEquals(ByteBuffer.wrap(content, 5_000, 100), piece.flip());
            piece.clear();
            int last = reader.read(piece, 9_950);
            assertTrue(last >= 1 && last <= 50, "read " + last);
            assertEquals(0, reader.read(ByteBuffer.allocate(0), 5));
            assertEquals(-1, reader.read(piece.clear(), 20_000));
        }
    }

    @Test
    @SuppressWarnings("try") // closing early is what is tested
    void stream_twoOfOneReader_areIndependent() throws IOException {
        byte[] content = bytes(8, 100_000);
        put("r", content);
        try (ContentReader reader = store.reader(Digest.of(content));
                InputStream first = reader.stream();
                InputStream second = reader.stream()) {
            assertEquals(content[0] & 0xff, first.read());
            assertArrayEquals(content, second.readAllBytes());
            first.close();
            assertEquals(-1, second.read());
            ByteBuffer one = ByteBuffer.allocate(1);
            assertEquals(1, reader.read(one, 0));
        }
    }

    @Test
    void remove_whileBeingRead_doesNotDisturbTheReader() throws IOException {
        byte[] content = bytes(9, 100_000);
        Digest digest = put("r", content).digest();
        try (ContentReader reader = store.reader(digest)) {
            store.remove(digest);
            assertFalse(store.stat(digest).isPresent());
            assertArrayEquals(content, reader.stream().readAllBytes());
        }
        assertEquals(List.of(), blobs());
    }

    @Test
    void calls_forAbsentBlob_saySo() {
        Digest absent = Digest.of(bytes(10, 1));
        assertEquals(Optional.empty(), store.stat(absent));
        assertTrue(assertRefused(ErrorCode.NOT_FOUND, () -> store.reader(absent))
                .getMessage()
                .contains(absent.toString()));
        assertRefused(ErrorCode.NOT_FOUND, () -> store.remove(absent));
    }

    @Test
    void walk_afterRestart_visitsEveryBlobOnce() {
        List<Digest> expected = Stream.of(11, 12, 13, 14)
                .map(seed -> put("r" + seed, bytes(seed, seed)).digest())
                .sorted()
                .toList();
        assertEquals(expected, blobs());
        reopen();
        assertEquals(expected, blobs());
        assertArrayEquals(bytes(12, 12), get(Digest.of(bytes(12, 12))));
    }

    @Test
    void commit_afterRemove_bringsTheBlobBack() {
        byte[] content = bytes(15, 500);
        Digest digest = put("r", content).digest();
        store.remove(digest);
        put("r", content);
        assertArrayEquals(content, get(digest));
    }
}
