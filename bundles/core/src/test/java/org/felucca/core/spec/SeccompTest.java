package org.felucca.core.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.felucca.core.spec.SeccompProfile.Target;
import org.felucca.oci.OciFormatException;
import org.felucca.oci.runtimespec.linux.Seccomp;
import org.felucca.oci.runtimespec.linux.SeccompAction;
import org.felucca.oci.runtimespec.linux.SeccompArch;
import org.felucca.oci.runtimespec.linux.SeccompSyscall;
import org.junit.jupiter.api.Test;

class SeccompTest {
    private static final KernelVersion KERNEL = new KernelVersion(6, 1);
    private final SeccompDefault profile = new SeccompDefault();

    private Seccomp resolve(String architecture, String... capabilities) {
        return profile.resolve(new Target(architecture, KERNEL, Set.of(capabilities)));
    }

    private static List<SeccompSyscall> rules(Seccomp seccomp, String name) {
        return seccomp.syscalls().stream()
                .filter(rule -> rule.names().contains(name))
                .toList();
    }

    private static boolean allowed(Seccomp seccomp, String name) {
        return rules(seccomp, name).stream()
                .anyMatch(rule ->
                        rule.action() == SeccompAction.ALLOW && rule.args().isEmpty());
    }

    @Test
    void unknownCalls_failWithEperm() {
        Seccomp seccomp = resolve("amd64");

        assertEquals(SeccompAction.ERRNO, seccomp.defaultAction());
        assertEquals(1L, seccomp.defaultErrnoRet());
    }

    @Test
    void ordinaryCalls_areAllowed_dangerousOnesAreNot() {
        Seccomp seccomp = resolve("amd64");

        for (String name : List.of("read", "openat2", "clone", "execve", "futex", "statx", "ptrace", "arch_prctl")) {
            assertFalse(rules(seccomp, name).isEmpty(), name);
        }
        for (String name : List.of(
                "io_uring_setup",
                "io_uring_enter",
                "io_uring_register",
                "mount",
                "unshare",
                "bpf",
                "keyctl",
                "add_key",
                "kexec_load",
                "init_module",
                "open_by_handle_at",
                "setns",
                "swapon",
                "reboot",
                "userfaultfd",
                "pivot_root",
                "settimeofday")) {
            assertTrue(rules(seccomp, name).isEmpty(), name);
        }
    }

    @Test
    void callsOfACapability_areAllowedWithItOnly() {
        assertFalse(allowed(resolve("amd64"), "chroot"));
        assertTrue(allowed(resolve("amd64", "CAP_SYS_CHROOT"), "chroot"));
        assertTrue(allowed(resolve("amd64", "CAP_SYS_ADMIN"), "mount"));
        assertTrue(allowed(resolve("amd64", "CAP_BPF"), "bpf"));
    }

    @Test
    void clone3_failsWithEnosys_soThatLibrariesFallBack() {
        SeccompSyscall rule = rules(resolve("amd64"), "clone3").get(0);
        assertEquals(SeccompAction.ERRNO, rule.action());
        assertEquals(38L, rule.errnoRet());
        assertTrue(allowed(resolve("amd64", "CAP_SYS_ADMIN"), "clone3"));
    }

    @Test
    void clone_mayMakeNoNamespaces() {
        SeccompSyscall rule = rules(resolve("amd64"), "clone").get(0);
        assertEquals(0x7E020000L, rule.args().get(0).value());
        assertEquals(0, rule.args().get(0).index());
        assertEquals(1, rules(resolve("s390x"), "clone").get(0).args().get(0).index());
    }

    @Test
    void sockets_ofRareFamilies_areRefused() {
        List<Long> equal = rules(resolve("amd64"), "socket").stream()
                .map(rule -> rule.args().get(0))
                .filter(argument -> argument.op().id().equals("SCMP_CMP_EQ"))
                .map(argument -> argument.value())
                .toList();
        assertTrue(equal.contains(16L), "netlink");
        assertFalse(equal.contains(38L), "kernel crypto");
        assertFalse(equal.contains(40L), "vsock reaches the hypervisor");
    }

    @Test
    void architectures_areTheNativeOneAndThoseItRuns() {
        assertEquals(
                List.of(SeccompArch.X86_64, SeccompArch.X86, SeccompArch.X32),
                resolve("amd64").architectures());
        assertEquals(
                List.of(SeccompArch.AARCH64, SeccompArch.ARM), resolve("arm64").architectures());
        assertEquals(List.of(SeccompArch.RISCV64), resolve("riscv64").architectures());
        assertFalse(rules(resolve("arm64"), "cacheflush").isEmpty());
        assertTrue(rules(resolve("amd64"), "cacheflush").isEmpty());
    }

    @Test
    void ptrace_needsAKernelThatChecksAfterwards() {
        Seccomp old = profile.resolve(new Target("amd64", new KernelVersion(4, 4), Set.of()));
        assertTrue(rules(old, "ptrace").isEmpty());
    }

    private static SeccompProfile parse(String text) {
        return SeccompProfile.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void customProfile_inDockersForm_isResolved() {
        SeccompProfile custom = parse("""
                {"defaultAction": "SCMP_ACT_ALLOW",
                 "archMap": [{"architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X86"]},
                             {"architecture": "SCMP_ARCH_RISCV64", "subArchitectures": null}],
                 "syscalls": [
                   {"names": ["mkdir"], "action": "SCMP_ACT_ERRNO", "errnoRet": 13, "comment": "no",
                    "excludes": {"caps": ["CAP_SYS_ADMIN"]}},
                   {"name": "rmdir", "action": "SCMP_ACT_KILL", "includes": {"minKernel": "99.0"}}]}
                """);

        Seccomp seccomp = custom.resolve(new Target("amd64", KERNEL, Set.of()));

        assertEquals(List.of(SeccompArch.X86_64, SeccompArch.X86), seccomp.architectures());
        assertEquals(1, seccomp.syscalls().size());
        assertEquals(13L, seccomp.syscalls().get(0).errnoRet());
        assertEquals(
                List.of(),
                custom.resolve(new Target("amd64", KERNEL, Set.of("CAP_SYS_ADMIN")))
                        .syscalls());
    }

    @Test
    void customProfile_inTheSpecificationsForm_isKeptAsItIs() {
        Seccomp seccomp = parse("""
                {"defaultAction": "SCMP_ACT_ERRNO", "architectures": ["SCMP_ARCH_X86_64"],
                 "flags": ["SECCOMP_FILTER_FLAG_LOG"],
                 "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]}
                """).resolve(new Target("amd64", KERNEL, Set.of()));

        assertEquals(List.of(SeccompArch.X86_64), seccomp.architectures());
        assertEquals(1, seccomp.flags().size());
    }

    @Test
    void customProfile_thatIsWrong_isRefusedWithItsPlace() {
        assertEquals(
                "/syscalls/0/nope",
                assertThrows(
                                OciFormatException.class,
                                () -> parse("{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":[\"a\"],"
                                        + "\"action\":\"SCMP_ACT_ALLOW\",\"nope\":1}]}"))
                        .pointer());
        assertThrows(
                OciFormatException.class,
                () -> parse("{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"architectures\":[\"SCMP_ARCH_X86\"],"
                        + "\"archMap\":[{\"architecture\":\"SCMP_ARCH_X86\"}]}"));
        assertThrows(OciFormatException.class, () -> parse("[]"));
    }

    @Test
    void kernelVersion_isReadFromReleases() {
        assertEquals(new KernelVersion(6, 1), KernelVersion.parse("6.1.0-28-amd64"));
        assertEquals(new KernelVersion(4, 8), KernelVersion.parse("4.8"));
        assertThrows(OciFormatException.class, () -> KernelVersion.parse("six"));
    }
}
