package org.felucca.runtime.engine.cgroup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.oci.runtimespec.linux.BlockIo;
import org.felucca.oci.runtimespec.linux.Cpu;
import org.felucca.oci.runtimespec.linux.HugepageLimit;
import org.felucca.oci.runtimespec.linux.Memory;
import org.felucca.oci.runtimespec.linux.Network;
import org.felucca.oci.runtimespec.linux.Pids;
import org.felucca.oci.runtimespec.linux.Rdma;
import org.felucca.oci.runtimespec.linux.Resources;
import org.felucca.oci.runtimespec.linux.ThrottleDevice;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a kernel with all controllers of version 2 makes of limits. Run by {@code itests/guest}. */
class UnifiedLimitsInGuest {
    private static final long MIB = 1 << 20;

    private final KernelLimits kernel = new KernelLimits();

    @AfterEach
    void remove() {
        kernel.close();
    }

    @Test
    void make_withLimitsOfEveryKind_kernelHasThemConverted() throws IOException {
        long[] disk = KernelLimits.disk();
        TaskCgroup cgroup = kernel.make(
                "every",
                Resources.builder()
                        .memory(Memory.builder()
                                .limit(64 * MIB)
                                .swap(96 * MIB)
                                .reservation(32 * MIB)
                                .build())
                        .cpu(Cpu.builder()
                                .shares(512L)
                                .quota(20_000L)
                                .period(50_000L)
                                .burst(1_000L)
                                .cpus("1")
                                .mems("0")
                                .build())
                        .pids(new Pids(17L))
                        .blockIo(BlockIo.builder()
                                .weight(500)
                                .throttleReadBpsDevice(List.of(new ThrottleDevice(disk[0], disk[1], 1_048_576)))
                                .throttleWriteIopsDevice(List.of(new ThrottleDevice(disk[0], disk[1], 100)))
                                .build())
                        .hugepageLimits(List.of(new HugepageLimit("2MB", 4 * MIB), new HugepageLimit("1GB", 1L << 30)))
                        .unified(Map.of("memory.high", Long.toString(48 * MIB), "memory.oom.group", "1"))
                        .build());
        assertEquals(
                Map.ofEntries(
                        Map.entry("memory.max", Long.toString(64 * MIB)),
                        Map.entry("memory.low", Long.toString(32 * MIB)),
                        Map.entry("memory.high", Long.toString(48 * MIB)),
                        Map.entry("memory.oom.group", "1"),
                        Map.entry("memory.swap.max", Long.toString(32 * MIB)),
                        Map.entry("cpu.weight", "59"),
                        Map.entry("cpu.max", "20000 50000"),
                        Map.entry("cpu.max.burst", "1000"),
                        Map.entry("cpuset.cpus.effective", "1"),
                        Map.entry("cpuset.mems.effective", "0"),
                        Map.entry("pids.max", "17"),
                        Map.entry("io.weight", "default 4950"),
                        Map.entry("io.max", disk[0] + ":" + disk[1] + " rbps=1048576 wbps=max riops=max wiops=100"),
                        Map.entry("hugetlb.2MB.max", Long.toString(4 * MIB)),
                        Map.entry("hugetlb.1GB.max", Long.toString(1L << 30))),
                kernel.read(
                        cgroup,
                        "memory.max",
                        "memory.low",
                        "memory.high",
                        "memory.oom.group",
                        "memory.swap.max",
                        "cpu.weight",
                        "cpu.max",
                        "cpu.max.burst",
                        "cpuset.cpus.effective",
                        "cpuset.mems.effective",
                        "pids.max",
                        "io.weight",
                        "io.max",
                        "hugetlb.2MB.max",
                        "hugetlb.1GB.max"));
    }

    @Test
    void make_withIdle_kernelHasIt() throws IOException {
        TaskCgroup cgroup = kernel.make(
                "idle", Resources.builder().cpu(Cpu.builder().idle(1L).build()).build());
        assertEquals(Map.of("cpu.idle", "1"), kernel.read(cgroup, "cpu.idle"));
    }

    /** Controllers that are not handed down to every task are handed down from the root when one is asked for. */
    @Test
    void make_deepBelow_hasControllersOfItsLimitsOnly() throws IOException {
        TaskCgroup cgroup = kernel.make(
                "a/b/c", Resources.builder().unified(Map.of("cpuset.cpus", "0")).build());
        assertEquals(Map.of("cpuset.cpus", "0"), kernel.read(cgroup, "cpuset.cpus", "hugetlb.2MB.max", "rdma.max"));
    }

    @Test
    void make_withDeviceOfRdmaThatIsNotThere_isRefusedByName() {
        FeluccaException refusal = assertThrows(
                FeluccaException.class,
                () -> kernel.make(
                        "rdma",
                        Resources.builder()
                                .rdma(Map.of("mlx5_0", new Rdma(3L, 4L)))
                                .build()));
        assertEquals(ErrorCode.INVALID_ARGUMENT, refusal.code());
        assertTrue(refusal.subject().endsWith("/linux/resources/rdma/mlx5_0"), refusal.getMessage());
    }

    @Test
    void make_withWhatOnlyVersion1Has_isRefusedByName() {
        Map<String, Resources> refused = Map.of(
                "/linux/resources/cpu/realtimeRuntime",
                Resources.builder()
                        .cpu(Cpu.builder().realtimeRuntime(5_000L).build())
                        .build(),
                "/linux/resources/memory/swappiness",
                Resources.builder()
                        .memory(Memory.builder().swappiness(10L).build())
                        .build(),
                "/linux/resources/network/classID",
                Resources.builder().network(new Network(0x10001L, List.of())).build());
        refused.forEach((pointer, resources) -> {
            FeluccaException refusal = assertThrows(FeluccaException.class, () -> kernel.make("refused", resources));
            assertEquals(ErrorCode.UNSUPPORTED, refusal.code());
            assertTrue(refusal.subject().endsWith(pointer), refusal.getMessage());
        });
    }
}
