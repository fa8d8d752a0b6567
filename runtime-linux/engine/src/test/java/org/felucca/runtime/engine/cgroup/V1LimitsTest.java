package org.felucca.runtime.engine.cgroup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.oci.runtimespec.linux.BlockIo;
import org.felucca.oci.runtimespec.linux.Cpu;
import org.felucca.oci.runtimespec.linux.Memory;
import org.felucca.oci.runtimespec.linux.Network;
import org.felucca.oci.runtimespec.linux.Pids;
import org.felucca.oci.runtimespec.linux.Resources;
import org.felucca.oci.runtimespec.linux.ThrottleDevice;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What this kernel, which has version 1, makes of limits. */
class V1LimitsTest {
    private static final long MIB = 1 << 20;

    private final KernelLimits kernel = new KernelLimits();

    @AfterEach
    void remove() {
        kernel.close();
    }

    @Test
    void make_withLimitsOfEveryKind_kernelHasThem() throws IOException {
        TaskCgroup cgroup = kernel.make(
                "every",
                Resources.builder()
                        .memory(Memory.builder()
                                .limit(64 * MIB)
                                .swap(96 * MIB)
                                .reservation(32 * MIB)
                                .swappiness(10L)
                                .build())
                        .cpu(Cpu.builder()
                                .shares(512L)
                                .quota(20_000L)
                                .period(50_000L)
                                .burst(1_000L)
                                .cpus("0")
                                .mems("0")
                                .build())
                        .pids(new Pids(17L))
                        .build());
        assertEquals(
                Map.of(
                        "memory.limit_in_bytes", Long.toString(64 * MIB),
                        "memory.memsw.limit_in_bytes", Long.toString(96 * MIB),
                        "memory.soft_limit_in_bytes", Long.toString(32 * MIB),
                        "memory.swappiness", "10",
                        "cpu.shares", "512",
                        "cpu.cfs_quota_us", "20000",
                        "cpu.cfs_burst_us", "1000",
                        "cpuset.cpus", "0",
                        "pids.max", "17"),
                kernel.read(
                        cgroup,
                        "memory.limit_in_bytes",
                        "memory.memsw.limit_in_bytes",
                        "memory.soft_limit_in_bytes",
                        "memory.swappiness",
                        "cpu.shares",
                        "cpu.cfs_quota_us",
                        "cpu.cfs_burst_us",
                        "cpuset.cpus",
                        "pids.max"));
    }

    @Test
    void update_ofMemoryAboveTheLimitOfBoth_raisesThatFirst() throws IOException {
        TaskCgroup cgroup = kernel.make(
                "raised",
                Resources.builder()
                        .memory(Memory.builder().limit(32 * MIB).swap(32 * MIB).build())
                        .build());
        cgroup.update(Resources.builder()
                .memory(Memory.builder().limit(64 * MIB).swap(128 * MIB).build())
                .build());
        assertEquals(
                Map.of(
                        "memory.limit_in_bytes", Long.toString(64 * MIB),
                        "memory.memsw.limit_in_bytes", Long.toString(128 * MIB)),
                kernel.read(cgroup, "memory.limit_in_bytes", "memory.memsw.limit_in_bytes"));
    }

    @Test
    void make_withoutOomKiller_isToldSo() throws IOException {
        TaskCgroup cgroup = kernel.make(
                "waits",
                Resources.builder()
                        .memory(Memory.builder()
                                .limit(64 * MIB)
                                .disableOomKiller(true)
                                .build())
                        .build());
        String control = kernel.read(cgroup, "memory.oom_control").get("memory.oom_control");
        assertTrue(control.contains("oom_kill_disable 1"), control);
    }

    @Test
    void make_withThrottledDisk_kernelHasTheRates() throws IOException {
        long[] disk = KernelLimits.disk();
        TaskCgroup cgroup = kernel.make(
                "disk",
                Resources.builder()
                        .blockIo(BlockIo.builder()
                                .throttleReadBpsDevice(List.of(new ThrottleDevice(disk[0], disk[1], 1_048_576)))
                                .throttleWriteIopsDevice(List.of(new ThrottleDevice(disk[0], disk[1], 100)))
                                .build())
                        .build());
        String device = disk[0] + ":" + disk[1];
        assertEquals(
                Map.of(
                        "blkio.throttle.read_bps_device", device + " 1048576",
                        "blkio.throttle.write_iops_device", device + " 100"),
                kernel.read(cgroup, "blkio.throttle.read_bps_device", "blkio.throttle.write_iops_device"));
    }

    @Test
    void make_throttledDiskThatIsNotThere_isRefusedByName() {
        FeluccaException refusal = assertThrows(
                FeluccaException.class,
                () -> kernel.make(
                        "nodisk",
                        Resources.builder()
                                .blockIo(BlockIo.builder()
                                        .throttleReadBpsDevice(List.of(new ThrottleDevice(4000, 1, 42)))
                                        .build())
                                .build()));
        assertEquals(ErrorCode.INVALID_ARGUMENT, refusal.code());
        assertTrue(
                refusal.subject().endsWith("/linux/resources/blockIO/throttleReadBpsDevice/0"), refusal.getMessage());
    }

    /** The budget of realtime is handed down by hand: each cgroup takes of its parent's, which has none of its own. */
    @Test
    void make_withRealtime_takesOfItsParentsBudget() throws IOException {
        Resources realtime = Resources.builder()
                .cpu(Cpu.builder()
                        .realtimePeriod(500_000L)
                        .realtimeRuntime(5_000L)
                        .build())
                .build();
        FeluccaException refusal = assertThrows(FeluccaException.class, () -> kernel.make("poor", realtime));
        assertTrue(refusal.subject().endsWith("/linux/resources/cpu/realtimeRuntime"), refusal.getMessage());

        Path parent = Path.of(kernel.layout.controllers().get("cpu").mountPoint() + kernel.parent);
        Files.writeString(parent.resolve("cpu.rt_runtime_us"), "20000");
        TaskCgroup cgroup = kernel.make("rich", realtime);
        assertEquals(
                Map.of("cpu.rt_period_us", "500000", "cpu.rt_runtime_us", "5000"),
                kernel.read(cgroup, "cpu.rt_period_us", "cpu.rt_runtime_us"));
    }

    @Test
    void make_withIdle_kernelHasIt() throws IOException {
        TaskCgroup cgroup = kernel.make(
                "idle", Resources.builder().cpu(Cpu.builder().idle(1L).build()).build());
        assertEquals(Map.of("cpu.idle", "1"), kernel.read(cgroup, "cpu.idle"));
    }

    /** Directories of those names may lie there empty: they are no hierarchies. */
    @Test
    void make_withNetworkClassWhereThereIsNoController_isRefusedByName() {
        assertTrue(!kernel.layout.controllers().containsKey("net_cls"), "this kernel can do it: test that it does");
        FeluccaException refusal = assertThrows(
                FeluccaException.class,
                () -> kernel.make(
                        "class",
                        Resources.builder()
                                .network(new Network(0x10001L, List.of()))
                                .build()));
        assertEquals(ErrorCode.UNSUPPORTED, refusal.code());
        assertTrue(refusal.subject().endsWith("/linux/resources/network/classID"), refusal.getMessage());
    }
}
