package org.felucca.runtime.engine.cgroup;

import java.util.List;

/**
 * A task's cgroup in one hierarchy.
 *
 * @param version 1 or 2
 * @param name name of the hierarchy's directory in a container; empty where it is mounted on /sys/fs/cgroup itself
 * @param controllers controllers of the hierarchy that count here
 * @param path absolute host path of the directory
 */
public record CgroupDirectory(int version, String name, List<String> controllers, String path) {
    private static final String SEPARATOR = "\t";

    /** Copies. */
    public CgroupDirectory {
        controllers = List.copyOf(controllers);
    }

    /** Whether its files are those of this controller. */
    boolean has(String controller) {
        return controllers.contains(controller);
    }

    /** A line of a file. */
    String toLine() {
        return String.join(SEPARATOR, Integer.toString(version), name, String.join(",", controllers), path);
    }

    static CgroupDirectory ofLine(String line) {
        String[] parts = line.split(SEPARATOR, -1);
        List<String> controllers = parts[2].isEmpty() ? List.of() : List.of(parts[2].split(","));
        return new CgroupDirectory(Integer.parseInt(parts[0]), parts[1], controllers, parts[3]);
    }
}
