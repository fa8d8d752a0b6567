package org.felucca.content;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.felucca.api.content.ContentReader;
import org.felucca.api.content.ContentWriter;
import org.felucca.api.content.IngestInfo;
import org.felucca.api.content.IngestRef;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.oci.digest.Digest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The power is cut at random points, and all that was not synced is lost: blobs are whole or absent. */
class PowerCutTest {
    private static final int CUTS = 300;
    private static final long SEED = 20261125;

    @TempDir
    Path directory;

    @Test
    void cut_anywhere_leavesBlobsWholeOrAbsentAndIngestsUsable() throws IOException {
        int cuts = 0;
        for (int round = 0; round < CUTS; round++) {
            Random random = new Random(SEED + round);
            Path root = directory.resolve("before-" + round);
            Path left = Files.createDirectory(directory.resolve("after-" + round));
            Work work = new Work(root, random);
            cuts += work.untilTheCut() ? 1 : 0;
            work.disk.after(root, left, random);
            work.assertSurvived(new FileContentStore(left, FileOperations.REAL, Clock.systemUTC()), round);
        }
        assertTrue(cuts > CUTS * 3 / 4, "only " + cuts + " of the rounds were cut while they worked");
    }

    /** Blobs are written in pieces, committed, broken off, resumed and removed. */
    private static final class Work {
        final LossyOperations disk = new LossyOperations();
        private final Random random;
        private final Path root;
        private final Map<Digest, byte[]> contents = new HashMap<>();
        /** Commits that were answered. */
        private final Set<Digest> promised = new HashSet<>();
        /** Removals that were begun. */
        private final Set<Digest> removed = new HashSet<>();

        Work(Path root, Random random) {
            this.root = root;
            this.random = random;
            for (int i = 0; i < 6; i++) {
                byte[] bytes = new byte[1 + random.nextInt(5000)];
                random.nextBytes(bytes);
                contents.put(Digest.of(bytes), bytes);
            }
        }

        /** Works; tells whether the power was cut before it was done. */
        boolean untilTheCut() {
            FileContentStore store = new FileContentStore(root, disk, Clock.systemUTC());
            disk.cutAfter(random.nextInt(80));
            try {
                List<Digest> digests = new ArrayList<>(contents.keySet());
                digests.sort(null);
                for (int i = 0; i < 12; i++) {
                    step(store, digests.get(random.nextInt(digests.size())));
                }
                return false;
            } catch (LossyOperations.PowerCut cut) {
                return true;
            }
        }

        private void step(FileContentStore store, Digest digest) {
            if (promised.contains(digest) && random.nextInt(4) == 0) {
                removed.add(digest);
                promised.remove(digest);
                store.remove(digest);
                return;
            }
            byte[] bytes = contents.get(digest);
            ContentWriter writer = store.writer(ref(digest));
            int at = (int) writer.offset();
            boolean finish = random.nextInt(3) > 0;
            int end = finish ? bytes.length : at + random.nextInt(bytes.length - at + 1);
            while (at < end) {
                int count = Math.min(end - at, 1 + random.nextInt(2000));
                writer.write(ByteBuffer.wrap(bytes, at, count));
                at += count;
            }
            if (finish) {
                writer.commit(digest, bytes.length);
                promised.add(digest);
                removed.remove(digest);
            } else {
                writer.close();
            }
        }

        private static IngestRef ref(Digest digest) {
            return new IngestRef("layer-" + digest);
        }

        void assertSurvived(FileContentStore store, int round) throws IOException {
            String what = "round " + round + " with seed " + (SEED + round);
            Set<Digest> there = new HashSet<>();
            store.walk(info -> there.add(info.digest()));
            for (Digest digest : there) {
                assertArrayEquals(contents.get(digest), read(store, digest), what);
            }
            for (Digest digest : promised) {
                assertTrue(there.contains(digest), what + ": " + digest + " was committed and is gone");
            }
            List<IngestInfo> ingests = new ArrayList<>();
            store.walkIngests(ingests::add);
            for (Digest digest : contents.keySet()) {
                if (!there.contains(digest)) {
                    resume(store, digest, what);
                }
            }
        }

        /** A resumed ingest is either right, or found wrong and begun again. */
        private void resume(FileContentStore store, Digest digest, String what) throws IOException {
            byte[] bytes = contents.get(digest);
            for (int attempt = 0; attempt < 2; attempt++) {
                try (ContentWriter writer = store.writer(ref(digest))) {
                    int at = (int) Math.min(writer.offset(), bytes.length);
                    writer.truncate(at);
                    writer.write(ByteBuffer.wrap(bytes, at, bytes.length - at));
                    writer.commit(digest, bytes.length);
                    break;
                } catch (FeluccaException e) {
                    assertEquals(ErrorCode.DATA_LOSS, e.code(), what);
                    assertEquals(0, attempt, what);
                }
            }
            assertArrayEquals(bytes, read(store, digest), what);
        }

        private static byte[] read(FileContentStore store, Digest digest) throws IOException {
            try (ContentReader reader = store.reader(digest);
                    InputStream in = reader.stream()) {
                return in.readAllBytes();
            }
        }
    }
}
