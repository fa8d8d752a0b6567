package org.felucca.runtime.engine.task;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.posix.fs.Dir;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.Io;
import org.felucca.posix.fs.Open;
import org.felucca.posix.fs.PosixException;
import org.felucca.runtime.engine.cgroup.CgroupLayout;
import org.felucca.runtime.plan.compile.HostFacts;

/** Finds out about the host, once. */
public final class HostProbe {
    private static final int PIECE = 64 * 1024;

    private HostProbe() {}

    /** Returns what plans depend on. */
    public static HostFacts facts() {
        boolean appArmor = Files.exists(Path.of("/sys/kernel/security/apparmor/profiles"));
        boolean seLinux = Files.exists(Path.of("/sys/fs/selinux/enforce"));
        boolean keyrings = Files.exists(Path.of("/proc/keys"));
        return new HostFacts(Integer.parseInt(read("/proc/sys/kernel/cap_last_cap")), appArmor, seLinux, keyrings);
    }

    /** Returns the host's cgroup hierarchies. */
    public static CgroupLayout cgroups() {
        return CgroupLayout.parse(read("/proc/self/mountinfo"));
    }

    /** Returns which start of the host this is. */
    public static String bootId() {
        return read("/proc/sys/kernel/random/boot_id");
    }

    /** In pieces of a size that the kernel answers at once: what lies under /proc/sys cannot be read on from the middle. */
    private static String read(String file) {
        try (Fd fd = Dir.open(Fd.HOST, file, Open.RDONLY, 0)) {
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            ByteBuffer buffer = ByteBuffer.allocateDirect(PIECE);
            while (Io.read(fd, buffer.clear()) > 0) {
                byte[] piece = new byte[buffer.flip().remaining()];
                buffer.get(piece);
                content.writeBytes(piece);
            }
            return content.toString(StandardCharsets.UTF_8).strip();
        } catch (PosixException e) {
            throw new FeluccaException(
                    ErrorCode.UNAVAILABLE, "cannot read " + file, e.errno().text(), "mount procfs", e);
        }
    }
}
