package org.felucca.runtime.engine.cgroup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.oci.runtimespec.Spec;
import org.felucca.oci.runtimespec.linux.BlockIo;
import org.felucca.oci.runtimespec.linux.Cpu;
import org.felucca.oci.runtimespec.linux.HugepageLimit;
import org.felucca.oci.runtimespec.linux.Memory;
import org.felucca.oci.runtimespec.linux.Network;
import org.felucca.oci.runtimespec.linux.Pids;
import org.felucca.oci.runtimespec.linux.Rdma;
import org.felucca.oci.runtimespec.linux.Resources;
import org.felucca.oci.runtimespec.linux.ThrottleDevice;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CgroupSettingsTest {
    private static List<String> lines(Resources.Builder resources, boolean v2) {
        return CgroupSettings.of(resources.build(), v2).stream()
                .map(setting -> setting.file() + " = " + setting.value())
                .toList();
    }

    private static Resources.Builder resources() {
        return Resources.builder()
                .memory(Memory.builder().limit(100L).swap(150L).reservation(50L).build())
                .cpu(Cpu.builder()
                        .shares(1024L)
                        .quota(5000L)
                        .period(10000L)
                        .burst(7L)
                        .cpus("0-1")
                        .mems("0")
                        .idle(1L)
                        .build())
                .pids(new Pids(9L))
                .blockIo(BlockIo.builder()
                        .weight(100)
                        .throttleReadBpsDevice(List.of(new ThrottleDevice(8, 0, 42)))
                        .throttleWriteIopsDevice(List.of(new ThrottleDevice(8, 16, 43)))
                        .build())
                .hugepageLimits(List.of(new HugepageLimit("2MB", 4)))
                .rdma(Map.of("mlx5_1", new Rdma(3L, null)));
    }

    @Test
    void of_everything_version1() {
        assertEquals(
                List.of(
                        "memory.limit_in_bytes = 100",
                        "memory.memsw.limit_in_bytes = 150",
                        "memory.soft_limit_in_bytes = 50",
                        "cpu.shares = 1024",
                        "cpu.cfs_period_us = 10000",
                        "cpu.cfs_quota_us = 5000",
                        "cpu.cfs_burst_us = 7",
                        "cpu.idle = 1",
                        "cpuset.cpus = 0-1",
                        "cpuset.mems = 0",
                        "pids.max = 9",
                        "blkio.bfq.weight = 100",
                        "blkio.throttle.read_bps_device = 8:0 42",
                        "blkio.throttle.write_iops_device = 8:16 43",
                        "hugetlb.2MB.limit_in_bytes = 4",
                        "net_cls.classid = 5",
                        "rdma.max = mlx5_1 hca_handle=3"),
                lines(resources().network(new Network(5L, List.of())), false));
    }

    @Test
    void of_everything_version2() {
        assertEquals(
                List.of(
                        "memory.max = 100",
                        "memory.swap.max = 50",
                        "memory.low = 50",
                        "cpu.weight = 100",
                        "cpu.max = 5000 10000",
                        "cpu.max.burst = 7",
                        "cpu.idle = 1",
                        "cpuset.cpus = 0-1",
                        "cpuset.mems = 0",
                        "pids.max = 9",
                        "io.weight = default 910",
                        "io.max = 8:0 rbps=42",
                        "io.max = 8:16 wiops=43",
                        "hugetlb.2MB.max = 4",
                        "rdma.max = mlx5_1 hca_handle=3",
                        "memory.high = 80"),
                lines(resources().unified(Map.of("memory.high", "80")), true));
    }

    @Test
    void of_unlimited_isWrittenAsEachVersionSaysIt() {
        Resources.Builder unlimited = Resources.builder()
                .memory(Memory.builder().limit(-1L).swap(-1L).build())
                .cpu(Cpu.builder().quota(-1L).build())
                .pids(new Pids(-1L));
        assertEquals(
                List.of(
                        "memory.limit_in_bytes = -1",
                        "memory.memsw.limit_in_bytes = -1",
                        "cpu.cfs_quota_us = -1",
                        "pids.max = max"),
                lines(unlimited, false));
        assertEquals(
                List.of("memory.max = max", "memory.swap.max = max", "cpu.max = max 100000", "pids.max = max"),
                lines(unlimited, true));
    }

    @ParameterizedTest
    @CsvSource({"2,1", "1024,100", "262144,10000", "512,59", "0,1", "999999,10000"})
    void weight_ofShares_meetsTheDefaults(long shares, long weight) {
        assertEquals(weight, CgroupSettings.weight(shares));
    }

    @Test
    void of_whatVersion2Lacks_isRefusedByPointer() {
        refused(
                "/linux/resources/memory/swappiness",
                Memory.builder().swappiness(10L).build());
        refused(
                "/linux/resources/memory/disableOOMKiller",
                Memory.builder().disableOomKiller(true).build());
        refused("/linux/resources/memory/kernel", Memory.builder().kernel(1L).build());
    }

    private static void refused(String pointer, Memory memory) {
        FeluccaException refusal = assertThrows(
                FeluccaException.class, () -> lines(Resources.builder().memory(memory), true));
        assertEquals(ErrorCode.UNSUPPORTED, refusal.code());
        assertTrue(refusal.subject().endsWith(pointer), refusal.getMessage());
    }

    private static Resources parse(String members) {
        String document = "{'ociVersion':'1.3.0','linux':{'resources':{" + members + "}}}";
        Spec.Parsed parsed = Spec.parse(document.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
        assertEquals(List.of(), parsed.unknown());
        return parsed.spec().linux().resources();
    }

    /** One property in either version; a dash where it is refused, at the pointer that the last column adds. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'memory':{'kernelTCP':7} | memory.kmem.tcp.limit_in_bytes = 7 | - | /memory/kernelTCP",
                "'memory':{'swappiness':7} | memory.swappiness = 7 | - | /memory/swappiness",
                "'memory':{'disableOOMKiller':true} | memory.oom_control = 1 | - | /memory/disableOOMKiller",
                "'memory':{'disableOOMKiller':false} | `` | `` | ``",
                "'memory':{'useHierarchy':true} | `` | `` | ``",
                "'memory':{'useHierarchy':false} | - | - | /memory/useHierarchy",
                "'memory':{'checkBeforeUpdate':true} | `` | `` | ``",
                "'memory':{'kernel':7} | - | - | /memory/kernel",
                "'memory':{'reservation':7} | memory.soft_limit_in_bytes = 7 | memory.low = 7 | ``",
                "'cpu':{'realtimePeriod':7} | cpu.rt_period_us = 7 | - | /cpu/realtimePeriod",
                "'cpu':{'realtimeRuntime':7} | cpu.rt_runtime_us = 7 | - | /cpu/realtimeRuntime",
                "'cpu':{'burst':7} | cpu.cfs_burst_us = 7 | cpu.max.burst = 7 | ``",
                "'cpu':{'idle':1} | cpu.idle = 1 | cpu.idle = 1 | ``",
                "'cpu':{'cpus':'0','mems':'1'} | cpuset.cpus = 0;cpuset.mems = 1 | cpuset.cpus = 0;cpuset.mems = 1 | ``",
                "'cpu':{'shares':1024} | cpu.shares = 1024 | cpu.weight = 100 | ``",
                "'cpu':{'quota':7,'period':9} | cpu.cfs_period_us = 9;cpu.cfs_quota_us = 7 | cpu.max = 7 9 | ``",
                "'pids':{'limit':0} | pids.max = max | pids.max = max | ``",
                "'blockIO':{'weight':1000} | blkio.bfq.weight = 1000 | io.weight = default 10000 | ``",
                "'blockIO':{'weight':0} | `` | `` | ``",
                "'blockIO':{'leafWeight':10} | - | - | /blockIO/leafWeight",
                "'blockIO':{'weightDevice':[{'major':8,'minor':1,'weight':20}]} | blkio.bfq.weight_device = 8:1 20"
                        + " | io.bfq.weight = 8:1 20 | ``",
                "'blockIO':{'weightDevice':[{'major':8,'minor':1,'leafWeight':20}]} | - | - | /blockIO/weightDevice",
                "'blockIO':{'throttleReadBpsDevice':[{'major':8,'minor':1,'rate':2}]}"
                        + " | blkio.throttle.read_bps_device = 8:1 2 | io.max = 8:1 rbps=2 | ``",
                "'blockIO':{'throttleWriteBpsDevice':[{'major':8,'minor':1,'rate':2}]}"
                        + " | blkio.throttle.write_bps_device = 8:1 2 | io.max = 8:1 wbps=2 | ``",
                "'blockIO':{'throttleReadIOPSDevice':[{'major':8,'minor':1,'rate':2}]}"
                        + " | blkio.throttle.read_iops_device = 8:1 2 | io.max = 8:1 riops=2 | ``",
                "'blockIO':{'throttleWriteIOPSDevice':[{'major':8,'minor':1,'rate':2}]}"
                        + " | blkio.throttle.write_iops_device = 8:1 2 | io.max = 8:1 wiops=2 | ``",
                "'network':{'classID':7} | net_cls.classid = 7 | - | /network/classID",
                "'network':{'priorities':[{'name':'eth0','priority':7}]} | net_prio.ifpriomap = eth0 7 | -"
                        + " | /network/priorities",
                "'rdma':{'d':{'hcaHandles':1,'hcaObjects':2}} | rdma.max = d hca_handle=1 hca_object=2"
                        + " | rdma.max = d hca_handle=1 hca_object=2 | ``",
                "'unified':{'memory.high':'7'} | - | memory.high = 7 | /unified/memory.high",
                "'hugepageLimits':[{'pageSize':'2MB','limit':7}] | hugetlb.2MB.limit_in_bytes = 7 | hugetlb.2MB.max = 7"
                        + " | ``",
            })
    void of_property_isItsFilesOrRefused(String members, String version1, String version2, String pointer) {
        assertFiles(parse(members), version1, false, pointer);
        assertFiles(parse(members), version2, true, pointer);
    }

    private static void assertFiles(Resources resources, String expected, boolean v2, String pointer) {
        if (!expected.equals("-")) {
            assertEquals(expected, String.join(";", lines(resources.toBuilder(), v2)));
            return;
        }
        FeluccaException refusal = assertThrows(FeluccaException.class, () -> lines(resources.toBuilder(), v2));
        assertEquals(ErrorCode.UNSUPPORTED, refusal.code());
        assertTrue(refusal.subject().endsWith("/linux/resources" + pointer), refusal.getMessage());
    }

    @Test
    void of_swapBelowMemory_isInvalid() {
        Resources.Builder resources = Resources.builder()
                .memory(Memory.builder().limit(100L).swap(50L).build());
        FeluccaException refusal = assertThrows(FeluccaException.class, () -> lines(resources, true));
        assertEquals(ErrorCode.INVALID_ARGUMENT, refusal.code());
    }

    @ParameterizedTest
    @CsvSource({"../x", "memory/../../x", ".hidden", "nodot"})
    void of_unifiedNameThatIsNoFileOfAController_isInvalid(String file) {
        Resources.Builder resources = Resources.builder().unified(Map.of(file, "1"));
        FeluccaException refusal = assertThrows(FeluccaException.class, () -> lines(resources, true));
        assertEquals(ErrorCode.INVALID_ARGUMENT, refusal.code());
    }
}
