package org.felucca.verbs.platform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * How long ago the daemon began, by the kernel's clock of processes, to 10 ms. The JDK's start time of a process is off
 * by up to a second instead, because it adds the same clock to the time of boot, which the kernel tells in whole
 * seconds.
 *
 * @param proc where procfs is mounted
 * @param pid the process whose start counts
 */
record StartTime(Path proc, String pid) {
    /** Which JVM of its supervisor this one is, from 1 on. */
    private static final String STARTS = "FELUCCA_STARTS";

    /** The process that was {@code felucca-daemon} before it became the supervisor. */
    private static final String SUPERVISOR = "FELUCCA_SUPERVISE_PID";

    /** The field of {@code stat} with the start, counted behind the command's name, which may hold spaces. */
    private static final int START = 19;

    /** What the kernel counts a second in, whatever its own clock: USER_HZ, 100 on all its platforms with a JDK. */
    private static final int HZ = 100;

    /** Returns the start of the command for its first JVM, and of the JVM itself for one that took the place of another. */
    static StartTime ofDaemon(Path proc, Map<String, String> environment) {
        String supervisor = environment.getOrDefault(SUPERVISOR, "");
        boolean first = "1".equals(environment.get(STARTS)) && !supervisor.isEmpty();
        return new StartTime(proc, first ? supervisor : "self");
    }

    /** Returns how long ago it was; empty where the system does not tell. */
    Optional<Duration> ago() {
        try {
            String stat = Files.readString(proc.resolve(pid).resolve("stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            String uptime = Files.readString(proc.resolve("uptime"));
            double seconds = Double.parseDouble(uptime.substring(0, uptime.indexOf(' ')));
            long start = Long.parseLong(fields[START]) * 1000 / HZ;
            return Optional.of(Duration.ofMillis(Math.round(seconds * 1000) - start));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
