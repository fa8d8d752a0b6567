package org.felucca.core.spec;

import java.util.ArrayList;
import java.util.List;
import org.felucca.oci.runtimespec.Mount;
import org.felucca.oci.runtimespec.linux.DeviceRule;
import org.felucca.oci.runtimespec.linux.DeviceRuleType;

/** What every Linux container starts from: the defaults that Docker's daemon has in its own {@code oci} package. */
final class LinuxDefaults {
    /** The oldest version that has every property used, so that older runtimes take it too. */
    static final String OCI_VERSION = "1.0.2";

    static final String PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    static final List<String> READ_ONLY_PATHS =
            List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

    private static final List<String> MASKED_PATHS = List.of(
            "/proc/acpi",
            "/proc/asound",
            "/proc/interrupts",
            "/proc/kcore",
            "/proc/keys",
            "/proc/latency_stats",
            "/proc/sched_debug",
            "/proc/scsi",
            "/proc/timer_list",
            "/proc/timer_stats",
            "/sys/devices/virtual/powercap",
            "/sys/firmware");

    /**
     * Everything denied but making nodes, and using null, zero, full, random, urandom, tty, console, ptmx and the
     * terminals of pts: Docker's rules together with those that runc adds to them.
     */
    static final List<DeviceRule> DEVICE_RULES = List.of(
            new DeviceRule(false, null, null, null, "rwm"),
            allowed(1, 5),
            allowed(1, 3),
            allowed(1, 9),
            allowed(1, 8),
            allowed(5, 0),
            allowed(5, 1),
            allowed(1, 7),
            allowed(5, 2),
            new DeviceRule(true, DeviceRuleType.CHAR, 136L, null, "rwm"),
            new DeviceRule(true, DeviceRuleType.CHAR, null, null, "m"),
            new DeviceRule(true, DeviceRuleType.BLOCK, null, null, "m"),
            new DeviceRule(false, DeviceRuleType.CHAR, 10L, 229L, "rwm"));

    static final List<DeviceRule> ALL_DEVICES = List.of(new DeviceRule(true, null, null, null, "rwm"));

    private static final List<Mount> MOUNTS = mounts("ro");
    private static final List<Mount> PRIVILEGED_MOUNTS = mounts("rw");

    private LinuxDefaults() {}

    private static DeviceRule allowed(long major, long minor) {
        return new DeviceRule(true, DeviceRuleType.CHAR, major, minor, "rwm");
    }

    /** Returns the default mounts, in order. */
    static List<Mount> mounts(boolean privileged) {
        return privileged ? PRIVILEGED_MOUNTS : MOUNTS;
    }

    private static List<Mount> mounts(String kernelFileSystems) {
        return List.of(
                mount("/proc", "proc", "proc", "nosuid", "noexec", "nodev"),
                mount("/dev", "tmpfs", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k"),
                mount(
                        "/dev/pts",
                        "devpts",
                        "devpts",
                        "nosuid",
                        "noexec",
                        "newinstance",
                        "ptmxmode=0666",
                        "mode=0620",
                        "gid=5"),
                mount("/sys", "sysfs", "sysfs", "nosuid", "noexec", "nodev", kernelFileSystems),
                mount("/sys/fs/cgroup", "cgroup", "cgroup", kernelFileSystems, "nosuid", "noexec", "nodev"),
                mount("/dev/mqueue", "mqueue", "mqueue", "nosuid", "noexec", "nodev"),
                mount("/dev/shm", "tmpfs", "shm", "nosuid", "noexec", "nodev", "mode=1777", "size=65536k"));
    }

    static Mount mount(String destination, String type, String source, String... options) {
        return Mount.builder(destination)
                .type(type)
                .source(source)
                .options(List.of(options))
                .build();
    }

    static List<String> maskedPaths(HostFacts host) {
        if (host.thermalPaths().isEmpty()) {
            return MASKED_PATHS;
        }
        List<String> paths = new ArrayList<>(MASKED_PATHS);
        paths.addAll(host.thermalPaths());
        return paths;
    }
}
