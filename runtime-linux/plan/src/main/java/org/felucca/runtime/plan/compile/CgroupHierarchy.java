package org.felucca.runtime.plan.compile;

import java.util.List;

/**
 * A cgroup that was made for the container, in one hierarchy.
 *
 * @param slot where its directory comes with the plan
 * @param version 1 or 2
 * @param memory whether the monitor reads OOM kills there
 * @param kill whether the monitor finds the container's processes there
 * @param name name of the hierarchy's directory under {@code /sys/fs/cgroup}: {@code memory}, {@code cpu,cpuacct},
 *     {@code unified}; empty where the hierarchy is mounted on {@code /sys/fs/cgroup} itself
 * @param options mount options that select the hierarchy: controllers, {@code name=systemd}; none for version 2
 * @param hostDirectory absolute host path of the cgroup's directory
 */
public record CgroupHierarchy(
        int slot, int version, boolean memory, boolean kill, String name, List<String> options, String hostDirectory) {
    /** Copies. */
    public CgroupHierarchy {
        options = List.copyOf(options);
    }
}
