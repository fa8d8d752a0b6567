package org.felucca.hcs.compile;

import java.util.List;
import java.util.Map;
import org.felucca.oci.runtimespec.Hook;
import org.felucca.oci.runtimespec.Hooks;
import org.felucca.oci.runtimespec.Spec;
import org.felucca.oci.runtimespec.windows.Windows;

/** Whole-document checks: what is missing, what is for another system, what this runtime does not do. */
final class SpecCheck {
    private static final String HOST_PROCESS = "microsoft.com/hostprocess-container";

    private SpecCheck() {}

    static Windows windows(Spec spec) {
        Windows windows = spec.windows();
        if (windows == null) {
            throw SpecProblem.invalid("/windows", "it is missing", "give at least the layers");
        }
        return windows;
    }

    static void check(Spec spec) {
        if (!spec.ociVersion().startsWith("1.")) {
            throw SpecProblem.unsupported(
                    "/ociVersion", "version " + spec.ociVersion() + " is not known", "write it for 1.0 to 1.3");
        }
        SpecProblem.refuse("/linux", spec.linux() != null);
        SpecProblem.refuse(
                "/domainname", spec.domainname() != null && !spec.domainname().isEmpty());
        if (spec.hooks() != null) {
            hooks(spec.hooks());
        }
        Windows windows = windows(spec);
        if (windows.hyperv() != null) {
            throw SpecProblem.unsupported(
                    "/windows/hyperv",
                    "this runtime does not isolate by Hyper-V",
                    "remove it to run as a Windows Server container");
        }
        if (windows.servicing()) {
            throw SpecProblem.unsupported(
                    "/windows/servicing", "schema 2 does not start a container for servicing", "remove it");
        }
        annotations(spec.annotations());
    }

    private static void hooks(Hooks hooks) {
        refuseHooks("prestart", hooks.prestart());
        refuseHooks("createRuntime", hooks.createRuntime());
        refuseHooks("createContainer", hooks.createContainer());
        refuseHooks("startContainer", hooks.startContainer());
        refuseHooks("poststart", hooks.poststart());
        refuseHooks("poststop", hooks.poststop());
    }

    private static void refuseHooks(String kind, List<Hook> hooks) {
        if (!hooks.isEmpty()) {
            throw SpecProblem.unsupported("/hooks/" + kind, "the specification has hooks for POSIX", "remove it");
        }
    }

    private static void annotations(Map<String, String> annotations) {
        if ("true".equalsIgnoreCase(annotations.get(HOST_PROCESS))) {
            throw SpecProblem.unsupported(
                    "/annotations/" + SpecProblem.escape(HOST_PROCESS),
                    "this runtime does not run processes in the host's own silo",
                    "remove it to run as a Windows Server container");
        }
    }
}
