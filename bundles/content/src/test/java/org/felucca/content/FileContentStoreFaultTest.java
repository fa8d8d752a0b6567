package org.felucca.content;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.felucca.api.content.ContentReader;
import org.felucca.api.content.ContentWriter;
import org.felucca.api.content.IngestInfo;
import org.felucca.api.content.IngestRef;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.oci.digest.Digest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the store does when the disk, the process or the power fails at any of its steps. */
class FileContentStoreFaultTest {
    private static final String ENOSPC = "No space left on device";
    private static final String EIO = "Input/output error";
    private static final IngestRef REF = new IngestRef("r");
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC);

    private final byte[] content = "some bytes that matter".getBytes();
    private final Digest digest = Digest.of(content);
    private final FaultyOperations files = new FaultyOperations();

    @TempDir
    Path root;

    @Test
    void commit_steps_bringDataToDiskBeforeTheNameAndTheNameBeforeItReturns() {
        FileContentStore store = store(root);
        files.fail(Integer.MAX_VALUE, "");
        put(store);
        List<String> steps = files.steps();
        int rename = steps.indexOf("rename");
        assertTrue(steps.lastIndexOf("write") < steps.indexOf("force"), steps::toString);
        assertTrue(steps.indexOf("force") < rename, steps::toString);
        assertEquals("forceDirectory", steps.get(rename + 1), steps::toString);
        assertEquals(List.of("delete", "delete", "delete"), steps.subList(rename + 2, steps.size()), steps::toString);
    }

    @Test
    void put_diskFullAtAnyStep_saysSoAndWorksOnceThereIsSpace() {
        eachFailure(ENOSPC, (store, failure, step) -> {
            if (failure != null) {
                assertEquals(ErrorCode.RESOURCE_EXHAUSTED, failure.code(), () -> step + ": " + failure);
            }
        });
    }

    @Test
    void put_diskBrokenAtAnyStep_saysSoAndLeavesNoBlobHalfDone() {
        eachFailure(EIO, (store, failure, step) -> {
            if (failure != null) {
                assertEquals(ErrorCode.INTERNAL, failure.code(), () -> step + ": " + failure);
            }
        });
    }

    @Test
    void put_crashAtAnyStep_leavesTheBlobWholeOrAbsentAfterRestart() throws IOException {
        int steps = countSteps();
        for (int step = 0; step < steps; step++) {
            Path directory = root.resolve("crash-" + step);
            FileContentStore store = store(directory);
            files.crash(step);
            boolean committed = tryPut(store) == null;
            files.fail(Integer.MAX_VALUE, "");
            FileContentStore restarted = store(directory);
            if (committed) {
                assertTrue(restarted.stat(digest).isPresent(), "committed, crash at step " + step);
            }
            requireWholeOrAbsent(restarted, "crash at step " + step);
            put(restarted);
            assertArrayEquals(content, get(restarted));
            assertEquals(List.of(), ingests(restarted));
            try (Stream<Path> left = Files.list(directory.resolve("ingest"))) {
                assertEquals(0, left.count(), "crash at step " + step);
            }
        }
    }

    @Test
    void commit_syncFailsWithEio_dropsBytesTheKernelMayHaveLost() {
        FileContentStore store = store(root);
        ContentWriter writer = store.writer(REF);
        writer.write(ByteBuffer.wrap(content));
        files.fail(1, EIO);
        FeluccaException e = assertThrows(FeluccaException.class, () -> writer.commit(digest, content.length));
        assertEquals("force", files.steps().get(1));
        assertEquals(ErrorCode.INTERNAL, e.code());
        assertEquals(List.of(), ingests(store));
    }

    @Test
    void commit_diskFullWhileSyncing_keepsTheIngest() {
        FileContentStore store = store(root);
        try (ContentWriter writer = store.writer(REF)) {
            writer.write(ByteBuffer.wrap(content));
            files.fail(1, ENOSPC);
            assertThrows(FeluccaException.class, () -> writer.commit(digest, content.length));
            assertEquals(1, ingests(store).size());
            assertEquals(digest, writer.commit(digest, content.length).digest());
        }
    }

    @Test
    void write_diskFull_keepsWhatArrivedBeforeAndNothingElse() {
        FileContentStore store = store(root);
        try (ContentWriter writer = store.writer(REF)) {
            writer.write(ByteBuffer.wrap(content, 0, 10));
            files.fail(0, ENOSPC);
            assertThrows(FeluccaException.class, () -> writer.write(ByteBuffer.wrap(content, 10, 8)));
            assertEquals(10, writer.offset());
        }
        try (ContentWriter writer = store.writer(REF)) {
            assertEquals(10, writer.offset());
            writer.write(ByteBuffer.wrap(content, 10, content.length - 10));
            writer.commit(digest, content.length);
        }
    }

    @Test
    void commit_overBlobCutByPowerLoss_mendsIt() throws IOException {
        FileContentStore store = store(root);
        put(store);
        Path blob = store.blob(digest);
        Files.delete(blob);
        Files.createFile(blob);
        assertEquals(0, store.stat(digest).orElseThrow().size());
        put(store);
        assertArrayEquals(content, get(store));
    }

    @Test
    void write_onInterruptedThread_isCancelledAndKeepsTheFlag() {
        FileContentStore store = store(root);
        ContentWriter writer = store.writer(REF);
        Thread.currentThread().interrupt();
        try {
            FeluccaException e = assertThrows(FeluccaException.class, () -> writer.write(ByteBuffer.wrap(content)));
            assertEquals(ErrorCode.CANCELLED, e.code());
            assertTrue(Thread.currentThread().isInterrupted());
        } finally {
            Thread.interrupted();
            writer.close();
        }
    }

    @Test
    void writer_onInterruptedThread_isCancelledAndLeavesNoIngest() throws IOException {
        FileContentStore store = store(root.resolve("store"));
        Thread.currentThread().interrupt();
        try {
            FeluccaException e = assertThrows(FeluccaException.class, () -> store.writer(REF));
            assertEquals(ErrorCode.CANCELLED, e.code());
        } finally {
            assertTrue(Thread.interrupted());
        }
        try (Stream<Path> left = Files.list(root.resolve("store/ingest"))) {
            assertEquals(List.of(), left.toList());
        }
        put(store);
        assertArrayEquals(content, get(store));
    }

    @Test
    void writer_onInterruptedThread_keepsWhatIsToBeResumed() {
        FileContentStore store = store(root);
        try (ContentWriter writer = store.writer(REF)) {
            writer.write(ByteBuffer.wrap(content));
        }
        Thread.currentThread().interrupt();
        try {
            assertThrows(FeluccaException.class, () -> store.writer(REF));
        } finally {
            assertTrue(Thread.interrupted());
        }
        try (ContentWriter writer = store.writer(REF)) {
            assertEquals(content.length, writer.offset());
            writer.abort();
        }
    }

    @Test
    void files_ofTheStore_areForTheOwnerAndBlobsAreReadOnly() throws IOException {
        FileContentStore store = store(root.resolve("store"));
        put(store);
        assertEquals("rwx------", permissions(root.resolve("store")));
        assertEquals("r--r--r--", permissions(store.blob(digest)));
        assertEquals(
                Path.of("blobs", "sha256", digest.hex()), root.resolve("store").relativize(store.blob(digest)));
    }

    @Test
    void walk_foreignFiles_arePassedOver() throws IOException {
        FileContentStore store = store(root);
        put(store);
        Files.writeString(store.blob(digest).resolveSibling("README"), "x");
        Files.createDirectory(root.resolve("ingest").resolve("foreign"));
        List<Digest> seen = new ArrayList<>();
        store.walk(info -> seen.add(info.digest()));
        assertEquals(List.of(digest), seen);
        assertEquals(List.of(), ingests(store));
    }

    private void eachFailure(String errno, Check check) {
        int steps = countSteps();
        for (int step = 0; step < steps; step++) {
            FileContentStore store = store(root.resolve(errno.charAt(0) + "-" + step));
            files.fail(step, errno);
            FeluccaException failure = tryPut(store);
            String name = files.steps().get(step) + " (step " + step + ")";
            check.check(store, failure, name);
            requireWholeOrAbsent(store, name);
            if (failure == null) {
                assertTrue(store.stat(digest).isPresent(), name);
            }
            files.fail(Integer.MAX_VALUE, "");
            put(store);
            assertArrayEquals(content, get(store), name);
        }
    }

    private int countSteps() {
        FileContentStore store = store(root.resolve("count"));
        files.fail(Integer.MAX_VALUE, "");
        put(store);
        int steps = files.steps().size();
        assertTrue(steps >= 11, files.steps()::toString);
        return steps;
    }

    private void requireWholeOrAbsent(FileContentStore store, String when) {
        if (store.stat(digest).isPresent()) {
            assertArrayEquals(content, get(store), when);
        }
    }

    private FileContentStore store(Path directory) {
        return new FileContentStore(directory, files, CLOCK);
    }

    private FeluccaException tryPut(FileContentStore store) {
        try {
            put(store);
            return null;
        } catch (FeluccaException e) {
            return e;
        }
    }

    private void put(FileContentStore store) {
        try (ContentWriter writer = store.writer(REF)) {
            writer.truncate(0);
            writer.write(ByteBuffer.wrap(content));
            writer.commit(digest, content.length);
        }
    }

    private byte[] get(FileContentStore store) {
        try (ContentReader reader = store.reader(digest)) {
            return reader.stream().readAllBytes();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<IngestInfo> ingests(FileContentStore store) {
        List<IngestInfo> found = new ArrayList<>();
        store.walkIngests(found::add);
        return found;
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    /** What to assert after a failure. */
    private interface Check {
        void check(FileContentStore store, FeluccaException failure, String step);
    }
}
