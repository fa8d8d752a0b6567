package org.felucca.launcher;

import java.util.List;

/**
 * Initialises classes of the platform layer that take long for it, such as the log and native calls, on a thread of their own while the
 * framework reads its bundles. Nothing depends on it: a class that is not there, or fails, says so where it is used.
 */
final class Preloading {
    private static final List<String> CLASSES = List.of(
            "org.felucca.core.osgi.Pools",
            "org.felucca.posix.libc.Libc",
            "org.sqlite.JDBC",
            "org.apache.felix.gogo.runtime.threadio.ThreadIOImpl");

    private Preloading() {}

    /** Starts and does not wait. */
    static void start() {
        Thread thread = new Thread(Preloading::run, "felucca-preload");
        thread.setDaemon(true);
        thread.start();
    }

    private static void run() {
        ClassLoader loader = Preloading.class.getClassLoader();
        for (String name : CLASSES) {
            try {
                Class.forName(name, true, loader);
            } catch (ClassNotFoundException | LinkageError e) {
                return; // found again by whoever needs it, and told there
            }
        }
    }
}
