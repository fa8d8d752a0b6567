package org.felucca.runtime.plan.compile;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.felucca.oci.runtimespec.Process;
import org.felucca.oci.runtimespec.Spec;
import org.felucca.oci.runtimespec.linux.CpuAffinity;
import org.felucca.oci.runtimespec.linux.Linux;
import org.felucca.runtime.plan.NamespaceBits;
import org.felucca.runtime.plan.Plan;
import org.felucca.runtime.plan.PlanWriter;

/** Makes the plan of one more process in a running container. */
public final class ExecCompiler {
    private static final int MOST_CPUS = 8192;

    private ExecCompiler() {}

    /**
     * Compiles.
     *
     * @param spec the container's document
     * @param process the process to run
     * @param facts of this process; the root slot is not used
     * @throws org.felucca.api.error.FeluccaException as {@link ContainerCompiler#compile}
     */
    public static CompiledPlan compile(Spec spec, Process process, HostFacts host, ContainerFacts facts) {
        SpecCheck.check(spec);
        return SpecCheck.guard(() -> emit(spec, process, host, facts));
    }

    private static CompiledPlan emit(Spec spec, Process process, HostFacts host, ContainerFacts facts) {
        Linux linux = Objects.requireNonNull(spec.linux(), "checked");
        Namespaces namespaces = Namespaces.of(linux);
        List<Warning> warnings = new ArrayList<>(0);
        PlanWriter plan = new PlanWriter(Plan.Kind.EXEC, facts.slotsGiven());
        ProcessCompiler processes = new ProcessCompiler(plan, process, linux, host, facts, warnings);
        processes.check();
        ContainerCompiler.emitCgroups(plan, facts.cgroups());
        plan.origin("/linux/namespaces").enter(namespaces.entered());
        if (namespaces.has(NamespaceBits.USER)) {
            plan.rootIds();
        }
        processes.emitConsole(false);
        CpuAffinity affinity = process.execCpuAffinity();
        if (affinity != null) {
            emitAffinity(plan, "/process/execCPUAffinity/initial", affinity.initial());
            emitAffinity(plan, "/process/execCPUAffinity/final", affinity.finalCpus());
        }
        if (host.keyrings()) {
            plan.origin("").keyring("_ses." + facts.id());
        }
        processes.emit(spec);
        return new CompiledPlan(plan.build(), warnings);
    }

    private static void emitAffinity(PlanWriter plan, String pointer, @org.jspecify.annotations.Nullable String list) {
        if (list != null && !list.isEmpty()) {
            plan.origin(pointer).cpuAffinity(NumberList.mask(pointer, "processors", list, MOST_CPUS));
        }
    }
}
