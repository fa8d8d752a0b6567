package org.felucca.runtime.plan.compile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.felucca.oci.runtimespec.Process;
import org.felucca.oci.runtimespec.Spec;
import org.junit.jupiter.api.Test;

/** Whole plans as text: a change of policy shows up here as a difference to review. */
class GoldenPlanTest {
    private static final SeccompFilter FILTER = new SeccompFilter(new byte[] {6, 0, 0, 0, 0, 0, (byte) 0xff, 0x7f}, 0);

    @Test
    void compile_typicalDocumentOnHybridHost_isTheGoldenPlan() {
        ContainerFacts facts = ContainerFacts.of("web-1", "/bundle")
                .slotsGiven(3)
                .cgroups(List.of(Documents.v1(1, "memory"), Documents.v1(2, "cpu,cpuacct")))
                .seccomp(FILTER);
        assertGolden("typical", ContainerCompiler.compile(Documents.spec("typical.json"), Documents.PLAIN_HOST, facts));
    }

    @Test
    void compile_typicalDocumentOnUnifiedHost_isTheGoldenPlan() {
        ContainerFacts facts = ContainerFacts.of("web-1", "/bundle")
                .slotsGiven(2)
                .cgroups(List.of(Documents.v2(1)))
                .seccomp(FILTER);
        assertGolden(
                "typical-v2", ContainerCompiler.compile(Documents.spec("typical.json"), Documents.PLAIN_HOST, facts));
    }

    @Test
    void compile_networkMadeAhead_isJoinedInsteadOfMade() {
        ContainerFacts facts = ContainerFacts.of("web-1", "/bundle")
                .slotsGiven(3)
                .cgroups(List.of(Documents.v2(1)))
                .seccomp(FILTER)
                .network(2);
        CompiledPlan compiled = ContainerCompiler.compile(Documents.spec("typical.json"), Documents.PLAIN_HOST, facts);
        assertGolden("typical-network", compiled);
    }

    @Test
    void compile_networkMadeAheadForAUserNamespace_isLeftAlone() {
        ContainerFacts facts = ContainerFacts.of("u", "/bundle").slotsGiven(2).cgroups(List.of(Documents.v2(1)));
        Spec spec = Documents.spec("userns.json");
        String plain = ContainerCompiler.compile(spec, Documents.PLAIN_HOST, facts)
                .plan()
                .toString();
        String given = ContainerCompiler.compile(
                        spec, Documents.PLAIN_HOST, facts.slotsGiven(3).network(2))
                .plan()
                .toString();
        assertEquals(
                plain.lines().filter(line -> line.contains("CLONE")).toList(),
                given.lines().filter(line -> line.contains("CLONE")).toList());
    }

    @Test
    void compile_userNamespaceAndTerminal_isTheGoldenPlan() {
        ContainerFacts facts = ContainerFacts.of("u", "/bundle")
                .slotsGiven(2)
                .cgroups(List.of(Documents.v2(1)))
                .terminal(new ContainerFacts.Terminal(24, 80))
                .reaper(true);
        assertGolden("userns", ContainerCompiler.compile(Documents.spec("userns.json"), Documents.PLAIN_HOST, facts));
    }

    @Test
    void compile_rareProperties_isTheGoldenPlan() {
        HostFacts host = new HostFacts(40, true, true, false);
        ContainerFacts facts = ContainerFacts.of("e", "/bundle");
        assertGolden("everything", ContainerCompiler.compile(Documents.spec("everything.json"), host, facts));
    }

    @Test
    void compile_propertiesOfVersion13_isTheGoldenPlan() {
        ContainerFacts facts = ContainerFacts.of("n", "/bundle").seccomp(FILTER);
        assertGolden(
                "version13", ContainerCompiler.compile(Documents.spec("version13.json"), Documents.PLAIN_HOST, facts));
    }

    @Test
    void compile_execInUserNamespace_isTheGoldenPlan() {
        Spec spec = Documents.spec("userns.json");
        Process process = spec.process().toBuilder().args(List.of("id", "-u")).build();
        ContainerFacts facts = ContainerFacts.of("u", "/bundle")
                .slotsGiven(1)
                .cgroups(List.of(Documents.v2(0)))
                .terminal(new ContainerFacts.Terminal(0, 0));
        assertGolden("exec-userns", ExecCompiler.compile(spec, process, Documents.PLAIN_HOST, facts));
    }

    @Test
    void compile_execWithAffinityAndFilter_isTheGoldenPlan() {
        Spec spec = Documents.spec("typical.json");
        Process process = spec.process().toBuilder()
                .execCpuAffinity(new org.felucca.oci.runtimespec.linux.CpuAffinity("0", "1-2,9"))
                .build();
        ContainerFacts facts =
                ContainerFacts.of("web-1", "/bundle").slotsGiven(0).seccomp(FILTER);
        assertGolden("exec-typical", ExecCompiler.compile(spec, process, Documents.PLAIN_HOST, facts));
    }

    private static void assertGolden(String name, CompiledPlan compiled) {
        StringBuilder actual = new StringBuilder(compiled.plan().toString());
        compiled.warnings()
                .forEach(warning -> actual.append("warning ").append(warning).append('\n'));
        String expected = new String(Documents.resource(name + ".txt"), StandardCharsets.UTF_8);
        assertEquals(expected, actual.toString());
    }
}
