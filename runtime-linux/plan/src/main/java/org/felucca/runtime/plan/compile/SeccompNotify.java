package org.felucca.runtime.plan.compile;

import java.util.List;
import java.util.Set;
import org.felucca.oci.runtimespec.linux.Seccomp;
import org.felucca.oci.runtimespec.linux.SeccompAction;
import org.felucca.oci.runtimespec.linux.SeccompSyscall;

/** The parts of a filter that ask an agent. */
final class SeccompNotify {
    /** With these the listener is handed over, while its filter is in force already. */
    private static final Set<String> NEEDED = Set.of("read", "write");

    private SeccompNotify() {}

    /** Whether any call is the agent's to decide. */
    static boolean isUsed(Seccomp seccomp) {
        return seccomp.syscalls().stream().anyMatch(syscall -> syscall.action() == SeccompAction.NOTIFY);
    }

    static void check(Seccomp seccomp) {
        String path = seccomp.listenerPath();
        if (path != null && !path.startsWith("/")) {
            throw SpecProblem.invalid(
                    "/linux/seccomp/listenerPath", "'" + path + "' is not absolute", "give an absolute path");
        }
        if (seccomp.defaultAction() == SeccompAction.NOTIFY) {
            throw SpecProblem.unsupported(
                    "/linux/seccomp/defaultAction",
                    "SCMP_ACT_NOTIFY would wait for the agent before it has the listener",
                    "notify of single calls");
        }
        List<SeccompSyscall> syscalls = seccomp.syscalls();
        for (int i = 0; i < syscalls.size(); i++) {
            if (syscalls.get(i).action() == SeccompAction.NOTIFY) {
                checkCall("/linux/seccomp/syscalls/" + i, syscalls.get(i), path != null);
            }
        }
    }

    private static void checkCall(String pointer, SeccompSyscall syscall, boolean listener) {
        if (!listener) {
            throw SpecProblem.invalid(pointer + "/action", "SCMP_ACT_NOTIFY has nobody to notify", "give listenerPath");
        }
        for (int i = 0; i < syscall.names().size(); i++) {
            if (NEEDED.contains(syscall.names().get(i))) {
                throw SpecProblem.unsupported(
                        pointer + "/names/" + i,
                        "'" + syscall.names().get(i) + "' would wait for the agent before it has the listener",
                        "notify of other calls than read and write");
            }
        }
    }
}
