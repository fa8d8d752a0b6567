package org.felucca.images;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.felucca.api.content.ContentReader;
import org.felucca.api.content.ContentStore;
import org.felucca.api.content.ContentWriter;
import org.felucca.api.content.IngestRef;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.plugin.Provider;
import org.felucca.oci.digest.Digest;
import org.felucca.oci.digest.Digester;
import org.felucca.oci.image.Descriptor;
import org.felucca.oci.json.JsonLimits;

/** The content store as images use it: documents whole, blobs by descriptor. Thread-safe. */
final class Blobs {
    private static final int BUFFER = 1 << 17;
    private static final String DOCUMENT_PREFIX = "document-";
    private static final List<String> PREFIXES =
            List.of(DOCUMENT_PREFIX, Download.INGEST_PREFIX, ImportStore.INGEST_PREFIX, LayerIngest.INGEST_PREFIX);

    private final Provider<ContentStore> store;

    Blobs(Provider<ContentStore> store) {
        this.store = store;
    }

    /** The store's plugin id, which is the scope of its records. */
    String storeId() {
        return store.id();
    }

    /** Whether a blob is there in its full length; one that a power cut shortened is not. */
    boolean has(Descriptor descriptor) {
        return store.call(contract -> contract.stat(descriptor.digest()))
                .filter(info -> info.size() == descriptor.size())
                .isPresent();
    }

    /** The bytes of a manifest, index or configuration, verified again: they decide what is run. */
    byte[] document(Descriptor descriptor) {
        String subject = "cannot read " + descriptor.mediaType() + " " + descriptor.digest();
        requireDocumentSize(subject, descriptor);
        try (ContentReader reader = reader(descriptor.digest());
                InputStream in = reader.stream()) {
            byte[] document = in.readNBytes(JsonLimits.DEFAULT.bytes() + 1);
            requireDigest(subject, descriptor, document);
            return document;
        } catch (IOException e) {
            throw new FeluccaException(ErrorCode.INTERNAL, subject, String.valueOf(e.getMessage()), null, e);
        }
    }

    /** Reads a blob whole; tells whether it has the bytes that its digest says. */
    boolean isWhole(Descriptor descriptor) {
        Digester digester = new Digester(descriptor.digest().algorithm());
        byte[] buffer = new byte[BUFFER];
        try (ContentReader reader = reader(descriptor.digest());
                InputStream in = reader.stream()) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                digester.update(buffer, 0, count);
            }
        } catch (IOException e) {
            throw new FeluccaException(
                    ErrorCode.INTERNAL,
                    "cannot read blob " + descriptor.digest(),
                    String.valueOf(e.getMessage()),
                    null,
                    e);
        }
        return digester.digest().equals(descriptor.digest());
    }

    /** Removes a blob, if it is there. */
    void remove(Digest digest) {
        try {
            store.use(contract -> contract.remove(digest));
        } catch (FeluccaException e) {
            if (!e.is(ErrorCode.NOT_FOUND)) {
                throw e;
            }
            // Somebody else found it damaged, too.
        }
    }

    /** Puts a document that is in memory. */
    void put(Descriptor descriptor, byte[] document) {
        // A name of its own: two pulls may put the same document at the same time.
        try (ContentWriter writer = writer(new IngestRef(DOCUMENT_PREFIX + UUID.randomUUID()))) {
            try {
                writer.write(ByteBuffer.wrap(document));
                writer.commit(descriptor.digest(), descriptor.size());
            } finally {
                writer.abort();
            }
        }
    }

    /** Opens a blob. */
    ContentReader reader(Digest digest) {
        return store.call(contract -> contract.reader(digest));
    }

    /** Opens an ingest. */
    ContentWriter writer(IngestRef ref) {
        return store.call(contract -> contract.writer(ref));
    }

    /** Drops what broken transfers left and nobody has gone on with since. */
    void dropIngestsBefore(Instant time) {
        List<IngestRef> stale = new ArrayList<>();
        store.use(contract -> contract.walkIngests(info -> {
            boolean ours = PREFIXES.stream().anyMatch(info.ref().value()::startsWith);
            if (ours && info.updated().isBefore(time)) {
                stale.add(info.ref());
            }
        }));
        for (IngestRef ref : stale) {
            try {
                store.use(contract -> contract.abort(ref));
            } catch (FeluccaException e) {
                if (!e.is(ErrorCode.ABORTED) && !e.is(ErrorCode.NOT_FOUND)) {
                    throw e;
                }
                // Somebody took it up, or it has gone by itself.
            }
        }
    }

    static void requireDocumentSize(String subject, Descriptor descriptor) {
        if (descriptor.size() > JsonLimits.DEFAULT.bytes()) {
            throw new FeluccaException(
                    ErrorCode.RESOURCE_EXHAUSTED,
                    subject,
                    "it has " + descriptor.size() + " bytes",
                    "a document has at most " + JsonLimits.DEFAULT.bytes());
        }
    }

    static void requireDigest(String subject, Descriptor descriptor, byte[] document) {
        Digest actual = new Digester(descriptor.digest().algorithm())
                .update(document, 0, document.length)
                .digest();
        if (document.length != descriptor.size() || !actual.equals(descriptor.digest())) {
            throw new FeluccaException(
                    ErrorCode.DATA_LOSS,
                    subject,
                    "its " + document.length + " bytes have digest " + actual,
                    "fetch the image again");
        }
    }
}
