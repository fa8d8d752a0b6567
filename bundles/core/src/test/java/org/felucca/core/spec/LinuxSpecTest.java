package org.felucca.core.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.felucca.api.container.ContainerMount.Bind;
import org.felucca.api.container.ContainerMount.Tmpfs;
import org.felucca.api.container.ContainerRequest;
import org.felucca.api.container.NetworkMode;
import org.felucca.api.container.Ulimit;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.runtime.ResourceLimits;
import org.felucca.core.fake.SomeContainer;
import org.felucca.oci.json.Json;
import org.felucca.oci.runtimespec.Mount;
import org.felucca.oci.runtimespec.Rlimit;
import org.felucca.oci.runtimespec.Spec;
import org.felucca.oci.runtimespec.linux.Linux;
import org.felucca.oci.runtimespec.linux.NamespaceType;
import org.felucca.oci.runtimespec.linux.Resources;
import org.junit.jupiter.api.Test;

class LinuxSpecTest {
    private static final Path DIRECTORY = Path.of("/var/lib/felucca/containers/default/x");

    private final HostFacts host = new HostFacts(
            "amd64",
            new KernelVersion(6, 1),
            40,
            2,
            Set.copyOf(HostFacts.NETWORK_SYSCTLS),
            List.of("/sys/devices/system/cpu/cpu0/thermal_throttle"));
    private final LinuxSpec specs = new LinuxSpec(host);

    private Spec of(ContainerRequest.Builder request) {
        return specs.of(SomeContainer.of(request.build()), DIRECTORY);
    }

    private static ContainerRequest.Builder request() {
        return SomeContainer.request();
    }

    private FeluccaException refused(ContainerRequest.Builder request) {
        FeluccaException failure = assertThrows(FeluccaException.class, () -> of(request));
        assertEquals(ErrorCode.INVALID_ARGUMENT, failure.code(), failure.getMessage());
        return failure;
    }

    private static Mount mount(Spec spec, String destination) {
        return spec.mounts().stream()
                .filter(mount -> mount.destination().equals(destination))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void document_ofAPlainRequest_isAsTheGoldenFileSays() throws IOException {
        Spec spec = of(request());
        // The filter has a test of its own.
        Spec rest = spec.toBuilder()
                .linux(spec.linux().toBuilder().seccomp(null).build())
                .build();
        try (InputStream golden = LinuxSpecTest.class.getResourceAsStream("plain.json")) {
            assertEquals(
                    new String(golden.readAllBytes(), StandardCharsets.UTF_8),
                    new String(Json.prettyBytes(rest.toJson()), StandardCharsets.UTF_8));
        }
    }

    @Test
    void document_isReadBackAsItWasWritten() {
        Spec spec = of(request());

        Spec.Parsed parsed = Spec.parse(spec.toBytes());

        assertEquals(spec, parsed.spec());
        assertEquals(List.of(), parsed.unknown());
    }

    @Test
    void environment_isDefaultsThenTheRequest() {
        assertEquals(
                List.of("PATH=/bin", "HOSTNAME=0123456789ab", "TERM=xterm", "A=1"),
                of(request().terminal(true).environment(List.of("A=1", "PATH=/bin")))
                        .process()
                        .env());
        assertEquals(
                List.of(LinuxDefaults.PATH),
                of(request().environment(List.of("HOSTNAME"))).process().env(),
                "a name without a value takes a default away");
    }

    @Test
    void hostNetwork_sharesNamespaceAndHasNoNetworkParameters() {
        Linux linux = of(request().network(NetworkMode.HOST)).linux();

        assertTrue(linux.namespaces().stream().noneMatch(ns -> ns.type() == NamespaceType.NETWORK));
        assertEquals(Map.of(), linux.sysctl());
    }

    @Test
    void capabilities_areChangedAsDockerDoes() {
        assertEquals(14, bounding(request()).size());
        assertFalse(bounding(request().capDrop(List.of("chown"))).contains("CAP_CHOWN"));
        assertTrue(bounding(request().capAdd(List.of("CAP_SYS_ADMIN"))).contains("CAP_SYS_ADMIN"));
        assertEquals(
                List.of("CAP_KILL"), bounding(request().capDrop(List.of("all")).capAdd(List.of("kill"))));
        List<String> all = bounding(request().capAdd(List.of("ALL")).capDrop(List.of("NET_RAW")));
        assertEquals(40, all.size());
        assertFalse(all.contains("CAP_NET_RAW"));
        assertEquals(List.of(), bounding(request().capDrop(List.of("ALL"))));
        assertTrue(refused(request().capAdd(List.of("CAP_NOPE"))).getMessage().contains("CAP_NOPE"));
    }

    @Test
    void capabilities_areThoseTheKernelKnows() {
        LinuxSpec old = new LinuxSpec(new HostFacts("amd64", new KernelVersion(4, 19), 37, 2, Set.of(), List.of()));
        ContainerRequest all = request().capAdd(List.of("ALL")).build();

        assertEquals(
                38,
                old.of(SomeContainer.of(all), DIRECTORY)
                        .process()
                        .capabilities()
                        .bounding()
                        .size());
    }

    private List<String> bounding(ContainerRequest.Builder request) {
        var capabilities = of(request).process().capabilities();
        assertEquals(capabilities.bounding(), capabilities.permitted());
        assertEquals(capabilities.bounding(), capabilities.effective());
        assertEquals(List.of(), capabilities.inheritable());
        assertEquals(List.of(), capabilities.ambient());
        return capabilities.bounding();
    }

    @Test
    void privileged_hasEverythingAndNoMasks() {
        Spec spec = of(request().privileged(true));

        assertEquals(41, spec.process().capabilities().bounding().size());
        assertNull(spec.linux().seccomp());
        assertEquals(List.of(), spec.linux().maskedPaths());
        assertEquals(List.of(), spec.linux().readonlyPaths());
        assertTrue(mount(spec, "/sys").options().contains("rw"));
        assertEquals(LinuxDefaults.ALL_DEVICES, spec.linux().resources().devices());
        assertTrue(
                spec.linux().devices().stream()
                        .noneMatch(device -> device.path().equals("/dev/null")),
                "what all have is not named");
    }

    @Test
    void limits_areTranslated() {
        Resources resources = of(request()
                        .resources(ResourceLimits.NONE
                                .memoryBytes(64 << 20)
                                .nanoCpus(1_500_000_000L)
                                .cpuShares(512)
                                .pids(100)))
                .linux()
                .resources();

        assertEquals(64L << 20, resources.memory().limit());
        assertEquals(128L << 20, resources.memory().swap(), "twice the memory, as docker has it");
        assertEquals(150_000L, resources.cpu().quota());
        assertEquals(100_000L, resources.cpu().period());
        assertEquals(512L, resources.cpu().shares());
        assertEquals(100L, resources.pids().limit());
    }

    @Test
    void limits_thatCannotBe_areRefused() {
        refused(request().resources(ResourceLimits.NONE.memoryBytes(1 << 20)));
        refused(request().resources(ResourceLimits.NONE.memorySwapBytes(1 << 30)));
        refused(request().resources(ResourceLimits.NONE.memoryBytes(64 << 20).memorySwapBytes(32 << 20)));
        refused(request().resources(ResourceLimits.NONE.nanoCpus(3_000_000_000L)));
        refused(request().resources(ResourceLimits.NONE.nanoCpus(1)));
        refused(request().resources(ResourceLimits.NONE.cpuShares(1)));
        refused(request().resources(ResourceLimits.NONE.pids(-2)));
    }

    @Test
    void ulimits_areTranslated() {
        assertEquals(
                List.of(new Rlimit("RLIMIT_NOFILE", 2048, 1024), new Rlimit("RLIMIT_CORE", -1, -1)),
                of(request().ulimits(List.of(new Ulimit("nofile", 1024, 2048), new Ulimit("core", -1, -1))))
                        .process()
                        .rlimits());
        refused(request().ulimits(List.of(new Ulimit("nope", 1, 1))));
        refused(request().ulimits(List.of(new Ulimit("nofile", 2, 1))));
        refused(request().ulimits(List.of(new Ulimit("nofile", 1, 1), new Ulimit("nofile", 2, 2))));
    }

    @Test
    void binds_comeAfterTheDefaultsByDepth() {
        Spec spec = of(request()
                .mounts(List.of(
                        new Bind("/srv/deep", "/a/b/c", true, false, List.of()),
                        new Bind("/srv", "/a", false, false, List.of("rslave")))));

        List<String> targets = spec.mounts().stream().map(Mount::destination).toList();
        assertTrue(targets.indexOf("/a") < targets.indexOf("/a/b/c"));
        assertTrue(targets.indexOf("/dev/shm") < targets.indexOf("/a"));
        assertEquals(List.of("rbind", "ro", "rprivate"), mount(spec, "/a/b/c").options());
        assertEquals(List.of("rslave", "rbind"), mount(spec, "/a").options());
        assertEquals("rslave", spec.linux().rootfsPropagation());
    }

    @Test
    void mountOverADefault_replacesIt() {
        Spec spec = of(request()
                .mounts(List.of(
                        new Bind("/srv/hosts", "/etc/hosts", false, false, List.of()),
                        new Tmpfs("/dev/shm", List.of("size=1m")))));

        assertEquals("/srv/hosts", mount(spec, "/etc/hosts").source());
        assertEquals(
                1,
                spec.mounts().stream()
                        .filter(mount -> mount.destination().equals("/dev/shm"))
                        .count());
        Spec dev = of(request().mounts(List.of(new Bind("/dev", "/dev/", false, false, List.of()))));
        assertTrue(dev.mounts().stream().noneMatch(mount -> mount.destination().startsWith("/dev/")));
    }

    @Test
    void tmpfs_hasSafeOptionsThatCanBeTakenBack() {
        assertEquals(
                List.of("nosuid", "nodev", "rprivate", "exec", "size=64m"),
                mount(of(request().mounts(List.of(new Tmpfs("/run", List.of("exec", "size=64m"))))), "/run")
                        .options());
    }

    @Test
    void mounts_thatCannotBe_areRefused() {
        refused(request().mounts(List.of(new Tmpfs("relative", List.of()))));
        refused(request().mounts(List.of(new Tmpfs("/", List.of()))));
        refused(request().mounts(List.of(new Tmpfs("/a/..", List.of()))));
        refused(request().mounts(List.of(new Tmpfs("/a", List.of()), new Tmpfs("/a/", List.of()))));
        refused(request().mounts(List.of(new Bind("relative", "/a", false, false, List.of()))));
    }

    @Test
    void readOnlyRoot_makesTheBoundFilesReadOnly() {
        Spec spec = of(request().readOnly(true));

        assertTrue(spec.root().readonly());
        assertTrue(mount(spec, "/etc/hosts").options().contains("ro"));
        assertEquals(DIRECTORY + "/hosts", mount(spec, "/etc/hosts").source());
    }

    @Test
    void sysctls_areThoseOfTheNamespaces() {
        assertEquals(
                "1",
                of(request().sysctls(Map.of("net.ipv4.ip_forward", "1")))
                        .linux()
                        .sysctl()
                        .get("net.ipv4.ip_forward"));
        assertEquals("0", of(request()).linux().sysctl().get("net.ipv4.ip_unprivileged_port_start"));
        refused(request().sysctls(Map.of("kernel.panic", "1")));
        refused(request().network(NetworkMode.HOST).sysctls(Map.of("net.ipv4.ip_forward", "1")));
    }

    @Test
    void securityOptions_areObeyedOrRefused() {
        assertTrue(of(request().securityOptions(List.of("no-new-privileges")))
                .process()
                .noNewPrivileges());
        assertFalse(of(request().securityOptions(List.of("no-new-privileges=false")))
                .process()
                .noNewPrivileges());
        assertNull(of(request().securityOptions(List.of("seccomp=unconfined")))
                .linux()
                .seccomp());
        assertEquals(
                "mine",
                of(request().securityOptions(List.of("apparmor=mine")))
                        .process()
                        .apparmorProfile());
        assertNotNull(of(request().securityOptions(List.of("label=disable"))));
        refused(request().securityOptions(List.of("nope=1")));
        refused(request().securityOptions(List.of("no-new-privileges=maybe")));
        refused(request().securityOptions(List.of("seccomp=/a/path")));
        assertTrue(refused(request().securityOptions(List.of("seccomp={\"defaultAction\":\"NO\"}")))
                .getMessage()
                .contains("/defaultAction"));
        assertEquals(
                ErrorCode.UNSUPPORTED,
                assertThrows(FeluccaException.class, () -> of(request().securityOptions(List.of("label=type:x"))))
                        .code());
    }

    @Test
    void hostname_isTheShortIdUnlessGiven() {
        assertEquals("0123456789ab", of(request()).hostname());
        assertEquals("my.host", of(request().hostname("my.host")).hostname());
        refused(request().hostname("no spaces"));
        refused(request().hostname("a".repeat(65)));
    }

    @Test
    void sameCapabilities_getTheSameFilter() {
        assertSame(
                of(request()).linux().seccomp(),
                of(request().hostname("other")).linux().seccomp());
    }
}
