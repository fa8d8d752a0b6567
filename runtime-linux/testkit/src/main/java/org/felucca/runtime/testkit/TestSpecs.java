package org.felucca.runtime.testkit;

import java.util.List;
import java.util.stream.Stream;
import org.felucca.oci.runtimespec.Mount;
import org.felucca.oci.runtimespec.Root;
import org.felucca.oci.runtimespec.Spec;
import org.felucca.oci.runtimespec.linux.Capabilities;
import org.felucca.oci.runtimespec.linux.DeviceRule;
import org.felucca.oci.runtimespec.linux.Linux;
import org.felucca.oci.runtimespec.linux.Namespace;
import org.felucca.oci.runtimespec.linux.NamespaceType;
import org.felucca.oci.runtimespec.linux.Resources;

/** Documents as a container engine writes them. */
public final class TestSpecs {
    /** Capabilities of a container without privileges, or nearly so. */
    public static final Capabilities CAPABILITIES = capabilities(
            "CAP_CHOWN",
            "CAP_DAC_OVERRIDE",
            "CAP_FOWNER",
            "CAP_MKNOD",
            "CAP_NET_RAW",
            "CAP_SETGID",
            "CAP_SETUID",
            "CAP_KILL",
            "CAP_SYS_CHROOT");

    private TestSpecs() {}

    /** These in the bounding, permitted and effective set. */
    public static Capabilities capabilities(String... names) {
        List<String> list = List.of(names);
        return Capabilities.builder()
                .bounding(list)
                .permitted(list)
                .effective(list)
                .build();
    }

    /** A document without a process. */
    public static Spec standard() {
        return Spec.builder("1.0.2")
                .root(new Root("rootfs", false))
                .hostname("felucca")
                .mounts(List.of(
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
                        mount("/dev/shm", "tmpfs", "shm", "nosuid", "noexec", "nodev", "mode=1777", "size=65536k"),
                        mount("/dev/mqueue", "mqueue", "mqueue", "nosuid", "noexec", "nodev"),
                        mount("/sys", "sysfs", "sysfs", "nosuid", "noexec", "nodev", "ro"),
                        mount("/sys/fs/cgroup", "cgroup", "cgroup", "nosuid", "noexec", "nodev", "relatime", "ro")))
                .linux(linux().build())
                .build();
    }

    /** Its part for Linux. */
    public static Linux.Builder linux() {
        return Linux.builder()
                .namespaces(Stream.of(
                                NamespaceType.PID,
                                NamespaceType.NETWORK,
                                NamespaceType.IPC,
                                NamespaceType.UTS,
                                NamespaceType.MOUNT,
                                NamespaceType.CGROUP)
                        .map(type -> new Namespace(type, null))
                        .toList())
                .resources(Resources.builder()
                        .devices(List.of(new DeviceRule(false, null, null, null, "rwm")))
                        .build())
                .maskedPaths(List.of(
                        "/proc/kcore", "/proc/keys", "/proc/timer_list", "/sys/firmware", "/proc/acpi", "/proc/scsi"))
                .readonlyPaths(List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"));
    }

    /** A mount. */
    public static Mount mount(String destination, String type, String source, String... options) {
        return Mount.builder(destination)
                .type(type)
                .source(source)
                .options(List.of(options))
                .build();
    }
}
