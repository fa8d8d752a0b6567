package org.felucca.images;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;
import org.felucca.api.content.ContentWriter;
import org.felucca.api.content.IngestRef;
import org.felucca.api.error.FeluccaException;
import org.felucca.oci.digest.Digest;
import org.felucca.oci.digest.Digest.Algorithm;
import org.felucca.oci.digest.Digester;

/**
 * A new layer on its way into the content store: takes the plain tar, compresses it with gzip, and digests both. The same
 * tar gives the same bytes on the same JDK. Confined to one thread.
 */
final class LayerIngest implements AutoCloseable {
    static final String INGEST_PREFIX = "commit-";
    private static final int BUFFER = 64 << 10;

    private final ContentWriter writer;
    private final Digester stored = new Digester(Algorithm.SHA256);
    private final Digester plain = new Digester(Algorithm.SHA256);
    private final OutputStream gzip;

    LayerIngest(Blobs blobs) {
        this.writer = blobs.writer(new IngestRef(INGEST_PREFIX + UUID.randomUUID()));
        try {
            this.gzip = new GZIPOutputStream(new Store(), BUFFER);
        } catch (IOException e) {
            writer.close();
            throw known(e);
        }
    }

    /** What the store said. */
    private static RuntimeException known(IOException e) {
        return e.getCause() instanceof FeluccaException cause
                ? cause
                : new IllegalStateException("the content store threw an IOException", e);
    }

    /**
     * A layer that is in the store.
     *
     * @param digest of the bytes as stored
     * @param diffId of the plain tar
     */
    record Stored(Digest digest, long size, Digest diffId) {}

    /** Where the plain tar goes. */
    OutputStream tar() {
        return new Tar();
    }

    /** Makes the layer a blob, under the claim of whoever wrote it. */
    Stored commit(Claims claims) {
        try {
            gzip.close();
        } catch (IOException e) {
            throw known(e);
        }
        Stored layer = new Stored(stored.digest(), writer.offset(), plain.digest());
        claims.claim(layer.digest());
        writer.commit(layer.digest(), layer.size());
        return layer;
    }

    /** Drops what was not committed. */
    @Override
    public void close() {
        try (writer) {
            writer.abort();
        }
    }

    private final class Tar extends OutputStream {
        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            plain.update(bytes, offset, length);
            gzip.write(bytes, offset, length);
        }
    }

    /** Whose failures reach the layer's writer as the cause of an IOException, as a stream's do. */
    private final class Store extends OutputStream {
        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            stored.update(bytes, offset, length);
            try {
                writer.write(ByteBuffer.wrap(bytes, offset, length));
            } catch (FeluccaException e) {
                throw new IOException(e.getMessage(), e);
            }
        }
    }
}
