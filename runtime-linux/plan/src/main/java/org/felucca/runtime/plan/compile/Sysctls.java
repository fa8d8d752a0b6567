package org.felucca.runtime.plan.compile;

import java.util.Map;
import java.util.Set;
import org.felucca.oci.runtimespec.Spec;
import org.felucca.runtime.plan.NamespaceBits;
import org.felucca.runtime.plan.PlanWriter;

/** Kernel parameters: only those that belong to a namespace of the container's own may be set. */
final class Sysctls {
    private static final Set<String> IPC = Set.of(
            "kernel.msgmax",
            "kernel.msgmnb",
            "kernel.msgmni",
            "kernel.sem",
            "kernel.shmall",
            "kernel.shmmax",
            "kernel.shmmni",
            "kernel.shm_rmid_forced",
            "kernel.auto_msgmni",
            "kernel.msg_next_id",
            "kernel.sem_next_id",
            "kernel.shm_next_id");

    private Sysctls() {}

    static void emit(PlanWriter plan, Spec spec, Map<String, String> sysctls, Namespaces namespaces) {
        for (Map.Entry<String, String> entry : sysctls.entrySet()) {
            String pointer = "/linux/sysctl/" + SpecProblem.escape(entry.getKey());
            String name = dotted(entry.getKey());
            check(pointer, name, spec, namespaces);
            plan.origin(pointer).sysctl(entry.getKey(), entry.getValue());
        }
    }

    /** With dots between the parts, as sysctl(8): where the first separator is a slash, dots and slashes swap. */
    private static String dotted(String name) {
        int dot = name.indexOf('.');
        int slash = name.indexOf('/');
        if (slash < 0 || dot >= 0 && dot < slash) {
            return name;
        }
        StringBuilder swapped = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            swapped.append(c == '/' ? '.' : c == '.' ? '/' : c);
        }
        return swapped.toString();
    }

    private static void check(String pointer, String name, Spec spec, Namespaces namespaces) {
        if (name.contains("..") || name.startsWith(".") || name.endsWith(".")) {
            throw SpecProblem.invalid(pointer, "'" + name + "' is no parameter", "correct the name");
        }
        if (IPC.contains(name) || name.startsWith("fs.mqueue.")) {
            require(pointer, name, namespaces, NamespaceBits.IPC);
        } else if (name.startsWith("net.")) {
            require(pointer, name, namespaces, NamespaceBits.NETWORK);
        } else if (name.equals("kernel.domainname")) {
            require(pointer, name, namespaces, NamespaceBits.UTS);
            if (spec.domainname() != null) {
                throw SpecProblem.invalid(pointer, "domainname says it already", "remove one of them");
            }
        } else if (name.equals("kernel.hostname")) {
            throw SpecProblem.invalid(pointer, "the host name has a property of its own", "use hostname");
        } else if (name.startsWith("user.")) {
            require(pointer, name, namespaces, NamespaceBits.USER);
        } else {
            throw SpecProblem.invalid(
                    pointer,
                    name + " is not a parameter of a namespace: it would change the host",
                    "set it on the host, or remove it");
        }
    }

    private static void require(String pointer, String name, Namespaces namespaces, NamespaceBits bit) {
        if (!namespaces.has(bit)) {
            String type = bit.type().id();
            throw SpecProblem.invalid(
                    pointer,
                    name + " belongs to the " + type + " namespace, and the container shares the host's",
                    "give the container a " + type + " namespace of its own, or remove it");
        }
    }
}
