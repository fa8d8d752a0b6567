package org.felucca.core.spec;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.FileVisitor;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.felucca.oci.runtimespec.linux.Device;
import org.felucca.oci.runtimespec.linux.DeviceType;

/** The devices of the host, for privileged containers: as Docker lists them. */
final class HostDevices {
    private static final Path DEV = Path.of("/dev");
    private static final Set<String> LEFT_OUT =
            Set.of("/dev/pts", "/dev/shm", "/dev/fd", "/dev/mqueue", "/dev/.lxc", "/dev/.lxd-mounts", "/dev/.udev");

    /** What every container has anyway. */
    private static final Set<String> DEFAULT = Set.of(
            "/dev/null",
            "/dev/zero",
            "/dev/full",
            "/dev/random",
            "/dev/urandom",
            "/dev/tty",
            "/dev/ptmx",
            "/dev/console");

    private static final long TYPE_MASK = 0xf000;
    private static final long BLOCK = 0x6000;
    private static final long CHARACTER = 0x2000;

    private HostDevices() {}

    static List<Device> list() {
        List<Device> devices = new ArrayList<>();
        FileVisitor<Path> visitor = new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                return LEFT_OUT.contains(directory.toString())
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (attributes.isOther() && !DEFAULT.contains(file.toString())) {
                    add(file, devices);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException gone) {
                return FileVisitResult.CONTINUE; // devices come and go while they are listed
            }
        };
        try {
            Files.walkFileTree(DEV, visitor);
        } catch (IOException e) {
            throw HostFiles.failure("cannot list the host's devices", e);
        }
        return devices;
    }

    private static void add(Path file, List<Device> devices) throws IOException {
        Map<String, Object> attributes =
                Files.readAttributes(file, "unix:mode,rdev,uid,gid", LinkOption.NOFOLLOW_LINKS);
        long mode = number(attributes, "mode");
        long type = mode & TYPE_MASK;
        if (type != BLOCK && type != CHARACTER) {
            return;
        }
        long device = number(attributes, "rdev");
        devices.add(Device.builder(type == BLOCK ? DeviceType.BLOCK : DeviceType.CHAR, file.toString())
                .major(((device >>> 8) & 0xfff) | ((device >>> 32) & ~0xfffL))
                .minor((device & 0xff) | ((device >>> 12) & 0xffffff00L))
                .fileMode(mode & 0xfff)
                .uid(number(attributes, "uid"))
                .gid(number(attributes, "gid"))
                .build());
    }

    private static long number(Map<String, Object> attributes, String name) throws IOException {
        if (attributes.get(name) instanceof Number number) {
            return number.longValue();
        }
        throw new IOException("a device has no attribute " + name);
    }
}
