package org.felucca.runtime.plan.compile;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.felucca.oci.runtimespec.linux.NetDevice;
import org.felucca.runtime.plan.NamespaceBits;
import org.felucca.runtime.plan.PlanWriter;

/** Network devices of the host that become the container's. */
final class NetDevices {
    private static final String POINTER = "/linux/netDevices";
    private static final int MOST_BYTES = 15;

    private NetDevices() {}

    static void emit(PlanWriter plan, Map<String, NetDevice> devices, Namespaces namespaces) {
        if (devices.isEmpty()) {
            return;
        }
        if (!namespaces.has(NamespaceBits.NETWORK)) {
            throw SpecProblem.invalid(
                    POINTER,
                    "the container shares the host's network namespace",
                    "give the container a network namespace of its own, or remove them");
        }
        if (!namespaces.makes(NamespaceBits.NETWORK)) {
            // the process joins by itself: only at a barrier is it known to be there
            plan.origin(POINTER).sync();
        }
        Set<String> names = new HashSet<>();
        devices.forEach((device, settings) -> {
            String pointer = POINTER + "/" + SpecProblem.escape(device);
            String name = settings.name() == null || settings.name().isEmpty() ? device : settings.name();
            check(pointer, device);
            check(pointer + "/name", name);
            if (!name.contains("%d") && !names.add(name)) {
                throw SpecProblem.invalid(
                        pointer + "/name", "another device is called " + name + " too", "choose another name");
            }
            plan.origin(pointer).netDevice(device, name);
        });
    }

    /** What the kernel takes: {@code dev_valid_name}, and at most one {@code %d}. */
    private static void check(String pointer, String name) {
        int percent = name.indexOf('%');
        boolean template = percent < 0 || percent == name.indexOf("%d") && percent == name.lastIndexOf('%');
        boolean plain = name.chars().noneMatch(c -> c <= ' ' || c == '/' || c == ':');
        if (name.isEmpty()
                || name.equals(".")
                || name.equals("..")
                || !plain
                || !template
                || name.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
            throw SpecProblem.invalid(
                    pointer,
                    "'" + name + "' is no name of a network device",
                    "use at most " + MOST_BYTES + " bytes, without space, '/' and ':'");
        }
    }
}
