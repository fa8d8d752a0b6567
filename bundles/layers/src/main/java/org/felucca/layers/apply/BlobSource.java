package org.felucca.layers.apply;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.felucca.oci.digest.Digest;
import org.felucca.oci.digest.Digester;
import org.felucca.posix.inflate.ByteSource;

/** The layer as stored: counted and digested as it is read. Does not close the stream. */
final class BlobSource implements ByteSource {

    private static final int CHUNK = 64 * 1024;

    private final InputStream stream;
    private final Digester digester = new Digester(Digest.Algorithm.SHA256);
    private final byte[] chunk = new byte[CHUNK];
    private long size;

    BlobSource(InputStream stream) {
        this.stream = stream;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        int count = stream.read(chunk, 0, Math.min(chunk.length, into.remaining()));
        if (count > 0) {
            digester.update(chunk, 0, count);
            into.put(chunk, 0, count);
            size += count;
        }
        return count;
    }

    Digest digest() {
        return digester.digest();
    }

    long size() {
        return size;
    }
}
