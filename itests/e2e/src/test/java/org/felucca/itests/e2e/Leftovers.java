package org.felucca.itests.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What containers could leave behind on the host: mounts, control groups, processes, and files of the daemon. A picture
 * of it; two are compared. Immutable.
 */
final class Leftovers {
    private static final Duration SETTLE = Duration.ofSeconds(10);

    private final Daemon daemon;
    private final Set<String> before;

    private Leftovers(Daemon daemon, Set<String> before) {
        this.daemon = daemon;
        this.before = before;
    }

    /** Takes the picture to compare with. */
    static Leftovers of(Daemon daemon) {
        return new Leftovers(daemon, all(daemon));
    }

    /** Fails if there is something now that was not there before; what is on its way out gets some seconds. */
    void assertNothingNew() {
        Set<String> left = new TreeSet<>();
        long end = System.nanoTime() + SETTLE.toNanos();
        do {
            left.clear();
            left.addAll(all(daemon));
            left.removeAll(before);
        } while (!left.isEmpty() && System.nanoTime() < end);
        assertEquals(Set.of(), left, "left behind");
    }

    private static Set<String> all(Daemon daemon) {
        Set<String> all = new TreeSet<>();
        all.addAll(cgroups(daemon));
        processes(daemon, all);
        files(daemon.root(), all);
        files(daemon.state(), all);
        return all;
    }

    /** Control groups of containers. */
    private static Set<String> cgroups(Daemon daemon) {
        Set<String> found = new TreeSet<>();
        Path top = Path.of("/sys/fs/cgroup");
        try (Stream<Path> hierarchies = Files.list(top)) {
            for (Path hierarchy : Stream.concat(Stream.of(top), hierarchies).toList()) {
                Path ours = hierarchy.resolve(daemon.cgroupParent());
                if (!Files.isDirectory(ours)) {
                    continue;
                }
                try (Stream<Path> groups = Files.list(ours)) {
                    groups.filter(Files::isDirectory).forEach(group -> found.add("cgroup " + group));
                }
            }
        } catch (NoSuchFileException e) {
            return cgroups(daemon); // one went while it was read
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    /** Processes that the daemon started, directly or not, and mounts below its directories that any of them sees. */
    private static void processes(Daemon daemon, Set<String> found) {
        String base = daemon.base().toString();
        byte[] mark = (Daemon.MARK + "=" + base).getBytes(StandardCharsets.UTF_8);
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            for (Path process : processes.toList()) {
                if (!Character.isDigit(process.getFileName().toString().charAt(0))) {
                    continue;
                }
                // A container's own processes come and go; what must be gone is its control group.
                boolean contained = text(process.resolve("cgroup")).contains(":/" + daemon.cgroupParent() + "/");
                boolean ours = contains(read(process.resolve("environ")), mark);
                if (ours && !contained) {
                    found.add("process " + process.getFileName() + " "
                            + text(process.resolve("cmdline")).replace('\0', ' '));
                }
                if (ours || process.getFileName().toString().equals("1")) {
                    mounts(process, base, found);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        mounts(Path.of("/proc/self"), base, found);
    }

    private static void mounts(Path process, String base, Set<String> found) {
        for (String line : text(process.resolve("mountinfo")).lines().toList()) {
            if (line.contains(base)) {
                List<String> fields = List.of(line.split(" "));
                found.add("mount " + fields.get(4));
            }
        }
    }

    /** The daemon's files; a log grows and a database changes, but their names stay. */
    private static void files(Path top, Set<String> found) {
        if (!Files.exists(top)) {
            return;
        }
        String skipped = top.resolve("framework").toString();
        Finished list = Commands.run(
                "find",
                top.toString(),
                "-maxdepth",
                "6",
                "-path",
                skipped,
                "-prune",
                "-o",
                "-path",
                top.resolve("classes").toString(),
                "-prune",
                "-o",
                "-print");
        list.lines().stream().filter(line -> !line.contains("/felucca.db-")).forEach(line -> found.add("file " + line));
    }

    private static boolean contains(byte[] bytes, byte[] part) {
        return new String(bytes, StandardCharsets.ISO_8859_1).contains(new String(part, StandardCharsets.ISO_8859_1));
    }

    private static String text(Path file) {
        return new String(read(file), StandardCharsets.UTF_8);
    }

    /** A process may end while it is looked at, and kernel threads have no environment. */
    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            return new byte[0];
        }
    }
}
