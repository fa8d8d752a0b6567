package org.felucca.core.spec;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.felucca.api.container.ContainerRequest;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.oci.runtimespec.linux.KernelCapabilities;

/** Which capabilities a container's process has: Docker's default set, changed as Docker changes it. */
final class CapabilitySets {
    private static final String ALL = "ALL";

    /** What a container has that asks for nothing: {@code docs/spec/defaults.md}. */
    static final List<String> DEFAULT = List.of(
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
        List<String> known = KernelCapabilities.upTo(last);
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
