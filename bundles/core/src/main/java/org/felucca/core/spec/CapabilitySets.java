package org.felucca.core.spec;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.felucca.api.container.ContainerRequest;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;

/** Which capabilities a container's process has: Docker's default set, changed as Docker changes it. */
final class CapabilitySets {
    private static final String ALL = "ALL";

    /** In the order of their numbers (linux/capability.h). */
    private static final List<String> BY_NUMBER = List.of(
            "CAP_CHOWN",
            "CAP_DAC_OVERRIDE",
            "CAP_DAC_READ_SEARCH",
            "CAP_FOWNER",
            "CAP_FSETID",
            "CAP_KILL",
            "CAP_SETGID",
            "CAP_SETUID",
            "CAP_SETPCAP",
            "CAP_LINUX_IMMUTABLE",
            "CAP_NET_BIND_SERVICE",
            "CAP_NET_BROADCAST",
            "CAP_NET_ADMIN",
            "CAP_NET_RAW",
            "CAP_IPC_LOCK",
            "CAP_IPC_OWNER",
            "CAP_SYS_MODULE",
            "CAP_SYS_RAWIO",
            "CAP_SYS_CHROOT",
            "CAP_SYS_PTRACE",
            "CAP_SYS_PACCT",
            "CAP_SYS_ADMIN",
            "CAP_SYS_BOOT",
            "CAP_SYS_NICE",
            "CAP_SYS_RESOURCE",
            "CAP_SYS_TIME",
            "CAP_SYS_TTY_CONFIG",
            "CAP_MKNOD",
            "CAP_LEASE",
            "CAP_AUDIT_WRITE",
            "CAP_AUDIT_CONTROL",
            "CAP_SETFCAP",
            "CAP_MAC_OVERRIDE",
            "CAP_MAC_ADMIN",
            "CAP_SYSLOG",
            "CAP_WAKE_ALARM",
            "CAP_BLOCK_SUSPEND",
            "CAP_AUDIT_READ",
            "CAP_PERFMON",
            "CAP_BPF",
            "CAP_CHECKPOINT_RESTORE");

    private static final List<String> DEFAULT = List.of(
            "CAP_CHOWN",
            "CAP_DAC_OVERRIDE",
            "CAP_FSETID",
            "CAP_FOWNER",
            "CAP_MKNOD",
            "CAP_NET_RAW",
            "CAP_SETGID",
            "CAP_SETUID",
            "CAP_SETFCAP",
            "CAP_SETPCAP",
            "CAP_NET_BIND_SERVICE",
            "CAP_SYS_CHROOT",
            "CAP_KILL",
            "CAP_AUDIT_WRITE");

    private CapabilitySets() {}

    /**
     * Returns the capabilities of a request.
     *
     * @param last number of the last capability the host's kernel knows
     * @throws FeluccaException INVALID_ARGUMENT for a name that is no capability
     */
    static List<String> of(ContainerRequest request, int last) {
        List<String> known = BY_NUMBER.subList(0, Math.min(last + 1, BY_NUMBER.size()));
        if (request.privileged()) {
            return known;
        }
        if (request.capAdd().isEmpty() && request.capDrop().isEmpty()) {
            return DEFAULT;
        }
        Set<String> add = normal(request.capAdd(), known, "add");
        Set<String> drop = normal(request.capDrop(), known, "drop");
        Set<String> result = new LinkedHashSet<>();
        if (add.contains(ALL)) {
            result.addAll(known);
            result.removeAll(drop);
        } else if (drop.contains(ALL)) {
            result.addAll(add);
        } else {
            result.addAll(DEFAULT);
            result.removeAll(drop);
            result.addAll(add);
        }
        return new ArrayList<>(result);
    }

    private static Set<String> normal(List<String> names, List<String> known, String verb) {
        Set<String> result = new LinkedHashSet<>();
        for (String name : names) {
            String upper = name.toUpperCase(Locale.ROOT);
            if (upper.equals(ALL)) {
                result.add(ALL);
                continue;
            }
            String full = upper.startsWith("CAP_") ? upper : "CAP_" + upper;
            if (!known.contains(full)) {
                throw new FeluccaException(
                        ErrorCode.INVALID_ARGUMENT,
                        "cannot " + verb + " capability " + name,
                        "the kernel has no capability of that name",
                        "see capabilities(7), or use ALL");
            }
            result.add(full);
        }
        return result;
    }
}
