package org.felucca.itests.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A daemon whose root is a file system of 160 MB. */
class FullDiskTest {
    /** Gives the registry; its own daemon has space and is not used. */
    @RegisterExtension
    static final Fixture FIXTURE = new Fixture();

    @Test
    void pull_withoutSpace_saysSoLeavesNothingAndWorksAgainAfterwards() throws IOException {
        Path base = Files.createTempDirectory(Path.of("/var/tmp"), "felucca-e2e-small.");
        Path root = Files.createDirectory(base.resolve("root"));
        Commands.run("mount", "-t", "tmpfs", "-o", "size=160m,mode=711", "tmpfs", root.toString())
                .ok();
        try {
            Daemon daemon = Daemon.start(base);
            try {
                // The first stop of an installation writes the class archive, for which there must be space.
                daemon.stop();
                daemon.launch();
                daemon.felucca("pull", FIXTURE.images().debianGzip()).status(1).complains("space");
                assertFalse(daemon.felucca("images").ok().text().contains("debian"));
                long used = used(root);
                daemon.felucca("pull", FIXTURE.images().debianGzip()).status(1).complains("space");
                assertTrue(used(root) <= used + (8 << 20), "a refused pull keeps " + (used(root) - used) + " bytes");
                // What the refused pulls brought in is collected, though there is no space to write that down.
                Commands.await(
                        "there is space again",
                        Duration.ofSeconds(20),
                        () -> daemon.felucca("pull", FIXTURE.images().busybox()).status() == 0);
                assertEquals(
                        "ok",
                        daemon.felucca("run", "--rm", FIXTURE.images().busybox(), "echo", "ok")
                                .ok()
                                .word());
            } finally {
                daemon.removeContainers();
                daemon.stop();
            }
        } finally {
            Commands.run("umount", root.toString()).ok();
            Commands.run("rm", "-rf", "--one-file-system", base.toString()).ok();
        }
    }

    private static long used(Path root) throws IOException {
        var store = Files.getFileStore(root);
        return store.getTotalSpace() - store.getUnallocatedSpace();
    }
}
