package org.felucca.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Entry point of the daemon's JVM. It ends with status 0 after a clean stop (SIGTERM, SIGINT, or the framework stopped from inside),
 * 1 if the platform failed while it started, ran or stopped, and 2 if command line, settings or directories cannot be used: supervise
 * tries again after the former and not after the latter.
 */
public final class Main {
    private Main() {}

    /**
     * Runs the platform until it is stopped.
     *
     * @param arguments pairs of option and value, see {@link Settings}
     */
    public static void main(String[] arguments) {
        Settings settings;
        Platform platform;
        Preloading.start();
        try {
            settings = Settings.parse(List.of(arguments));
            platform = Platform.prepare(settings, BundleList.read(settings.home()));
        } catch (LaunchException e) {
            Console.error(e.getMessage());
            System.exit(2);
            return;
        }
        System.exit(run(platform, settings) ? 0 : 1);
    }

    private static boolean run(Platform platform, Settings settings) {
        AtomicBoolean failed = new AtomicBoolean();
        Thread stop = new Thread(() -> stop(platform, settings, failed), "felucca-stop");
        Runtime.getRuntime().addShutdownHook(stop);
        try {
            platform.start();
            noteStarted(settings);
            failed.set(!platform.awaitStop());
        } catch (LaunchException e) {
            Console.error(e.getMessage());
            failed.set(true);
        } catch (InterruptedException e) {
            failed.set(true);
        }
        return !failed.get();
    }

    /** Removes the start script's note of a start under way: the class archive, if there is one, is good. */
    private static void noteStarted(Settings settings) {
        Path note = settings.state().resolve("starting");
        try {
            Files.deleteIfExists(note);
        } catch (IOException e) {
            Console.error(
                    "cannot remove " + note + ": " + e.getMessage() + "; the next start is without class archive");
        }
    }

    /**
     * Runs when the JVM was told to end. It halts with a status of its own, because the JVM's would be 128 + the signal's number, and
     * a clean stop is no failure to whoever supervises the process.
     */
    private static void stop(Platform platform, Settings settings, AtomicBoolean failed) {
        long begin = System.nanoTime();
        try {
            platform.stop(settings.stopDeadline());
            Console.log("stopped in " + (System.nanoTime() - begin) / 1_000_000 + " ms");
        } catch (LaunchException e) {
            Console.error(e.getMessage());
            failed.set(true);
        } catch (InterruptedException e) {
            failed.set(true);
        }
        Runtime.getRuntime().halt(failed.get() ? 1 : 0);
    }
}
