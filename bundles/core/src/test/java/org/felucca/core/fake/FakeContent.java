package org.felucca.core.fake;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.felucca.api.content.ContentInfo;
import org.felucca.api.content.ContentReader;
import org.felucca.api.content.ContentStore;
import org.felucca.api.content.ContentWriter;
import org.felucca.api.content.IngestInfo;
import org.felucca.api.content.IngestRef;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.oci.digest.Digest;

/** Blobs in memory, some of them without bytes. */
public final class FakeContent implements ContentStore {
    private final Map<Digest, ContentInfo> blobs = new LinkedHashMap<>();
    private final Map<Digest, byte[]> bytes = new LinkedHashMap<>();
    private final Map<IngestRef, IngestInfo> ingests = new LinkedHashMap<>();
    private Instant committed = Instant.EPOCH;
    private boolean failing;

    /** Makes a blob of that many bytes. */
    public synchronized Digest put(int size) {
        Digest digest = Digest.of(new byte[] {(byte) size, 42});
        blobs.put(digest, new ContentInfo(digest, size, Instant.EPOCH));
        return digest;
    }

    /** Makes a blob of these bytes. */
    public synchronized Digest put(byte[] content) {
        Digest digest = Digest.of(content);
        spoil(digest, content);
        return digest;
    }

    /** Gives a blob other bytes. */
    public synchronized void spoil(Digest digest, byte[] content) {
        blobs.put(digest, new ContentInfo(digest, content.length, committed));
        bytes.put(digest, content.clone());
    }

    /** Says when the next blobs are committed. */
    public synchronized void now(Instant time) {
        committed = time;
    }

    /** Leaves an ingest as of a time. */
    public synchronized void ingest(String ref, int size, Instant updated) {
        ingests.put(new IngestRef(ref), new IngestInfo(new IngestRef(ref), size, updated));
    }

    /** Returns the blobs there are. */
    public synchronized List<Digest> digests() {
        return List.copyOf(blobs.keySet());
    }

    /** Lets everything fail, or no more. */
    public synchronized void fail(boolean now) {
        failing = now;
    }

    @Override
    public ContentWriter writer(IngestRef ref) {
        throw new UnsupportedOperationException("not used by core");
    }

    @Override
    public synchronized ContentReader reader(Digest digest) {
        byte[] content = bytes.get(digest);
        if (content == null) {
            throw new FeluccaException(ErrorCode.NOT_FOUND, "cannot read " + digest, "it is not there");
        }
        return new BytesReader(content);
    }

    /** Reads an array. */
    private record BytesReader(byte[] content) implements ContentReader {
        @Override
        public long size() {
            return content.length;
        }

        @Override
        public int read(ByteBuffer target, long position) {
            throw new UnsupportedOperationException("core reads from the first byte on");
        }

        @Override
        public InputStream stream() {
            return new ByteArrayInputStream(content);
        }

        @Override
        public void close() {}
    }

    @Override
    public synchronized Optional<ContentInfo> stat(Digest digest) {
        return Optional.ofNullable(blobs.get(digest));
    }

    @Override
    public void walk(Consumer<? super ContentInfo> visitor) {
        List<ContentInfo> all;
        synchronized (this) {
            if (failing) {
                throw new FeluccaException(ErrorCode.INTERNAL, "cannot walk", "a test wants it so");
            }
            all = new ArrayList<>(blobs.values());
        }
        all.forEach(visitor);
    }

    @Override
    public synchronized void walkIngests(Consumer<? super IngestInfo> visitor) {
        List.copyOf(ingests.values()).forEach(visitor);
    }

    @Override
    public synchronized void remove(Digest digest) {
        if (blobs.remove(digest) == null) {
            throw new FeluccaException(ErrorCode.NOT_FOUND, "cannot remove " + digest, "it is not there");
        }
    }

    @Override
    public synchronized void abort(IngestRef ref) {
        if (ingests.remove(ref) == null) {
            throw new FeluccaException(ErrorCode.NOT_FOUND, "cannot abort " + ref, "it is not there");
        }
    }
}
