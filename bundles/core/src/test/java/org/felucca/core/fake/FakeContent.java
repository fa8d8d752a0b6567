package org.felucca.core.fake;

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

/** Blobs without bytes. */
public final class FakeContent implements ContentStore {
    private final Map<Digest, ContentInfo> blobs = new LinkedHashMap<>();
    private boolean failing;

    /** Makes a blob of that many bytes. */
    public synchronized Digest put(int size) {
        Digest digest = Digest.of(new byte[] {(byte) size, 42});
        blobs.put(digest, new ContentInfo(digest, size, Instant.EPOCH));
        return digest;
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
    public ContentReader reader(Digest digest) {
        throw new UnsupportedOperationException("not used by core");
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
    public void walkIngests(Consumer<? super IngestInfo> visitor) {}

    @Override
    public synchronized void remove(Digest digest) {
        if (blobs.remove(digest) == null) {
            throw new FeluccaException(ErrorCode.NOT_FOUND, "cannot remove " + digest, "it is not there");
        }
    }

    @Override
    public void abort(IngestRef ref) {}
}
