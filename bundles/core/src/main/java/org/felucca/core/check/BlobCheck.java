package org.felucca.core.check;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.felucca.api.content.ContentInfo;
import org.felucca.api.content.ContentReader;
import org.felucca.api.content.ContentStore;
import org.felucca.api.content.IngestInfo;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.metadata.MetadataRecord;
import org.felucca.api.metadata.RecordId;
import org.felucca.api.metadata.RecordKind;
import org.felucca.api.plugin.Provider;
import org.felucca.api.storage.Finding;
import org.felucca.api.storage.Finding.Outcome;
import org.felucca.api.storage.Finding.Part;
import org.felucca.core.gc.GarbageCollector;
import org.felucca.oci.OciFormatException;
import org.felucca.oci.digest.Digest;
import org.felucca.oci.digest.Digester;
import org.felucca.oci.json.Json;
import org.felucca.oci.json.JsonCursor;

/** Blobs against their digests and records, and ingests that nobody goes on with. Used once. */
final class BlobCheck {
    private static final int BUFFER = 1 << 18;

    private final Provider<ContentStore> store;
    private final Users users;
    private final Scan scan;
    private final byte[] buffer = new byte[BUFFER];
    private final Set<Digest> there = new HashSet<>();

    BlobCheck(Provider<ContentStore> store, Users users, Scan scan) {
        this.store = store;
        this.users = users;
        this.scan = scan;
    }

    void run() {
        List<ContentInfo> blobs = new ArrayList<>();
        store.use(contract -> contract.walk(blobs::add));
        blobs.forEach(info -> there.add(info.digest()));
        for (ContentInfo info : blobs) {
            blob(info);
        }
        for (MetadataRecord record : users.records(RecordKind.CONTENT)) {
            if (record.id().scope().equals(store.id())) {
                recorded(record);
            }
        }
    }

    private RecordId id(Digest digest) {
        return new RecordId(RecordKind.CONTENT, store.id(), digest.toString());
    }

    private void blob(ContentInfo info) {
        StorageCheck.requireRunning();
        scan.blob(info.size());
        Optional<String> wrong = Optional.empty();
        if (scan.contents() && scan.covers(info.committed())) {
            wrong = read(info.digest());
        }
        wrong.ifPresent(problem -> damaged(info.digest(), problem));
    }

    /** What is wrong with a blob's bytes; nothing if it has gone meanwhile. */
    private Optional<String> read(Digest digest) {
        Digester digester = new Digester(digest.algorithm());
        try (ContentReader reader = store.call(contract -> contract.reader(digest));
                InputStream in = reader.stream()) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                digester.update(buffer, 0, count);
            }
        } catch (IOException e) {
            return Optional.of("it cannot be read: " + e.getMessage());
        } catch (FeluccaException e) {
            if (e.is(ErrorCode.NOT_FOUND)) {
                return Optional.empty();
            }
            if (e.is(ErrorCode.INTERNAL)) {
                return Optional.of("it cannot be read: " + e.reason());
            }
            throw e;
        }
        Digest actual = digester.digest();
        return actual.equals(digest) ? Optional.empty() : Optional.of("its bytes have digest " + actual);
    }

    private void damaged(Digest digest, String problem) {
        if (scan.repair()) {
            remove(digest);
        }
        scan.found(new Finding(Part.BLOB, digest.toString(), problem, scan.fetched(), users.names(id(digest))));
    }

    private void remove(Digest digest) {
        try {
            store.use(contract -> contract.remove(digest));
        } catch (FeluccaException e) {
            if (!e.is(ErrorCode.NOT_FOUND)) {
                throw e;
            }
            // It has gone by itself, which is what was wanted.
        }
    }

    /** A blob that a record speaks of. */
    private void recorded(MetadataRecord record) {
        Digest digest;
        long size;
        try {
            digest = Digest.parse(record.id().key());
            String subject = "record " + record.id();
            size = JsonCursor.of(subject, Json.parse(subject, record.document()))
                    .object()
                    .required("size", JsonCursor::int64);
        } catch (OciFormatException e) {
            scan.found(Finding.of(Part.RECORDS, record.id().toString(), String.valueOf(e.getMessage()), Outcome.LEFT));
            return;
        }
        Optional<ContentInfo> info = store.call(contract -> contract.stat(digest));
        if (info.isPresent() && info.get().size() != size) {
            String problem = "it has " + info.get().size() + " bytes instead of " + size;
            // Its contents were found wrong already, if they were read.
            if (!scan.contents() || !scan.covers(info.get().committed())) {
                damaged(digest, problem);
            }
        } else if (info.isEmpty()
                && !there.contains(digest)
                && !users.of(record.id()).isEmpty()) {
            scan.found(new Finding(
                    Part.BLOB,
                    digest.toString(),
                    "it is missing; it comes with the next pull, or import, of its image",
                    Outcome.FETCHED_WHEN_NEEDED,
                    users.names(record.id())));
        }
    }

    /** Ingests that were broken off long ago. */
    void ingests(Instant now) {
        List<IngestInfo> stale = new ArrayList<>();
        store.use(contract -> contract.walkIngests(info -> {
            if (info.updated().isBefore(now.minus(GarbageCollector.INGEST_AGE))) {
                stale.add(info);
            }
        }));
        for (IngestInfo info : stale) {
            if (scan.repair() && !GarbageCollector.abort(store, info.ref())) {
                continue;
            }
            scan.found(Finding.of(
                    Part.INGEST,
                    info.ref().value(),
                    "nobody has gone on with its " + info.offset() + " bytes since " + info.updated(),
                    scan.repaired()));
        }
    }
}
