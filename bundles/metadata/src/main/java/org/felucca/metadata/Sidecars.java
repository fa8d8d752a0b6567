package org.felucca.metadata;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.felucca.api.metadata.MetadataRecord;
import org.felucca.api.metadata.RecordId;
import org.felucca.api.metadata.RecordKind;
import org.felucca.oci.OciFormatException;
import org.felucca.oci.digest.Digest;
import org.felucca.oci.json.Json;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;

/**
 * The copies of records on disk, one small file each:
 *
 * <pre>
 *   records/state                 which flush they are as of, and whether they were complete at the last close
 *   records/image/&lt;hex&gt;.json      one record; the name is the digest of scope and key
 * </pre>
 *
 * <p>A file is written beside its name, synced, and renamed. Leases have no copies: they do not outlive a database.
 * One thread writes; any may read meanwhile.
 */
final class Sidecars {
    private static final String SUFFIX = ".json";
    private static final String TEMPORARY = ".new";
    private static final String STATE = "state";
    private static final int NAME_DIGITS = 40;

    private final Path directory;
    private final Set<Path> touched = new HashSet<>();

    /**
     * Which flush the copies are as of.
     *
     * @param flush its number, which the database has as well; 0 before the first
     * @param schema the schema of the database then
     * @param complete whether nothing has changed since
     */
    record State(long flush, int schema, boolean complete) {}

    /**
     * What is there.
     *
     * @param records by identity
     * @param damaged files that do not hold what was written
     */
    record Contents(Map<RecordId, MetadataRecord> records, List<Path> damaged) {}

    Sidecars(Path directory) {
        this.directory = directory;
    }

    /** Whether records of this kind have copies. */
    static boolean covers(RecordKind kind) {
        return kind != RecordKind.LEASE;
    }

    private static String name(RecordId id) {
        byte[] identity = (id.scope() + '\0' + id.key()).getBytes(StandardCharsets.UTF_8);
        return Digest.of(identity).hex().substring(0, NAME_DIGITS) + SUFFIX;
    }

    Path path(RecordId id) {
        return directory.resolve(id.kind().label()).resolve(name(id));
    }

    /** Makes the directories. */
    void create() throws IOException {
        makeDirectory(directory);
        for (RecordKind kind : RecordKind.values()) {
            if (covers(kind)) {
                makeDirectory(directory.resolve(kind.label()));
            }
        }
        sync(directory);
    }

    private static void makeDirectory(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            return;
        }
        if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createDirectory(
                    path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } else {
            Files.createDirectory(path);
        }
    }

    /** Writes a copy; durable after {@link #syncNames}. */
    void write(MetadataRecord record) throws IOException {
        replace(path(record.id()), Sidecar.write(record));
    }

    /** Removes a copy, if it is there; durable after {@link #syncNames}. */
    void remove(RecordId id) throws IOException {
        Path path = path(id);
        if (Files.deleteIfExists(path)) {
            touched.add(path.getParent());
        }
    }

    private void replace(Path path, byte[] bytes) throws IOException {
        Path temporary = path.resolveSibling(path.getFileName() + TEMPORARY);
        try (FileChannel channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        } catch (IOException e) {
            Files.deleteIfExists(temporary);
            throw e;
        }
        Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        touched.add(path.getParent());
    }

    /** Brings names and removals to the disk. */
    void syncNames() throws IOException {
        for (Path parent : touched) {
            sync(parent);
        }
        touched.clear();
    }

    private static void sync(Path parent) throws IOException {
        if (parent.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            try (FileChannel channel = FileChannel.open(parent, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    /** Writes the state, durably. */
    void state(State state) throws IOException {
        replace(
                directory.resolve(STATE),
                Json.bytes(JsonObject.builder()
                        .put("flush", state.flush())
                        .put("schema", state.schema())
                        .put("complete", state.complete())
                        .build()));
        syncNames();
    }

    /** The state; a damaged or missing one is that of copies that may lag behind. */
    State state() throws IOException {
        String subject = directory.resolve(STATE).toString();
        try {
            ObjectReader object =
                    JsonCursor.of(subject, Files.readAllBytes(Path.of(subject))).object();
            return new State(
                    object.required("flush", JsonCursor::int64),
                    (int) object.required("schema", at -> at.integer(0, Integer.MAX_VALUE))
                            .longValue(),
                    object.required("complete", JsonCursor::bool));
        } catch (NoSuchFileException | OciFormatException e) {
            return new State(0, 0, false);
        }
    }

    /** Reads everything. */
    Contents read() throws IOException {
        Map<RecordId, MetadataRecord> records = new HashMap<>();
        List<Path> damaged = new ArrayList<>();
        for (RecordKind kind : RecordKind.values()) {
            Path parent = directory.resolve(kind.label());
            if (!covers(kind) || !Files.isDirectory(parent)) {
                continue;
            }
            try (DirectoryStream<Path> files = Files.newDirectoryStream(parent)) {
                for (Path file : files) {
                    read(kind, file, records, damaged);
                }
            }
        }
        return new Contents(records, damaged);
    }

    private void read(RecordKind kind, Path file, Map<RecordId, MetadataRecord> records, List<Path> damaged)
            throws IOException {
        String name = file.getFileName().toString();
        if (name.endsWith(TEMPORARY)) {
            // It is being written, or its writer was killed; the next write of the record takes its place.
            return;
        }
        try {
            MetadataRecord record = Sidecar.read(file.toString(), Files.readAllBytes(file));
            if (record.id().kind() == kind && name(record.id()).equals(name)) {
                records.put(record.id(), record);
            } else {
                damaged.add(file);
            }
        } catch (OciFormatException e) {
            damaged.add(file);
        } catch (NoSuchFileException e) {
            // Removed while the directory was read.
            return;
        }
    }
}
