package org.felucca.runtime.plan.compile;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names that become numbers of the kernel. */
class NumbersTest {
    private static String plan(String process, String linux) {
        return ContainerCompiler.compile(
                        Documents.parse(
                                ("{'ociVersion':'1.3.0','process':{'user':{'uid':0,'gid':0},'args':['a'],'cwd':'/'%s},"
                                                + "'linux':{'namespaces':[{'type':'mount'}]%s}}")
                                        .formatted(process, linux)
                                        .replace('\'', '"')),
                        Documents.PLAIN_HOST,
                        ContainerFacts.of("x", "/b"))
                .plan()
                .toString();
    }

    private static void assertHas(String plan, String line) {
        assertTrue(plan.contains(line), () -> line + " is not in\n" + plan);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "OTHER     | RESET_ON_FORK  | 0 | 0x1",
                "FIFO      | RECLAIM        | 1 | 0x2",
                "RR        | DL_OVERRUN     | 2 | 0x4",
                "BATCH     | KEEP_POLICY    | 3 | 0x8",
                "ISO       | KEEP_PARAMS    | 4 | 0x10",
                "IDLE      | UTIL_CLAMP_MIN | 5 | 0x20",
                "DEADLINE  | UTIL_CLAMP_MAX | 6 | 0x40",
            })
    void compile_everySchedulerPolicyAndFlag_isItsNumber(String policy, String flag, int number, String bits) {
        assertHas(
                plan(
                        (",'scheduler':{'policy':'SCHED_%s','nice':-3,'priority':4,'flags':['SCHED_FLAG_%s'],"
                                        + "'runtime':5,'deadline':6,'period':7}")
                                .formatted(policy, flag),
                        ""),
                "SCHEDULER policy=%d nice=-3 priority=4 flags=%s runtime=5 deadline=6 period=7"
                        .formatted(number, Integer.decode(bits)));
    }

    @ParameterizedTest
    @CsvSource({
        "DEFAULT,'',0,0x",
        "PREFERRED,0,01,0x01",
        "PREFERRED,'',01,0x",
        "BIND,'0,2-3',02,0x0d",
        "INTERLEAVE,8,03,0x0001",
        "LOCAL,'',04,0x",
        "PREFERRED_MANY,0,05,0x01",
        "WEIGHTED_INTERLEAVE,0,06,0x01",
    })
    void compile_everyMemoryPolicyMode_isItsNumber(String mode, String nodes, String number, String mask) {
        String list = nodes.isEmpty() ? "" : ",'nodes':'" + nodes + "'";
        String plan = plan("", ",'memoryPolicy':{'mode':'MPOL_" + mode + "'" + list + "}");
        String line = plan.lines()
                .filter(text -> text.startsWith("MEMORY_POLICY"))
                .findFirst()
                .orElse("");
        assertTrue(line.startsWith("MEMORY_POLICY mode=" + (number.equals("0") ? "00" : number)), line);
        assertTrue(line.endsWith("nodes=" + mask), line);
    }
}
