package org.felucca.launcher;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;

/** The daemon's standard output and error, for the few lines that come before the log or after it. */
final class Console {
    private static final String TIME = "yyyy-MM-dd HH:mm:ss.SSS";

    private Console() {}

    /** Writes one line that looks like one of the log's. */
    static void log(String message) {
        String time = LocalDateTime.now().format(DateTimeFormatter.ofPattern(TIME));
        System.out.println(time + " INFO  Launcher: " + message);
    }

    /** Writes one line that says which program it is from. */
    static void error(String message) {
        System.err.println("felucca-daemon: " + message);
    }
}
