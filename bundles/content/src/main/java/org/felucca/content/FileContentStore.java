package org.felucca.content;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.felucca.api.content.ContentInfo;
import org.felucca.api.content.ContentReader;
import org.felucca.api.content.ContentStore;
import org.felucca.api.content.ContentWriter;
import org.felucca.api.content.IngestInfo;
import org.felucca.api.content.IngestRef;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.oci.OciFormatException;
import org.felucca.oci.digest.Digest;
import org.felucca.oci.digest.Digest.Algorithm;

/**
 * Blobs and ingests in a directory; see the package for its shape. Thread-safe: the file system is the state, and only
 * the set of ingests that have a writer is kept in memory. One process at a time owns a directory.
 *
 * <p>Files that are not named like a blob are passed over: they are not this store's.
 */
final class FileContentStore implements ContentStore {
    static final String DATA = "data";
    static final String REF = "ref";

    private final Path blobs;
    private final Path ingests;
    private final FileOperations files;
    private final Clock clock;

    /** Names of ingest directories that have an open writer. */
    private final Set<String> open = ConcurrentHashMap.newKeySet();

    /**
     * Opens a store, making its directories and clearing what a crash left of ingests.
     *
     * @throws FeluccaException if the directory cannot be used
     */
    FileContentStore(Path root, FileOperations files, Clock clock) {
        this.blobs = root.resolve("blobs");
        this.ingests = root.resolve("ingest");
        this.files = files;
        this.clock = clock;
        try {
            Files.createDirectories(root.toAbsolutePath().getParent());
            files.createDirectory(root);
            files.createDirectory(ingests);
            files.createDirectory(blobs);
            for (Algorithm algorithm : Algorithm.values()) {
                files.createDirectory(blobs.resolve(algorithm.id()));
            }
            files.forceDirectory(blobs);
            files.forceDirectory(root);
            clearUnusable();
        } catch (IOException e) {
            throw Failures.of("cannot open content store " + root, e);
        }
    }

    @Override
    public ContentWriter writer(IngestRef ref) {
        String name = directoryName(ref);
        if (!open.add(name)) {
            throw new FeluccaException(
                    ErrorCode.ABORTED, "cannot write ingest " + ref, "another writer has it open", "wait for it");
        }
        Path directory = ingests.resolve(name);
        boolean resumed = Files.exists(directory.resolve(DATA));
        try {
            files.createDirectory(directory);
            if (readRef(directory).isEmpty()) {
                try (FileChannel channel = files.open(
                        directory.resolve(REF),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
                    files.write(channel, ByteBuffer.wrap(ref.value().getBytes(StandardCharsets.US_ASCII)), 0);
                }
            }
            FileChannel data = files.open(
                    directory.resolve(DATA),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
            return opened(ref, directory, data);
        } catch (IOException e) {
            FeluccaException failure = Failures.of("cannot write ingest " + ref, e);
            if (!resumed) {
                undo(directory, failure);
            }
            open.remove(name);
            throw failure;
        }
    }

    /** Takes what a crash left, without the pieces that had arrived past a gap. */
    private ContentWriter opened(IngestRef ref, Path directory, FileChannel data) throws IOException {
        try {
            long size = data.size();
            long received = GapMark.received(directory, size);
            if (received < size) {
                files.truncate(data, received);
            }
            GapMark.delete(directory, files);
            return new FileContentWriter(this, ref, directory, data, files, clock);
        } catch (IOException e) {
            try {
                data.close();
            } catch (IOException close) {
                e.addSuppressed(close);
            }
            throw e;
        }
    }

    @Override
    public ContentReader reader(Digest digest) {
        try {
            return new FileContentReader(digest, FileChannel.open(blob(digest), StandardOpenOption.READ));
        } catch (NoSuchFileException e) {
            throw absent("cannot read blob " + digest);
        } catch (IOException e) {
            throw Failures.of("cannot read blob " + digest, e);
        }
    }

    @Override
    public Optional<ContentInfo> stat(Digest digest) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(blob(digest), BasicFileAttributes.class);
            return Optional.of(new ContentInfo(
                    digest, attributes.size(), attributes.lastModifiedTime().toInstant()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw Failures.of("cannot look up blob " + digest, e);
        }
    }

    @Override
    public void walk(Consumer<? super ContentInfo> visitor) {
        for (Algorithm algorithm : Algorithm.values()) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(blobs.resolve(algorithm.id()))) {
                for (Path entry : entries) {
                    blobName(algorithm, entry).flatMap(this::stat).ifPresent(visitor);
                }
            } catch (IOException e) {
                throw Failures.of("cannot list blobs", e);
            }
        }
    }

    @Override
    public void walkIngests(Consumer<? super IngestInfo> visitor) {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(ingests)) {
            for (Path directory : entries) {
                ingest(directory).ifPresent(visitor);
            }
        } catch (IOException e) {
            throw Failures.of("cannot list ingests", e);
        }
    }

    @Override
    public void remove(Digest digest) {
        try {
            if (!files.delete(blob(digest))) {
                throw absent("cannot remove blob " + digest);
            }
        } catch (IOException e) {
            throw Failures.of("cannot remove blob " + digest, e);
        }
    }

    @Override
    public void abort(IngestRef ref) {
        String name = directoryName(ref);
        if (!open.add(name)) {
            throw new FeluccaException(
                    ErrorCode.ABORTED, "cannot abort ingest " + ref, "a writer has it open", "close it first");
        }
        try {
            Path directory = ingests.resolve(name);
            if (!Files.isDirectory(directory)) {
                throw new FeluccaException(ErrorCode.NOT_FOUND, "cannot abort ingest " + ref, "there is none");
            }
            delete(directory);
        } catch (IOException e) {
            throw Failures.of("cannot abort ingest " + ref, e);
        } finally {
            open.remove(name);
        }
    }

    /** Where a blob lies. */
    Path blob(Digest digest) {
        return blobDirectory(digest).resolve(digest.hex());
    }

    /** The directory a blob lies in. */
    Path blobDirectory(Digest digest) {
        return blobs.resolve(digest.algorithm().id());
    }

    /** Ends the exclusion of other writers. */
    void release(IngestRef ref) {
        open.remove(directoryName(ref));
    }

    /** Removes an ingest's directory; data first, so that what a crash leaves is recognised. */
    void delete(Path directory) throws IOException {
        files.delete(directory.resolve(DATA));
        GapMark.delete(directory, files);
        files.delete(directory.resolve(REF));
        files.delete(directory);
    }

    /** Removes what a failed opening made; an interrupt, for one, may come between any two of its steps. */
    private void undo(Path directory, FeluccaException failure) {
        try {
            delete(directory);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    /** What a crash left between two steps: an ingest without a name, or one whose data became a blob. */
    private void clearUnusable() throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(ingests)) {
            for (Path directory : entries) {
                boolean whole = Files.exists(directory.resolve(DATA))
                        && readRef(directory).isPresent();
                if (Files.isDirectory(directory) && !whole) {
                    delete(directory);
                }
            }
        }
    }

    private Optional<IngestInfo> ingest(Path directory) throws IOException {
        Optional<IngestRef> ref = readRef(directory);
        if (ref.isEmpty()) {
            return Optional.empty();
        }
        try {
            BasicFileAttributes attributes = Files.readAttributes(directory.resolve(DATA), BasicFileAttributes.class);
            long received = GapMark.received(directory, attributes.size());
            return Optional.of(new IngestInfo(
                    ref.get(), received, attributes.lastModifiedTime().toInstant()));
        } catch (NoSuchFileException e) {
            // Committed or aborted between the two looks.
            return Optional.empty();
        }
    }

    /** The name an ingest was opened with, if the file that holds it is whole. */
    private static Optional<IngestRef> readRef(Path directory) throws IOException {
        try {
            String text = Files.readString(directory.resolve(REF), StandardCharsets.US_ASCII);
            if (!text.isEmpty()) {
                IngestRef ref = new IngestRef(text);
                if (directoryName(ref).equals(directory.getFileName().toString())) {
                    return Optional.of(ref);
                }
            }
            return Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (FeluccaException e) {
            // Not a name: a crash cut or garbled it.
            return Optional.empty();
        }
    }

    private static Optional<Digest> blobName(Algorithm algorithm, Path entry) {
        try {
            return Optional.of(new Digest(algorithm, entry.getFileName().toString()));
        } catch (OciFormatException e) {
            return Optional.empty();
        }
    }

    /** References hold characters a file name may not, and can be too long for one. */
    private static String directoryName(IngestRef ref) {
        return Digest.of(ref.value().getBytes(StandardCharsets.US_ASCII)).hex();
    }

    private static FeluccaException absent(String subject) {
        return new FeluccaException(ErrorCode.NOT_FOUND, subject, "it is not in the content store");
    }
}
