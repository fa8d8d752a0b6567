package org.felucca.runtime.plan.compile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.oci.runtimespec.Spec;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every property that is not honoured is refused by its pointer. */
class RefusalTest {
    private static final String PROCESS = "\"process\":{\"user\":{\"uid\":0,\"gid\":0},\"args\":[\"a\"],\"cwd\":\"/\"}";
    private static final String LINUX = "\"linux\":{\"namespaces\":[{\"type\":\"mount\"},{\"type\":\"pid\"}]}";

    private static FeluccaException refusal(String members) {
        Spec spec = Documents.parse("{\"ociVersion\":\"1.0.2\"," + members + "}");
        ContainerFacts facts = ContainerFacts.of("x", "/b");
        return assertThrows(FeluccaException.class, () -> ContainerCompiler.compile(spec, Documents.PLAIN_HOST, facts));
    }

    private static void assertRefused(String members, ErrorCode code, String pointer) {
        FeluccaException refusal = refusal(members);
        assertEquals(code, refusal.code(), refusal.getMessage());
        assertTrue(refusal.subject().endsWith(" container configuration at " + pointer), refusal.getMessage());
        assertTrue(refusal.fix().filter(fix -> !fix.isBlank()).isPresent(), "no fix: " + refusal.getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"rootfsPropagation\":\"sideways\" | 'sideways' | use private, slave, shared or unbindable",
                "\"maskedPaths\":[\"b\"] | 'b' is not absolute | give an absolute path",
                "\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"listenerPath\":\"s\"} | 's' is not absolute | give an absolute path",
                "\"memoryPolicy\":{\"mode\":\"MPOL_DEFAULT\",\"nodes\":\"0\"} | MPOL_DEFAULT takes no nodes, but has '0' | remove them",
                "\"memoryPolicy\":{\"mode\":\"MPOL_BIND\"} | MPOL_BIND needs nodes | write them as 0-3,7",
            })
    void compile_refusal_namesTheValueAndWhatIsAllowed(String member, String value, String allowed) {
        FeluccaException refusal = refusal(
                PROCESS + ",\"linux\":{\"namespaces\":[{\"type\":\"mount\"},{\"type\":\"pid\"}]," + member + "}");
        assertTrue(refusal.reason().contains(value), refusal.getMessage());
        assertEquals(allowed, refusal.fix().orElseThrow());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/linux/intelRdt           | UNSUPPORTED      | {\"intelRdt\":{\"closID\":\"x\"}}",
                "/linux/netDevices         | INVALID_ARGUMENT | {\"netDevices\":{\"eth0\":{}}}",
                "/linux/memoryPolicy/nodes | INVALID_ARGUMENT | {\"memoryPolicy\":{\"mode\":\"MPOL_DEFAULT\",\"nodes\":\"0\"}}",
                "/linux/memoryPolicy/nodes | INVALID_ARGUMENT | {\"memoryPolicy\":{\"mode\":\"MPOL_BIND\"}}",
                "/linux/memoryPolicy/nodes | INVALID_ARGUMENT | {\"memoryPolicy\":{\"mode\":\"MPOL_BIND\",\"nodes\":\"1-0\"}}",
                "/linux/memoryPolicy/flags | INVALID_ARGUMENT | {\"memoryPolicy\":{\"mode\":\"MPOL_LOCAL\",\"flags\":[\"MPOL_F_STATIC_NODES\"]}}",
                "/linux/memoryPolicy/flags | INVALID_ARGUMENT | {\"memoryPolicy\":{\"mode\":\"MPOL_INTERLEAVE\",\"nodes\":\"0\",\"flags\":[\"MPOL_F_NUMA_BALANCING\"]}}",
                "/linux/mountLabel         | UNSUPPORTED      | {\"mountLabel\":\"l\"}",
                "/linux/rootfsPropagation  | INVALID_ARGUMENT | {\"rootfsPropagation\":\"sideways\"}",
                "/linux/maskedPaths/1      | INVALID_ARGUMENT | {\"maskedPaths\":[\"/a\",\"b\"]}",
                "/linux/readonlyPaths/0    | INVALID_ARGUMENT | {\"readonlyPaths\":[\"b\"]}",
                "/linux/uidMappings        | INVALID_ARGUMENT | {\"uidMappings\":[{\"containerID\":0,\"hostID\":1,\"size\":1}]}",
                "/linux/timeOffsets        | INVALID_ARGUMENT | {\"timeOffsets\":{\"boottime\":{\"secs\":1}}}",
                "/linux/sysctl/kernel.shmmax  | INVALID_ARGUMENT | {\"sysctl\":{\"kernel.shmmax\":\"1\"}}",
                "/linux/sysctl/net.core.somaxconn | INVALID_ARGUMENT | {\"sysctl\":{\"net.core.somaxconn\":\"1\"}}",
                "/linux/sysctl/vm.swappiness  | INVALID_ARGUMENT | {\"sysctl\":{\"vm.swappiness\":\"1\"}}",
                "/linux/sysctl/net~1..~1kernel | INVALID_ARGUMENT | {\"sysctl\":{\"net/../kernel\":\"1\"}}",
                "/linux/sysctl/kernel.hostname | INVALID_ARGUMENT | {\"sysctl\":{\"kernel.hostname\":\"h\"}}",
                "/linux/personality/flags  | UNSUPPORTED      | {\"personality\":{\"domain\":\"LINUX\",\"flags\":[\"f\"]}}",
                "/linux/seccomp/listenerPath | INVALID_ARGUMENT | {\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"listenerPath\":\"s\"}}",
                "/linux/seccomp/defaultAction | UNSUPPORTED | {\"seccomp\":{\"defaultAction\":\"SCMP_ACT_NOTIFY\",\"listenerPath\":\"/s\"}}",
                "/linux/seccomp/syscalls/0/action | INVALID_ARGUMENT | {\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":[\"bpf\"],\"action\":\"SCMP_ACT_NOTIFY\"}]}}",
                "/linux/seccomp/syscalls/0/names/1 | UNSUPPORTED | {\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"listenerPath\":\"/s\",\"syscalls\":[{\"names\":[\"bpf\",\"write\"],\"action\":\"SCMP_ACT_NOTIFY\"}]}}",
            })
    void compile_linuxProperty_isRefusedByPointer(String pointer, ErrorCode code, String linux) {
        String merged = linux.replaceFirst("\\{", "{\"namespaces\":[{\"type\":\"mount\"},{\"type\":\"pid\"}],");
        assertRefused(PROCESS + ",\"linux\":" + merged, code, pointer);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/mounts/0             | {\"destination\":\"/a\"}",
                "/mounts/0             | {\"destination\":\"/a\",\"type\":\"bind\"}",
                "/mounts/0/options/1   | {\"destination\":\"/a\",\"source\":\"/s\",\"options\":[\"bind\",\"size=1\"]}",
                "/mounts/0/options     | {\"destination\":\"/a\",\"type\":\"proc\",\"options\":[\"tmpcopyup\"]}",
                "/mounts/0/destination | {\"destination\":\"/\",\"type\":\"tmpfs\"}",
                "/mounts/0/destination | {\"destination\":\"/a/../b\",\"type\":\"tmpfs\"}",
                "/mounts/0/destination | {\"destination\":\"/proc\",\"type\":\"tmpfs\"}",
                "/mounts/0/destination | {\"destination\":\"/proc/self\",\"source\":\"/s\",\"options\":[\"bind\"]}",
            })
    void compile_mount_isRefusedByPointer(String pointer, String mount) {
        assertRefused(PROCESS + "," + LINUX + ",\"mounts\":[" + mount + "]", ErrorCode.INVALID_ARGUMENT, pointer);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/mounts/0/options     | UNSUPPORTED      | {\"destination\":\"/a\",\"type\":\"tmpfs\",\"options\":[\"idmap\"]}",
                "/mounts/0/options     | INVALID_ARGUMENT | {\"destination\":\"/a\",\"source\":\"/s\",\"options\":[\"bind\",\"idmap\"]}",
                "/mounts/0/options     | UNSUPPORTED      | {\"destination\":\"/a\",\"options\":[\"bind\",\"remount\",\"ridmap\"]}",
                "/mounts/0/options     | UNSUPPORTED      | {\"destination\":\"/a\",\"type\":\"tmpfs\",\"options\":[\"remount\"]}",
                "/mounts/0/uidMappings | UNSUPPORTED      | {\"destination\":\"/a\",\"type\":\"tmpfs\",\"uidMappings\":[{\"containerID\":0,\"hostID\":1,\"size\":1}],\"gidMappings\":[{\"containerID\":0,\"hostID\":1,\"size\":1}]}",
            })
    void compile_idMappedMount_isRefusedByPointer(String pointer, ErrorCode code, String mount) {
        assertRefused(PROCESS + "," + LINUX + ",\"mounts\":[" + mount + "]", code, pointer);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/process/args                    | INVALID_ARGUMENT | \"cwd\":\"/\"",
                "/process/args/0                  | INVALID_ARGUMENT | \"cwd\":\"/\",\"args\":[\"\"]",
                "/process/cwd                     | INVALID_ARGUMENT | \"cwd\":\"a\",\"args\":[\"x\"]",
                "/process/commandLine             | UNSUPPORTED      | \"cwd\":\"/\",\"args\":[\"x\"],\"commandLine\":\"x\"",
                "/process/rlimits/0/type          | INVALID_ARGUMENT | \"cwd\":\"/\",\"args\":[\"x\"],\"rlimits\":[{\"type\":\"RLIMIT_X\",\"hard\":1,\"soft\":1}]",
                "/process/capabilities/bounding/0 | INVALID_ARGUMENT | \"cwd\":\"/\",\"args\":[\"x\"],\"capabilities\":{\"bounding\":[\"CHOWN\"]}",
                "/process/apparmorProfile         | UNSUPPORTED      | \"cwd\":\"/\",\"args\":[\"x\"],\"apparmorProfile\":\"p\"",
                "/process/selinuxLabel            | UNSUPPORTED      | \"cwd\":\"/\",\"args\":[\"x\"],\"selinuxLabel\":\"p\"",
            })
    void compile_process_isRefusedByPointer(String pointer, ErrorCode code, String process) {
        assertRefused("\"process\":{\"user\":{\"uid\":0,\"gid\":0}," + process + "}," + LINUX, code, pointer);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/process            | INVALID_ARGUMENT | \"linux\":{\"namespaces\":[{\"type\":\"mount\"}]}",
                "/linux              | INVALID_ARGUMENT | \"hostname\":\"h\"",
                "/linux/namespaces   | INVALID_ARGUMENT | \"linux\":{}",
                "/linux/namespaces/0/path | UNSUPPORTED | \"linux\":{\"namespaces\":[{\"type\":\"mount\",\"path\":\"/x\"}]}",
                "/hostname           | INVALID_ARGUMENT | \"hostname\":\"h\",\"linux\":{\"namespaces\":[{\"type\":\"mount\"}]}",
                "/windows            | UNSUPPORTED | \"windows\":{\"layerFolders\":[\"a\"]}",
            })
    void compile_document_isRefusedByPointer(String pointer, ErrorCode code, String members) {
        String process = pointer.equals("/process") ? "" : PROCESS + ",";
        assertRefused(process + members, code, pointer);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/linux/netDevices/eth0/name     | {\"eth0\":{\"name\":\"longer-than-that\"}}",
                "/linux/netDevices/eth0/name     | {\"eth0\":{\"name\":\"a b\"}}",
                "/linux/netDevices/eth0/name     | {\"eth0\":{\"name\":\"..\"}}",
                "/linux/netDevices/eth0/name     | {\"eth0\":{\"name\":\"e%x\"}}",
                "/linux/netDevices/eth0/name     | {\"eth0\":{\"name\":\"%d%d\"}}",
                "/linux/netDevices/a~1b          | {\"a/b\":{\"name\":\"c\"}}",
                "/linux/netDevices/eth1/name     | {\"eth0\":{\"name\":\"x\"},\"eth1\":{\"name\":\"x\"}}",
            })
    void compile_netDevice_isRefusedByPointer(String pointer, String devices) {
        assertRefused(
                PROCESS + ",\"linux\":{\"namespaces\":[{\"type\":\"mount\"},{\"type\":\"network\"}],\"netDevices\":"
                        + devices + "}",
                ErrorCode.INVALID_ARGUMENT,
                pointer);
    }

    @ParameterizedTest
    @CsvSource({"1000,/process/user/uid", "70000,/process/user/uid"})
    void compile_uidWithoutMapping_isRefused(long uid, String pointer) {
        assertRefused(
                "\"process\":{\"user\":{\"uid\":" + uid + ",\"gid\":0},\"args\":[\"a\"],\"cwd\":\"/\"},"
                        + "\"linux\":{\"namespaces\":[{\"type\":\"mount\"},{\"type\":\"user\"}],"
                        + "\"uidMappings\":[{\"containerID\":0,\"hostID\":1,\"size\":1000}],"
                        + "\"gidMappings\":[{\"containerID\":0,\"hostID\":1,\"size\":1000}]}",
                ErrorCode.INVALID_ARGUMENT,
                pointer);
    }

    @ParameterizedTest
    @CsvSource("a\\u0000b")
    void compile_zeroByteInArgument_isRefused(String argument) {
        FeluccaException refusal = refusal(
                "\"process\":{\"user\":{\"uid\":0,\"gid\":0},\"args\":[\"" + argument + "\"],\"cwd\":\"/\"}," + LINUX);
        assertEquals(ErrorCode.INVALID_ARGUMENT, refusal.code());
        assertEquals("a string holds a zero byte: a?b", refusal.reason());
    }
}
