package org.felucca.runtime.plan.compile;

import java.util.List;
import java.util.function.Supplier;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.oci.runtimespec.Spec;
import org.felucca.oci.runtimespec.linux.Linux;
import org.felucca.oci.runtimespec.linux.Seccomp;

/** Whole-document checks: what is missing, what is for another system, what this runtime does not do. */
final class SpecCheck {
    private SpecCheck() {}

    static void check(Spec spec) {
        if (!spec.ociVersion().startsWith("1.")) {
            throw SpecProblem.unsupported(
                    "/ociVersion", "version " + spec.ociVersion() + " is not known", "write it for 1.0 to 1.3");
        }
        if (spec.process() == null) {
            throw SpecProblem.invalid("/process", "it is missing", "say what to run");
        }
        if (spec.windows() != null) {
            throw SpecProblem.unsupported("/windows", "this is Linux", "remove it");
        }
        Linux linux = spec.linux();
        if (linux == null) {
            throw SpecProblem.invalid("/linux", "it is missing", "give at least the namespaces");
        }
        if (linux.intelRdt() != null) {
            throw notDone("/linux/intelRdt");
        }
        Seccomp seccomp = linux.seccomp();
        if (seccomp != null) {
            SeccompNotify.check(seccomp);
        }
    }

    private static FeluccaException notDone(String pointer) {
        return SpecProblem.unsupported(pointer, "this runtime does not do that", "remove it");
    }

    static void absolute(String pointer, List<String> paths) {
        for (int i = 0; i < paths.size(); i++) {
            if (!paths.get(i).startsWith("/")) {
                throw SpecProblem.invalid(
                        pointer + i, "'" + paths.get(i) + "' is not absolute", "give an absolute path");
            }
        }
    }

    /** Turns what the encoding refuses into refusals of the document. */
    static CompiledPlan guard(Supplier<CompiledPlan> compiler) {
        try {
            return compiler.get();
        } catch (IllegalArgumentException e) {
            throw refusal(ErrorCode.INVALID_ARGUMENT, e);
        } catch (IllegalStateException e) {
            throw refusal(ErrorCode.RESOURCE_EXHAUSTED, e);
        }
    }

    private static FeluccaException refusal(ErrorCode code, RuntimeException e) {
        return new FeluccaException(code, "invalid container configuration", String.valueOf(e.getMessage()), null, e);
    }
}
