package org.felucca.runtime.compiler;

import java.util.List;
import java.util.Set;
import org.felucca.api.error.FeluccaException;
import org.felucca.oci.runtimespec.Mount;
import org.felucca.oci.runtimespec.Spec;
import org.felucca.oci.runtimespec.linux.IdMapping;
import org.felucca.oci.runtimespec.linux.Linux;
import org.felucca.oci.runtimespec.linux.Resources;
import org.felucca.oci.runtimespec.linux.Seccomp;
import org.felucca.oci.runtimespec.linux.SeccompAction;
import org.felucca.runtime.plan.compile.SpecProblem;

/** What plans can say and only a monitor does on its side: {@code felucca-oci} has none, and does not take it. */
final class HostSide {
    /** Options of mounts that need a user namespace of the maker's. */
    static final Set<String> MOUNT_OPTIONS = Set.of("idmap", "ridmap");

    private static final String DAEMON = "run the container with felucca-daemon";

    private HostSide() {}

    /** @throws FeluccaException UNSUPPORTED, by the pointer of the first property that needs a monitor */
    static void refuse(Spec spec) {
        for (int i = 0; i < spec.mounts().size(); i++) {
            refuse("/mounts/" + i, spec.mounts().get(i));
        }
        Linux linux = spec.linux();
        if (linux == null) {
            return;
        }
        if (!linux.netDevices().isEmpty()) {
            String device = linux.netDevices().keySet().iterator().next();
            throw SpecProblem.unsupported(
                    "/linux/netDevices/" + SpecProblem.escape(device),
                    "device '" + device + "' is not moved by felucca-oci",
                    "move it with 'ip link set', or " + DAEMON);
        }
        if (linux.seccomp() != null) {
            refuse(linux.seccomp());
        }
    }

    /** @throws FeluccaException UNSUPPORTED, if an update has to look at what is in use */
    static void refuse(Resources update) {
        if (update.memory() != null && Boolean.TRUE.equals(update.memory().checkBeforeUpdate())) {
            throw SpecProblem.unsupported(
                    "/linux/resources/memory/checkBeforeUpdate",
                    "'true' is not obeyed by felucca-oci",
                    "compare the limit with the use yourself and leave it out, or " + DAEMON);
        }
    }

    private static void refuse(String pointer, Mount mount) {
        if (!mount.uidMappings().isEmpty()) {
            throw SpecProblem.unsupported(
                    pointer + "/uidMappings",
                    mapping(mount.uidMappings().get(0))
                            + " is a mapping of the mount's own, which felucca-oci does not make",
                    "leave it out, or " + DAEMON);
        }
        List<String> options = mount.options();
        for (int i = 0; i < options.size(); i++) {
            if (MOUNT_OPTIONS.contains(options.get(i))) {
                throw SpecProblem.unsupported(
                        pointer + "/options/" + i,
                        "'" + options.get(i) + "' needs a mapping that felucca-oci does not make",
                        "leave it out, or " + DAEMON);
            }
        }
    }

    private static String mapping(IdMapping mapping) {
        return "'" + mapping.containerId() + " " + mapping.hostId() + " " + mapping.size() + "'";
    }

    private static void refuse(Seccomp seccomp) {
        if (seccomp.defaultAction() == SeccompAction.NOTIFY) {
            throw notify("/linux/seccomp/defaultAction");
        }
        for (int i = 0; i < seccomp.syscalls().size(); i++) {
            if (seccomp.syscalls().get(i).action() == SeccompAction.NOTIFY) {
                throw notify("/linux/seccomp/syscalls/" + i + "/action");
            }
        }
    }

    private static FeluccaException notify(String pointer) {
        return SpecProblem.unsupported(
                pointer,
                "'" + SeccompAction.NOTIFY.id() + "' has a listener, which felucca-oci hands to nobody",
                "use another action, or " + DAEMON);
    }
}
