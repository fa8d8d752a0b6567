package org.felucca.runtime.engine.cgroup;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which hierarchies this host has and where they are mounted. A directory that is not a mount of a hierarchy is none,
 * whatever its name.
 *
 * @param controllers hierarchies of version 1 by each of their controllers; those with a name only are left out
 * @param unified where version 2 is mounted, if it is
 * @param mountPoints where hierarchies are mounted, those with a name only among them
 */
public record CgroupLayout(Map<String, Hierarchy> controllers, Optional<Unified> unified, List<String> mountPoints) {
    private static final Set<String> KNOWN = Set.of(
            "cpu",
            "cpuacct",
            "cpuset",
            "memory",
            "devices",
            "freezer",
            "blkio",
            "pids",
            "hugetlb",
            "net_cls",
            "net_prio",
            "perf_event",
            "rdma",
            "misc");

    /**
     * A hierarchy of version 1.
     *
     * @param mountPoint absolute host path
     * @param controllers in the order of the mount options
     */
    public record Hierarchy(String mountPoint, List<String> controllers) {
        /** Copies. */
        public Hierarchy {
            controllers = List.copyOf(controllers);
        }

        /** Returns the name of its directory in a container. */
        public String name() {
            return String.join(",", controllers);
        }
    }

    /**
     * The hierarchy of version 2.
     *
     * @param mountPoint absolute host path
     */
    public record Unified(String mountPoint) {}

    /** Copies. */
    public CgroupLayout {
        controllers = Map.copyOf(controllers);
        mountPoints = List.copyOf(mountPoints);
    }

    /** Returns {@code true} if version 2 has the controllers, and version 1 has none. */
    public boolean unifiedOnly() {
        return unified.isPresent() && controllers.isEmpty();
    }

    /** Reads {@code /proc/self/mountinfo}. */
    public static CgroupLayout parse(String mountinfo) {
        Map<String, Hierarchy> controllers = new LinkedHashMap<>();
        Optional<Unified> unified = Optional.empty();
        List<String> mountPoints = new ArrayList<>();
        for (String line : mountinfo.split("\n")) {
            int separator = line.indexOf(" - ");
            if (separator < 0) {
                continue;
            }
            String[] before = line.substring(0, separator).split(" ");
            String[] after = line.substring(separator + 3).split(" ");
            if (before.length < 5 || after.length < 3 || !before[3].equals("/")) {
                continue;
            }
            String mountPoint = unescape(before[4]);
            if (after[0].startsWith("cgroup")) {
                mountPoints.add(mountPoint);
            }
            if (after[0].equals("cgroup2") && unified.isEmpty()) {
                unified = Optional.of(new Unified(mountPoint));
            } else if (after[0].equals("cgroup")) {
                addHierarchy(controllers, mountPoint, after[2]);
            }
        }
        return new CgroupLayout(controllers, unified, mountPoints);
    }

    private static void addHierarchy(Map<String, Hierarchy> controllers, String mountPoint, String options) {
        List<String> found = new ArrayList<>();
        for (String option : options.split(",")) {
            if (KNOWN.contains(option)) {
                found.add(option);
            }
        }
        Hierarchy hierarchy = new Hierarchy(mountPoint, found);
        found.forEach(controller -> controllers.putIfAbsent(controller, hierarchy));
    }

    /** mountinfo writes space, tab, newline and backslash in octal. */
    private static String unescape(String path) {
        if (path.indexOf('\\') < 0) {
            return path;
        }
        return path.replace("\\040", " ")
                .replace("\\011", "\t")
                .replace("\\012", "\n")
                .replace("\\134", "\\");
    }

    /** Returns a line for people. */
    public String describe() {
        if (unifiedOnly()) {
            return "version 2";
        }
        String names = String.join(",", new TreeSet<>(controllers.keySet()));
        return "version 1 (" + names + ")" + (unified.isPresent() ? " with an empty version 2 beside it" : "");
    }
}
