package org.felucca.images;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.UUID;
import org.felucca.api.content.ContentWriter;
import org.felucca.api.content.IngestRef;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.images.source.Spool;
import org.felucca.oci.digest.Digest;
import org.felucca.oci.digest.Digest.Algorithm;
import org.felucca.oci.digest.Digester;
import org.felucca.oci.image.Descriptor;
import org.jspecify.annotations.Nullable;

/** Puts the files of an archive into the content store, each under the import's lease. Confined to one thread. */
final class ImportStore implements Spool {
    static final String INGEST_PREFIX = "import-";
    private static final int BUFFER = 256 << 10;

    private final Blobs blobs;
    private final Claims claims;
    private final String prefix = INGEST_PREFIX + UUID.randomUUID() + "-";
    private final byte[] buffer = new byte[BUFFER];
    private int count;

    ImportStore(Blobs blobs, Claims claims) {
        this.blobs = blobs;
        this.claims = claims;
    }

    @Override
    public Stored store(InputStream in, @Nullable Digest expected) throws IOException {
        try (ContentWriter writer = blobs.writer(new IngestRef(prefix + count++))) {
            return store(in, expected, writer);
        }
    }

    private Stored store(InputStream in, @Nullable Digest expected, ContentWriter writer) throws IOException {
        try {
            Digester digester = new Digester(expected == null ? Algorithm.SHA256 : expected.algorithm());
            int magic = copy(in, writer, digester);
            Digest digest = digester.digest();
            if (expected != null && !expected.equals(digest)) {
                throw new FeluccaException(
                        ErrorCode.DATA_LOSS,
                        "cannot import blob " + expected,
                        "the bytes have digest " + digest,
                        "the archive is damaged");
            }
            Stored stored = new Stored(digest, writer.offset(), magic);
            claims.claim(digest);
            writer.commit(digest, stored.size());
            return stored;
        } finally {
            // Cannot be resumed: an archive is read once. Does nothing after a commit.
            writer.abort();
        }
    }

    private int copy(InputStream in, ContentWriter writer, Digester digester) throws IOException {
        int magic = 0;
        for (int read = in.readNBytes(buffer, 0, BUFFER); read > 0; read = in.readNBytes(buffer, 0, BUFFER)) {
            if (Thread.currentThread().isInterrupted()) {
                throw new FeluccaException(ErrorCode.CANCELLED, "cannot import", "the work was interrupted");
            }
            if (writer.offset() == 0 && read >= 4) {
                magic = ByteBuffer.wrap(buffer).getInt();
            }
            digester.update(buffer, 0, read);
            writer.write(ByteBuffer.wrap(buffer, 0, read));
        }
        return magic;
    }

    @Override
    public byte[] document(Descriptor descriptor) {
        return blobs.document(descriptor);
    }
}
