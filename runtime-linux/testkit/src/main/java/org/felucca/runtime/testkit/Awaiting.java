package org.felucca.runtime.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** Waits for files by the kernel's events. */
public final class Awaiting {
    private Awaiting() {}

    /** Waits until the path exists. @throws AssertionError if it does not appear in time */
    public static void path(Path path) throws IOException {
        try (WatchService watch = path.getFileSystem().newWatchService()) {
            Objects.requireNonNull(path.getParent(), "a path with a parent")
                    .register(watch, StandardWatchEventKinds.ENTRY_CREATE);
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(RuntimeFixture.WAIT_SECONDS);
            while (!Files.exists(path)) {
                long rest = deadline - System.nanoTime();
                if (rest <= 0) {
                    throw new AssertionError(path + " did not appear");
                }
                var key = watch.poll(rest, TimeUnit.NANOSECONDS);
                if (key != null) {
                    key.pollEvents();
                    key.reset();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
