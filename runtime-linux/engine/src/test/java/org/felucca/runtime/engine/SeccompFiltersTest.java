package org.felucca.runtime.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.felucca.oci.runtimespec.linux.Seccomp;
import org.felucca.oci.runtimespec.linux.SeccompAction;
import org.felucca.oci.runtimespec.linux.SeccompFlag;
import org.felucca.oci.runtimespec.linux.SeccompSyscall;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SeccompFiltersTest {
    private static final int RETURN = 0x06;

    /** What the program can answer. */
    private static Set<String> answers(Seccomp profile) {
        ByteBuffer program =
                ByteBuffer.wrap(new SeccompFilters().filter(profile).program()).order(ByteOrder.LITTLE_ENDIAN);
        Set<String> found = new TreeSet<>();
        while (program.hasRemaining()) {
            int code = program.getShort();
            program.getShort();
            int value = program.getInt();
            if (code == RETURN) {
                found.add(Integer.toHexString(value));
            }
        }
        return found;
    }

    @ParameterizedTest
    @CsvSource({
        "KILL,,0",
        "KILL_THREAD,,0",
        "KILL_PROCESS,,80000000",
        "TRAP,,30000",
        "ERRNO,,50001",
        "ERRNO,38,50026",
        "TRACE,,7ff00000",
        "TRACE,5,7ff00005",
        "LOG,,7ffc0000",
        "NOTIFY,,7fc00000",
    })
    void filter_everyAction_isItsReturnValue(SeccompAction action, Long errno, String answer) {
        Set<String> answers = answers(Seccomp.builder(SeccompAction.ALLOW)
                .syscalls(List.of(new SeccompSyscall(List.of("mkdir"), action, errno, List.of())))
                .listenerPath("/s")
                .build());
        assertTrue(answers.contains(answer), answers::toString);
        assertTrue(answers.contains("7fff0000"), answers::toString);
    }

    @Test
    void filter_defaultErrno_isItsReturnValue() {
        Set<String> answers = answers(Seccomp.builder(SeccompAction.ERRNO)
                .defaultErrnoRet(13L)
                .syscalls(List.of(new SeccompSyscall(List.of("mkdir"), SeccompAction.ALLOW, null, List.of())))
                .build());
        assertTrue(answers.contains("5000d"), answers::toString);
    }

    @ParameterizedTest
    @CsvSource({"TSYNC,1", "LOG,2", "SPEC_ALLOW,4", "WAIT_KILLABLE_RECV,32"})
    void filter_everyFlag_isItsBit(SeccompFlag flag, int bit) {
        assertEquals(
                bit,
                new SeccompFilters()
                        .filter(Seccomp.builder(SeccompAction.ALLOW)
                                .flags(List.of(flag))
                                .build())
                        .flags());
    }
}
