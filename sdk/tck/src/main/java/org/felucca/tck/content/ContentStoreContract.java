package org.felucca.tck.content;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.felucca.api.content.ContentInfo;
import org.felucca.api.content.ContentReader;
import org.felucca.api.content.ContentStore;
import org.felucca.api.content.ContentWriter;
import org.felucca.api.content.IngestInfo;
import org.felucca.api.content.IngestRef;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.oci.digest.Digest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** What the parts of the suite share: the store under test, and its contents seen through the contract alone. */
public abstract class ContentStoreContract {
    /** Where the store lives; it survives {@link #reopen()}. */
    @TempDir
    protected Path directory;

    /** The store under test. */
    protected ContentStore store;

    /** Opens a store that keeps everything below this directory, new or as an earlier store there left it. */
    protected abstract ContentStore open(Path directory);

    /** Opens the first store. */
    @BeforeEach
    protected void openStore() {
        store = open(directory);
    }

    /** Goes on with a new store over the same directory, as after a restart; writers of the old one are dead. */
    protected void reopen() {
        store = open(directory);
    }

    /** Writes and commits bytes under a reference. */
    protected ContentInfo put(String ref, byte[] content) {
        try (ContentWriter writer = store.writer(new IngestRef(ref))) {
            writer.write(ByteBuffer.wrap(content));
            return writer.commit(Digest.of(content), content.length);
        }
    }

    /** Reads a whole blob through the positional method, in odd pieces. */
    protected byte[] get(Digest digest) {
        try (ContentReader reader = store.reader(digest)) {
            byte[] content = new byte[Math.toIntExact(reader.size())];
            int position = 0;
            while (position < content.length) {
                ByteBuffer piece = ByteBuffer.wrap(content, position, Math.min(1021, content.length - position));
                position += reader.read(piece, position);
            }
            assertEquals(-1, reader.read(ByteBuffer.allocate(1), content.length));
            return content;
        }
    }

    /** Every blob there is. */
    protected List<Digest> blobs() {
        List<Digest> found = new ArrayList<>();
        store.walk(info -> found.add(info.digest()));
        return found.stream().sorted().toList();
    }

    /** Every ingest there is. */
    protected List<IngestInfo> ingests() {
        List<IngestInfo> found = new ArrayList<>();
        store.walkIngests(found::add);
        return found;
    }

    /** Bytes that look like nothing, the same for the same seed. */
    protected static byte[] bytes(long seed, int length) {
        byte[] content = new byte[length];
        new Random(seed).nextBytes(content);
        return content;
    }

    /** Asserts that a call is refused with a code. */
    protected static FeluccaException assertRefused(ErrorCode code, Executable call) {
        FeluccaException e = assertThrows(FeluccaException.class, call);
        assertEquals(code, e.code(), e::getMessage);
        return e;
    }
}
