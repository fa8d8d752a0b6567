package org.felucca.itests.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.felucca.oci.json.Json;
import org.felucca.oci.json.JsonCursor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * kill -9 at random points of pull, unpack, removal and collection: afterwards all is well on the disk, and every image
 * is whole or absent. {@code -Dfelucca.crash.seed} repeats a run, {@code -Dfelucca.crash.kills} makes it longer.
 */
class StorageCrashTest {
    private static final int KILLS = Integer.getInteger("felucca.crash.kills", 6);
    private static final long SEED = Long.getLong("felucca.crash.seed", new Random().nextLong());
    /** A pull of the larger image takes about so long. */
    private static final int LONGEST_MILLIS = 1500;

    @RegisterExtension
    static final Fixture FIXTURE = new Fixture();

    private final Daemon daemon = FIXTURE.daemon();

    @Test
    void kill_atAnyPoint_leavesImagesWholeOrAbsent() throws Exception {
        System.out.println("StorageCrashTest: " + KILLS + " kills, seed " + SEED);
        Random random = new Random(SEED);
        List<String> images = List.of(
                FIXTURE.images().busybox(),
                FIXTURE.images().crafted(),
                FIXTURE.images().debianGzip(),
                FIXTURE.images().debianZstd());
        for (int kill = 0; kill < KILLS; kill++) {
            String what = "kill " + kill + " with seed " + SEED;
            List<CompletableFuture<Finished>> under = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                under.add(start(random, images));
            }
            int delay = random.nextInt(LONGEST_MILLIS);
            CompletableFuture<?> all = CompletableFuture.allOf(under.toArray(CompletableFuture[]::new));
            try {
                all.get(delay, TimeUnit.MILLISECONDS);
            } catch (java.util.concurrent.TimeoutException stillAtIt) {
                // That is the point.
                assertTrue(delay >= 0);
            }
            killDaemon();
            all.orTimeout(60, TimeUnit.SECONDS).join();
            daemon.launch();
            Finished check = daemon.felucca("fsck");
            assertEquals(0, check.status(), what + ":\n" + check + "\n" + daemon.log());
            assertEquals(1, check.lines().size(), what + ":\n" + check.text());
            assertWhole(what);
        }
    }

    /** Something that changes what is on the disk. */
    private CompletableFuture<Finished> start(Random random, List<String> images) {
        String image = images.get(random.nextInt(images.size()));
        String[] command = switch (random.nextInt(6)) {
            case 0, 1, 2 -> new String[] {"pull", "--quiet", image};
            case 3 -> new String[] {"rmi", image};
            case 4 -> new String[] {"system", "prune", "--images", "--force"};
            default -> new String[] {"run", "--rm", image, "true"};
        };
        return CompletableFuture.supplyAsync(() -> daemon.felucca(command));
    }

    private void killDaemon() {
        long supervise = daemon.supervise();
        long jvm = daemon.jvm();
        ProcessHandle.of(supervise).ifPresent(ProcessHandle::destroyForcibly);
        ProcessHandle.of(jvm).ifPresent(ProcessHandle::destroyForcibly);
        Daemon.kill(jvm);
        Daemon.kill(supervise);
        daemon.awaitEnd();
    }

    /** Every image that is there has all its files: what it is made of is compared by fsck, and here it runs. */
    private void assertWhole(String what) {
        for (String line : daemon.felucca("images", "--format", "json").ok().lines()) {
            String name = JsonCursor.of(line, Json.parse(line, line)).object().string("name");
            String[] command = name.contains("crafted")
                    ? new String[] {"run", "--rm", "--pull", "never", name, "/listing", "/etc"}
                    : new String[] {"run", "--rm", "--pull", "never", name, "true"};
            Finished run = daemon.felucca(command);
            assertEquals(0, run.status(), what + ": " + run + "\n" + daemon.log());
        }
    }
}
