package org.felucca.runtime.plan.compile;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.felucca.oci.runtimespec.linux.Linux;
import org.felucca.oci.runtimespec.linux.Namespace;
import org.felucca.oci.runtimespec.linux.NamespaceType;
import org.felucca.runtime.plan.NamespaceBits;

/** Which namespaces a container makes, which it joins, which it shares with the host. Immutable. */
final class Namespaces {
    private final long made;
    private final long joined;
    private final List<Join> joins;

    /** @param pointer where the path stands in the document */
    record Join(NamespaceBits bit, String path, String pointer) {}

    private Namespaces(long made, long joined, List<Join> joins) {
        this.made = made;
        this.joined = joined;
        this.joins = joins;
    }

    static Namespaces of(Linux linux) {
        long made = 0;
        long joined = 0;
        List<Join> joins = new ArrayList<>();
        List<Namespace> declared = linux.namespaces();
        for (int i = 0; i < declared.size(); i++) {
            Namespace namespace = declared.get(i);
            NamespaceBits bit = bit(namespace.type());
            String path = namespace.path();
            if (path == null) {
                made |= bit.flag();
            } else {
                joined |= bit.flag();
                joins.add(new Join(bit, path, "/linux/namespaces/" + i + "/path"));
            }
        }
        joins.sort(Comparator.comparing(Join::bit));
        Namespaces result = new Namespaces(made, joined, List.copyOf(joins));
        result.check(linux);
        return result;
    }

    static NamespaceBits bit(NamespaceType type) {
        return switch (type) {
            case USER -> NamespaceBits.USER;
            case PID -> NamespaceBits.PID;
            case NETWORK -> NamespaceBits.NETWORK;
            case IPC -> NamespaceBits.IPC;
            case UTS -> NamespaceBits.UTS;
            case CGROUP -> NamespaceBits.CGROUP;
            case TIME -> NamespaceBits.TIME;
            case MOUNT -> NamespaceBits.MOUNT;
        };
    }

    private void check(Linux linux) {
        if (joins(NamespaceBits.MOUNT)) {
            String pointer = joins.get(joins.size() - 1).pointer();
            throw SpecProblem.unsupported(
                    pointer, "a mount namespace cannot be joined", "leave its path out, so that a new one is made");
        }
        if (!makes(NamespaceBits.MOUNT)) {
            throw SpecProblem.invalid("/linux/namespaces", "a mount namespace is missing", "add {\"type\": \"mount\"}");
        }
        boolean mapped = !linux.uidMappings().isEmpty() || !linux.gidMappings().isEmpty();
        if (mapped && !makes(NamespaceBits.USER)) {
            throw SpecProblem.invalid(
                    "/linux/uidMappings", "there are id mappings but no new user namespace", "add one or remove them");
        }
        if (makes(NamespaceBits.USER)
                && (linux.uidMappings().isEmpty() || linux.gidMappings().isEmpty())) {
            throw SpecProblem.invalid(
                    "/linux/uidMappings",
                    "a new user namespace has no id mappings",
                    "give uidMappings and gidMappings");
        }
        if (!linux.timeOffsets().isEmpty() && !makes(NamespaceBits.TIME)) {
            throw SpecProblem.invalid(
                    "/linux/timeOffsets", "there are offsets but no new time namespace", "add one or remove them");
        }
    }

    boolean makes(NamespaceBits bit) {
        return (made & bit.flag()) != 0;
    }

    boolean joins(NamespaceBits bit) {
        return (joined & bit.flag()) != 0;
    }

    /** Whether it is not the host's. */
    boolean has(NamespaceBits bit) {
        return makes(bit) || joins(bit);
    }

    /** Whether a network namespace made beforehand serves as well: its owner is the host's user namespace. */
    boolean takesNetwork() {
        return makes(NamespaceBits.NETWORK) && !has(NamespaceBits.USER);
    }

    /** What is made by cloning: not cgroup, which is unshared once its membership is complete, nor time. */
    long cloned() {
        return made & ~(NamespaceBits.CGROUP.flag() | NamespaceBits.TIME.flag());
    }

    /** Everything that another process has to enter. */
    long entered() {
        return made | joined;
    }

    /** In the order in which they are joined. */
    List<Join> joins() {
        return joins;
    }
}
