package org.felucca.runtime.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.runtime.engine.cgroup.CgroupLayout;
import org.felucca.runtime.plan.compile.HostFacts;

/** Finds out about the host, once. */
final class HostProbe {
    private HostProbe() {}

    static HostFacts facts() {
        boolean appArmor = Files.exists(Path.of("/sys/kernel/security/apparmor/profiles"));
        boolean seLinux = Files.exists(Path.of("/sys/fs/selinux/enforce"));
        boolean keyrings = Files.exists(Path.of("/proc/keys"));
        return new HostFacts(
                Integer.parseInt(read("/proc/sys/kernel/cap_last_cap")), appArmor, seLinux, keyrings);
    }

    static CgroupLayout cgroups() {
        return CgroupLayout.parse(read("/proc/self/mountinfo"));
    }

    /** Which start of the host this is. */
    static String bootId() {
        return read("/proc/sys/kernel/random/boot_id");
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file)).strip();
        } catch (IOException e) {
            throw new FeluccaException(
                    ErrorCode.UNAVAILABLE, "cannot read " + file, String.valueOf(e.getMessage()), "mount procfs", e);
        }
    }
}
