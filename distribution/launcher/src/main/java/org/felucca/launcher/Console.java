package org.felucca.launcher;

/** The daemon's standard error, for the few lines that come before the log or after it. */
final class Console {
    private Console() {}

    /** Writes one line that says which program it is from. */
    static void error(String message) {
        System.err.println("felucca-daemon: " + message);
    }
}
