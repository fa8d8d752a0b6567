package org.felucca.plugins;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls back when a folder's entries have changed and stayed as they are for a moment, and once at the start. One thread of its own
 * makes all calls; {@link #close} ends and joins it. A callback that throws is logged and called again at the next change.
 */
final class FolderWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FolderWatch.class);

    private final WatchService service;
    private final Duration quiet;
    private final Runnable changed;
    private final Thread thread;

    private FolderWatch(WatchService service, Duration quiet, Runnable changed) {
        this.service = service;
        this.quiet = quiet;
        this.changed = changed;
        this.thread = new Thread(this::run, "felucca-plugins");
        thread.setDaemon(true);
    }

    /**
     * Starts to watch.
     *
     * @param folder an existing directory
     * @param quiet how long nothing must change before the callback; a file that is being written is rarely quiet
     * @param changed the callback
     * @throws UncheckedIOException if the folder cannot be watched
     */
    static FolderWatch start(Path folder, Duration quiet, Runnable changed) {
        try {
            WatchService service = folder.getFileSystem().newWatchService();
            folder.register(service, ENTRY_CREATE, ENTRY_MODIFY, ENTRY_DELETE);
            FolderWatch watch = new FolderWatch(service, quiet, changed);
            watch.thread.start();
            return watch;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot watch " + folder + ": " + e.getMessage(), e);
        }
    }

    private void run() {
        try {
            call();
            while (true) {
                WatchKey key = service.take();
                boolean valid = true;
                while (key != null) {
                    key.pollEvents();
                    valid = key.reset();
                    key = service.poll(quiet.toMillis(), TimeUnit.MILLISECONDS);
                }
                call();
                if (!valid) {
                    LOG.warn("plugins folder is gone and no longer watched; create it and restart the daemon");
                    return;
                }
            }
        } catch (ClosedWatchServiceException | InterruptedException e) {
            LOG.debug("plugins folder is no longer watched");
        }
    }

    private void call() throws InterruptedException {
        try {
            changed.run();
        } catch (RuntimeException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            LOG.error("cannot bring the plugins folder up to date", e);
        }
    }

    /** Stops watching, interrupts a callback under way and waits for the thread to end. */
    @Override
    public void close() {
        try {
            service.close();
            thread.interrupt();
            thread.join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
