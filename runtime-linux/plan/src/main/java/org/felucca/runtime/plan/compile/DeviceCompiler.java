package org.felucca.runtime.plan.compile;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.felucca.oci.runtimespec.linux.Device;
import org.felucca.oci.runtimespec.linux.DeviceType;
import org.felucca.oci.runtimespec.linux.Linux;
import org.felucca.runtime.plan.MountBits;
import org.felucca.runtime.plan.PlanWriter;

/**
 * Device nodes and the links of /dev. In a user namespace nodes cannot be made: the host's are bound there, after
 * checking that they are what they should be.
 */
final class DeviceCompiler {
    private static final int S_IFCHR = 0020000;
    private static final int S_IFBLK = 0060000;
    private static final int S_IFIFO = 0010000;
    private static final long DEFAULT_MODE = 0666;

    /** The default devices of the runtime-spec. */
    private static final List<Device> DEFAULTS = List.of(
            device("/dev/null", 1, 3),
            device("/dev/zero", 1, 5),
            device("/dev/full", 1, 7),
            device("/dev/random", 1, 8),
            device("/dev/urandom", 1, 9),
            device("/dev/tty", 5, 0));

    private final PlanWriter plan;
    private final boolean bound;
    private final List<Node> nodes = new ArrayList<>();

    /** @param slot the host's node, where it is bound */
    private record Node(String pointer, Device device, int slot) {}

    private static Device device(String path, long major, long minor) {
        return new Device(DeviceType.CHAR, path, major, minor, null, null, null);
    }

    /** @param bound whether nodes are bound rather than made */
    DeviceCompiler(PlanWriter plan, boolean bound) {
        this.plan = plan;
        this.bound = bound;
    }

    /** Opens the host's nodes, where they are to be bound. */
    void emitBeforeClone(Linux linux) {
        Map<String, Node> byPath = new LinkedHashMap<>();
        for (Device device : DEFAULTS) {
            byPath.put(device.path(), new Node("", device, PlanWriter.NONE));
        }
        List<Device> devices = linux.devices();
        for (int i = 0; i < devices.size(); i++) {
            // /dev/ptmx is always the link to the container's own; tools list the host's among all its devices
            if (!devices.get(i).path().equals("/dev/ptmx")) {
                byPath.put(devices.get(i).path(), new Node("/linux/devices/" + i, devices.get(i), PlanWriter.NONE));
            }
        }
        for (Node node : byPath.values()) {
            nodes.add(bound && node.device().type() != DeviceType.FIFO ? open(node) : node);
        }
    }

    private Node open(Node node) {
        Device device = node.device();
        plan.origin(node.pointer());
        int slot = plan.openTree(device.path(), 0);
        plan.checkNode(slot, type(device), (int) number(device.major()), (int) number(device.minor()));
        plan.mountAttr(slot, 0, 0, MountBits.PRIVATE, false, PlanWriter.NONE);
        return new Node(node.pointer(), device, slot);
    }

    void emitNodes(boolean devpts) {
        for (Node node : nodes) {
            Device device = node.device();
            plan.origin(node.pointer());
            if (node.slot() != PlanWriter.NONE) {
                plan.attach(node.slot(), device.path(), PlanWriter.CREATE_FILE | PlanWriter.NOFOLLOW);
            } else {
                long mode = device.fileMode() == null ? DEFAULT_MODE : device.fileMode() & 07777;
                plan.mknod(
                        device.path(),
                        type(device) | (int) mode,
                        (int) number(device.major()),
                        (int) number(device.minor()),
                        (int) number(device.uid()),
                        (int) number(device.gid()));
            }
        }
        plan.origin("");
        if (devpts) {
            plan.symlink("pts/ptmx", "/dev/ptmx");
        }
        plan.symlink("/proc/self/fd", "/dev/fd");
        plan.symlink("/proc/self/fd/0", "/dev/stdin");
        plan.symlink("/proc/self/fd/1", "/dev/stdout");
        plan.symlink("/proc/self/fd/2", "/dev/stderr");
    }

    private static int type(Device device) {
        return switch (device.type()) {
            case BLOCK -> S_IFBLK;
            case CHAR, UNBUFFERED -> S_IFCHR;
            case FIFO -> S_IFIFO;
        };
    }

    private static long number(@org.jspecify.annotations.Nullable Long value) {
        return value == null ? 0 : value;
    }
}
