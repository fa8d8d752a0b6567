package org.felucca.posix.seccomp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import org.felucca.posix.seccomp.SeccompProfile.Comparison;
import org.felucca.posix.seccomp.SeccompProfile.Condition;
import org.felucca.posix.seccomp.SeccompProfile.Rule;
import org.junit.jupiter.api.Test;

class SeccompCompilerTest {

    private static final int X86_64 = 0xC000003E;
    private static final int I386 = 0x40000003;
    private static final int X32 = 0x40000000;
    private static final SeccompAction EPERM = SeccompAction.errno(1);
    private static final SeccompAction ENOSYS = SeccompAction.errno(38);
    private static final int READ = 0;
    private static final int CLONE = 56;
    private static final int PERSONALITY = 135;
    private static final int OPENAT2 = 437;

    private final SeccompCompiler compiler = SeccompCompiler.load().orElseThrow();

    private static Rule allow(String... names) {
        return new Rule(List.of(names), SeccompAction.ALLOW, List.of());
    }

    private SeccompProgram compile(SeccompAction defaultAction, Rule... rules) {
        return compiler.compile(new SeccompProfile(defaultAction, List.of("x86_64", "x86", "x32"), List.of(rules)));
    }

    private static SeccompAction run(SeccompProgram program, int arch, int number, long... arguments) {
        ByteBuffer data = ByteBuffer.allocate(64).order(ByteOrder.nativeOrder());
        data.putInt(number).putInt(arch).putLong(0);
        for (long argument : arguments) {
            data.putLong(argument);
        }
        return new SeccompAction(BpfMachine.run(program.bytes(), data.array()));
    }

    @Test
    void compile_allowedCalls_areAllowedOnEveryArchitecture() {
        SeccompProgram program = compile(EPERM, allow("read", "openat2"));
        assertEquals(SeccompAction.ALLOW, run(program, X86_64, READ));
        assertEquals(SeccompAction.ALLOW, run(program, X86_64, X32 | READ));
        assertEquals(SeccompAction.ALLOW, run(program, I386, 3));
        assertEquals(EPERM, run(program, X86_64, CLONE));
        assertEquals(EPERM, run(program, I386, 4));
    }

    @Test
    void compile_callsNewerThanTheProfile_answerEnosys() {
        SeccompProgram program = compile(EPERM, allow("read", "openat2"));
        assertEquals(SeccompAction.ALLOW, run(program, X86_64, OPENAT2));
        assertEquals(EPERM, run(program, X86_64, OPENAT2 - 1));
        assertEquals(ENOSYS, run(program, X86_64, OPENAT2 + 1));
        assertEquals(ENOSYS, run(program, I386, OPENAT2 + 1));
        assertEquals(ENOSYS, run(program, X86_64, X32 | OPENAT2 + 1));
        assertEquals(EPERM, run(program, X86_64, X32 | OPENAT2 - 1));
        assertEquals(ENOSYS, run(program, X86_64, 1000));
    }

    @Test
    void compile_namesNewerThanTheLibrary_areKnown() {
        SeccompProgram program = compile(EPERM, allow("read", "fchmodat2", "mseal"));
        assertEquals(List.of(), program.unknown());
        for (int arch : new int[] {X86_64, I386}) {
            assertEquals(SeccompAction.ALLOW, run(program, arch, 452));
            assertEquals(EPERM, run(program, arch, 453));
            assertEquals(SeccompAction.ALLOW, run(program, arch, 462));
            assertEquals(ENOSYS, run(program, arch, 463));
        }
        assertEquals(SeccompAction.ALLOW, run(program, X86_64, X32 | 452));
    }

    @Test
    void compile_permissiveDefault_answersNoEnosys() {
        SeccompProgram program = compile(
                SeccompAction.ALLOW, new Rule(List.of("mseal", "clone"), SeccompAction.KILL_PROCESS, List.of()));
        assertEquals(SeccompAction.ALLOW, run(program, X86_64, 1000));
        assertEquals(SeccompAction.KILL_PROCESS, run(program, X86_64, 462));
        assertEquals(SeccompAction.KILL_PROCESS, run(program, X86_64, CLONE));
    }

    @Test
    void compile_conditionsOnOneArgument_areAlternatives() {
        Rule rule = new Rule(
                List.of("personality"),
                SeccompAction.ALLOW,
                List.of(new Condition(0, Comparison.EQUAL, 0, 0), new Condition(0, Comparison.EQUAL, 0xFFFFFFFFL, 0)));
        SeccompProgram program = compile(EPERM, rule, allow("openat2"));
        assertEquals(SeccompAction.ALLOW, run(program, X86_64, PERSONALITY, 0));
        assertEquals(SeccompAction.ALLOW, run(program, X86_64, PERSONALITY, 0xFFFFFFFFL));
        assertEquals(EPERM, run(program, X86_64, PERSONALITY, 8));
    }

    @Test
    void compile_maskedCondition_comparesUnderTheMask() {
        long namespaces = 0x7E020000L;
        Rule rule = new Rule(
                List.of("clone"),
                SeccompAction.ALLOW,
                List.of(new Condition(0, Comparison.MASKED_EQUAL, namespaces, 0)));
        SeccompProgram program = compile(EPERM, rule, allow("openat2"));
        assertEquals(SeccompAction.ALLOW, run(program, X86_64, CLONE, 0x11));
        assertEquals(EPERM, run(program, X86_64, CLONE, 0x20000000));
    }

    @Test
    void compile_socketsOnX86_areToldApartByTheLibrary() {
        SeccompProgram program = compile(EPERM, allow("read", "socket", "openat2"));
        int socketcall = 102;
        int direct = 359;
        assertEquals(SeccompAction.ALLOW, run(program, I386, socketcall, 1));
        assertEquals(EPERM, run(program, I386, socketcall, 2));
        assertEquals(SeccompAction.ALLOW, run(program, I386, direct));
        assertEquals(EPERM, run(program, I386, direct + 1));
        assertEquals(SeccompAction.ALLOW, run(program, X86_64, 41));
    }

    @Test
    void compile_ruleWithAndWithoutConditions_theOneWithoutDecides() {
        Rule conditional =
                new Rule(List.of("clone"), SeccompAction.ALLOW, List.of(new Condition(0, Comparison.EQUAL, 17, 0)));
        SeccompProgram program = compile(EPERM, conditional, allow("clone", "openat2"));
        assertEquals(SeccompAction.ALLOW, run(program, X86_64, CLONE, 17));
        assertEquals(SeccompAction.ALLOW, run(program, X86_64, CLONE, 18));
    }

    @Test
    void compile_manyScatteredCalls_eachKeepsItsAnswer() {
        Map<String, Integer> allowed = Map.ofEntries(
                Map.entry("read", 0),
                Map.entry("open", 2),
                Map.entry("fstat", 5),
                Map.entry("lseek", 8),
                Map.entry("mprotect", 10),
                Map.entry("brk", 12),
                Map.entry("rt_sigprocmask", 14),
                Map.entry("access", 21),
                Map.entry("getpid", 39),
                Map.entry("fork", 57),
                Map.entry("getcwd", 79),
                Map.entry("umask", 95),
                Map.entry("openat2", OPENAT2));
        SeccompProgram program = compile(EPERM, allow(allowed.keySet().toArray(String[]::new)));
        for (int number = 0; number <= OPENAT2; number++) {
            SeccompAction expected = allowed.containsValue(number) ? SeccompAction.ALLOW : EPERM;
            assertEquals(expected, run(program, X86_64, number), "call " + number);
            assertEquals(expected, run(program, X86_64, X32 | number), "x32 call " + number);
        }
    }

    @Test
    void compile_contiguousCalls_takeFewInstructions() {
        SeccompProgram program = compile(EPERM, allow("read", "write", "open", "close", "stat", "fstat", "lstat"));
        assertTrue(program.instructions() < 60, program.instructions() + " instructions");
    }

    @Test
    void prefix_moreRangesThanAJumpReaches_eachKeepsItsAnswer() {
        FilterPrefix prefix = new FilterPrefix(true);
        for (int number = 0; number < 2000; number += 2) {
            prefix.answer(X86_64, false, number, number % 3 == 0 ? SeccompAction.ALLOW : EPERM);
        }
        ByteBuffer program = ByteBuffer.allocate(65536).order(ByteOrder.nativeOrder());
        program.put(prefix.assemble());
        // The part behind the prefix: kill.
        program.putShort((short) 0x06).putShort((short) 0).putInt(SeccompAction.KILL_PROCESS.code());
        SeccompProgram whole = new SeccompProgram(program.array(), List.of());
        for (int number = 0; number < 1998; number++) {
            SeccompAction decided = number % 3 == 0 ? SeccompAction.ALLOW : EPERM;
            assertEquals(
                    number % 2 == 0 ? decided : SeccompAction.KILL_PROCESS,
                    run(whole, X86_64, number),
                    "call " + number);
        }
        assertEquals(ENOSYS, run(whole, X86_64, 2000));
    }

    @Test
    void compile_unknownNames_areReportedAndPassedOver() {
        assertEquals(
                List.of("no_such_call"),
                compile(EPERM, allow("read", "no_such_call")).unknown());
    }

    @Test
    void compile_unknownArchitecture_isRefused() {
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> compiler.compile(new SeccompProfile(EPERM, List.of("pdp11"), List.of())));
        assertEquals("unknown architecture pdp11", e.getMessage());
    }

    @Test
    void compile_conditionOnANewerCall_isRefusedByName() {
        Rule rule = new Rule(List.of("mseal"), SeccompAction.ALLOW, List.of(new Condition(0, Comparison.EQUAL, 0, 0)));
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> compile(EPERM, rule));
        assertTrue(e.getMessage().contains("mseal"));
    }

    @Test
    void compile_otherArchitecture_isKilled() {
        SeccompProgram program = compile(EPERM, allow("read"));
        assertEquals(SeccompAction.KILL_THREAD, run(program, 0xC00000B7, 63));
    }
}
