package org.felucca.runtime.engine.cgroup;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.felucca.oci.runtimespec.linux.BlockIo;
import org.felucca.oci.runtimespec.linux.Cpu;
import org.felucca.oci.runtimespec.linux.HugepageLimit;
import org.felucca.oci.runtimespec.linux.InterfacePriority;
import org.felucca.oci.runtimespec.linux.Memory;
import org.felucca.oci.runtimespec.linux.Network;
import org.felucca.oci.runtimespec.linux.Pids;
import org.felucca.oci.runtimespec.linux.Rdma;
import org.felucca.oci.runtimespec.linux.Resources;
import org.felucca.oci.runtimespec.linux.ThrottleDevice;
import org.felucca.oci.runtimespec.linux.WeightDevice;
import org.felucca.runtime.plan.compile.SpecProblem;
import org.jspecify.annotations.Nullable;

/**
 * What {@code /linux/resources} means in files of either version. Order matters: a limit of memory comes before that of
 * memory and swap, a period before its quota. Devices are {@link DevicePolicy}'s.
 */
final class CgroupSettings {
    private static final String BASE = "/linux/resources";
    private static final long DEFAULT_PERIOD = 100_000;

    private final boolean v2;
    private final List<Setting> settings = new ArrayList<>();

    private CgroupSettings(boolean v2) {
        this.v2 = v2;
    }

    /** @param v2 whether the values are for version 2 */
    static List<Setting> of(Resources resources, boolean v2) {
        CgroupSettings result = new CgroupSettings(v2);
        if (resources.memory() != null) {
            result.memory(resources.memory());
        }
        if (resources.cpu() != null) {
            result.cpu(resources.cpu());
        }
        if (resources.pids() != null) {
            result.pids(resources.pids());
        }
        if (resources.blockIo() != null) {
            result.blockIo(resources.blockIo());
        }
        result.hugepages(resources.hugepageLimits());
        if (resources.network() != null) {
            result.network(resources.network());
        }
        result.rdma(resources.rdma());
        result.unified(resources.unified());
        return List.copyOf(result.settings);
    }

    private void add(String controller, String file, Object value, String pointer) {
        settings.add(new Setting(controller, file, String.valueOf(value), BASE + pointer));
    }

    private static RuntimeException onlyV1(String pointer) {
        return SpecProblem.unsupported(BASE + pointer, "cgroup version 2 has nothing like it", "remove it");
    }

    private static String unlimited(long value) {
        return value < 0 ? "max" : Long.toString(value);
    }

    private void memory(Memory memory) {
        Long limit = memory.limit();
        Long swap = memory.swap();
        if (memory.kernel() != null) {
            throw SpecProblem.unsupported(
                    BASE + "/memory/kernel", "kernels have no limit of kernel memory any more", "remove it");
        }
        if (Boolean.FALSE.equals(memory.useHierarchy())) {
            throw SpecProblem.unsupported(
                    BASE + "/memory/useHierarchy", "kernels account hierarchically only", "remove it, or say true");
        }
        if (v2) {
            memoryV2(memory, limit, swap);
            return;
        }
        if (limit != null) {
            add("memory", "memory.limit_in_bytes", limit, "/memory/limit");
        }
        if (swap != null) {
            add("memory", "memory.memsw.limit_in_bytes", swap, "/memory/swap");
        }
        if (memory.reservation() != null) {
            add("memory", "memory.soft_limit_in_bytes", memory.reservation(), "/memory/reservation");
        }
        if (memory.kernelTcp() != null) {
            add("memory", "memory.kmem.tcp.limit_in_bytes", memory.kernelTcp(), "/memory/kernelTCP");
        }
        if (memory.swappiness() != null) {
            add("memory", "memory.swappiness", memory.swappiness(), "/memory/swappiness");
        }
        if (Boolean.TRUE.equals(memory.disableOomKiller())) {
            add("memory", "memory.oom_control", 1, "/memory/disableOOMKiller");
        }
    }

    private void memoryV2(Memory memory, @Nullable Long limit, @Nullable Long swap) {
        if (memory.kernelTcp() != null) {
            throw onlyV1("/memory/kernelTCP");
        }
        if (memory.swappiness() != null) {
            throw onlyV1("/memory/swappiness");
        }
        if (Boolean.TRUE.equals(memory.disableOomKiller())) {
            throw onlyV1("/memory/disableOOMKiller");
        }
        if (limit != null) {
            add("memory", "memory.max", unlimited(limit), "/memory/limit");
        }
        if (swap != null) {
            add("memory", "memory.swap.max", swapAlone(limit, swap), "/memory/swap");
        }
        if (memory.reservation() != null) {
            add("memory", "memory.low", unlimited(memory.reservation()), "/memory/reservation");
        }
    }

    /** Version 1 and the specification count memory and swap together, version 2 counts swap alone. */
    private static String swapAlone(@Nullable Long limit, long swap) {
        if (swap < 0) {
            return "max";
        }
        if (limit == null || limit < 0) {
            throw SpecProblem.invalid(
                    BASE + "/memory/swap",
                    swap + " limits memory and swap together, but memory has no limit",
                    "give memory a limit too");
        }
        if (swap < limit) {
            throw SpecProblem.invalid(
                    BASE + "/memory/swap", swap + " is less than the limit of memory, " + limit, "raise it");
        }
        return Long.toString(swap - limit);
    }

    private void cpu(Cpu cpu) {
        if (v2) {
            cpuV2(cpu);
        } else {
            cpuV1(cpu);
        }
        if (cpu.idle() != null) {
            add("cpu", "cpu.idle", cpu.idle(), "/cpu/idle");
        }
        if (cpu.cpus() != null && !cpu.cpus().isEmpty()) {
            add("cpuset", "cpuset.cpus", cpu.cpus(), "/cpu/cpus");
        }
        if (cpu.mems() != null && !cpu.mems().isEmpty()) {
            add("cpuset", "cpuset.mems", cpu.mems(), "/cpu/mems");
        }
    }

    private void cpuV1(Cpu cpu) {
        if (cpu.shares() != null && cpu.shares() != 0) {
            add("cpu", "cpu.shares", cpu.shares(), "/cpu/shares");
        }
        if (cpu.period() != null && cpu.period() != 0) {
            add("cpu", "cpu.cfs_period_us", cpu.period(), "/cpu/period");
        }
        if (cpu.quota() != null && cpu.quota() != 0) {
            add("cpu", "cpu.cfs_quota_us", cpu.quota(), "/cpu/quota");
        }
        if (cpu.burst() != null) {
            add("cpu", "cpu.cfs_burst_us", cpu.burst(), "/cpu/burst");
        }
        if (cpu.realtimePeriod() != null && cpu.realtimePeriod() != 0) {
            add("cpu", "cpu.rt_period_us", cpu.realtimePeriod(), "/cpu/realtimePeriod");
        }
        if (cpu.realtimeRuntime() != null && cpu.realtimeRuntime() != 0) {
            add("cpu", "cpu.rt_runtime_us", cpu.realtimeRuntime(), "/cpu/realtimeRuntime");
        }
    }

    private void cpuV2(Cpu cpu) {
        if (cpu.realtimePeriod() != null && cpu.realtimePeriod() != 0) {
            throw onlyV1("/cpu/realtimePeriod");
        }
        if (cpu.realtimeRuntime() != null && cpu.realtimeRuntime() != 0) {
            throw onlyV1("/cpu/realtimeRuntime");
        }
        if (cpu.shares() != null && cpu.shares() != 0) {
            add("cpu", "cpu.weight", weight(cpu.shares()), "/cpu/shares");
        }
        long quota = cpu.quota() == null ? 0 : cpu.quota();
        if (quota != 0 || cpu.period() != null && cpu.period() != 0) {
            long period = cpu.period() == null || cpu.period() == 0 ? DEFAULT_PERIOD : cpu.period();
            String amount = quota == 0 ? "max" : unlimited(quota);
            add("cpu", "cpu.max", amount + " " + period, quota != 0 ? "/cpu/quota" : "/cpu/period");
        }
        if (cpu.burst() != null) {
            add("cpu", "cpu.max.burst", cpu.burst(), "/cpu/burst");
        }
    }

    /**
     * Maps 2..262144 shares to a weight of 1..10000 so that the default of either (1024, 100) meets that of the other, as
     * runc and crun do since 2025.
     */
    static long weight(long shares) {
        if (shares <= 2) {
            return 1;
        }
        if (shares >= 262144) {
            return 10000;
        }
        double log = Math.log(shares) / Math.log(2);
        return (long) Math.ceil(Math.pow(10, (log * log + 125 * log) / 612.0 - 7.0 / 34.0));
    }

    private void pids(Pids pids) {
        if (pids.limit() != null) {
            add("pids", "pids.max", pids.limit() <= 0 ? "max" : pids.limit(), "/pids/limit");
        }
    }

    private void blockIo(BlockIo io) {
        if (v2) {
            blockIoV2(io);
            return;
        }
        if (io.weight() != null && io.weight() != 0) {
            add("blkio", "blkio.bfq.weight", io.weight(), "/blockIO/weight");
        }
        if (io.leafWeight() != null) {
            throw SpecProblem.unsupported(
                    BASE + "/blockIO/leafWeight", "kernels have no leaf weight any more", "remove it");
        }
        for (WeightDevice device : io.weightDevice()) {
            add("blkio", "blkio.bfq.weight_device", weightOf(device), "/blockIO/weightDevice");
        }
        throttle(io.throttleReadBpsDevice(), "blkio.throttle.read_bps_device", "", "/blockIO/throttleReadBpsDevice");
        throttle(io.throttleWriteBpsDevice(), "blkio.throttle.write_bps_device", "", "/blockIO/throttleWriteBpsDevice");
        throttle(io.throttleReadIopsDevice(), "blkio.throttle.read_iops_device", "", "/blockIO/throttleReadIOPSDevice");
        throttle(
                io.throttleWriteIopsDevice(),
                "blkio.throttle.write_iops_device",
                "",
                "/blockIO/throttleWriteIOPSDevice");
    }

    private void blockIoV2(BlockIo io) {
        if (io.leafWeight() != null) {
            throw onlyV1("/blockIO/leafWeight");
        }
        if (io.weight() != null && io.weight() != 0) {
            long weight = 1 + (io.weight() - 10L) * 9999 / 990;
            add("io", "io.weight", "default " + weight, "/blockIO/weight");
        }
        for (WeightDevice device : io.weightDevice()) {
            add("io", "io.bfq.weight", weightOf(device), "/blockIO/weightDevice");
        }
        throttle(io.throttleReadBpsDevice(), "io.max", "rbps=", "/blockIO/throttleReadBpsDevice");
        throttle(io.throttleWriteBpsDevice(), "io.max", "wbps=", "/blockIO/throttleWriteBpsDevice");
        throttle(io.throttleReadIopsDevice(), "io.max", "riops=", "/blockIO/throttleReadIOPSDevice");
        throttle(io.throttleWriteIopsDevice(), "io.max", "wiops=", "/blockIO/throttleWriteIOPSDevice");
    }

    private static String weightOf(WeightDevice device) {
        if (device.leafWeight() != null || device.weight() == null) {
            throw SpecProblem.unsupported(
                    BASE + "/blockIO/weightDevice", "kernels have no leaf weight any more", "give weight");
        }
        return device.major() + ":" + device.minor() + " " + device.weight();
    }

    private void throttle(List<ThrottleDevice> devices, String file, String prefix, String pointer) {
        for (int i = 0; i < devices.size(); i++) {
            ThrottleDevice device = devices.get(i);
            String value = device.major() + ":" + device.minor() + " " + prefix + Long.toUnsignedString(device.rate());
            add(v2 ? "io" : "blkio", file, value, pointer + "/" + i);
        }
    }

    private void hugepages(List<HugepageLimit> limits) {
        for (int i = 0; i < limits.size(); i++) {
            HugepageLimit limit = limits.get(i);
            String file = "hugetlb." + limit.pageSize() + (v2 ? ".max" : ".limit_in_bytes");
            add("hugetlb", file, Long.toUnsignedString(limit.limit()), "/hugepageLimits/" + i);
        }
    }

    private void network(Network network) {
        if (network.classId() != null) {
            if (v2) {
                throw onlyV1("/network/classID");
            }
            add("net_cls", "net_cls.classid", network.classId(), "/network/classID");
        }
        for (InterfacePriority priority : network.priorities()) {
            if (v2) {
                throw onlyV1("/network/priorities");
            }
            add("net_prio", "net_prio.ifpriomap", priority.name() + " " + priority.priority(), "/network/priorities");
        }
    }

    private void rdma(Map<String, Rdma> devices) {
        devices.forEach((device, limit) -> {
            String handles = limit.hcaHandles() == null ? "" : " hca_handle=" + limit.hcaHandles();
            String objects = limit.hcaObjects() == null ? "" : " hca_object=" + limit.hcaObjects();
            add("rdma", "rdma.max", device + handles + objects, "/rdma/" + SpecProblem.escape(device));
        });
    }

    private void unified(Map<String, String> files) {
        files.forEach((file, value) -> {
            String pointer = "/unified/" + SpecProblem.escape(file);
            if (!v2) {
                throw SpecProblem.unsupported(
                        BASE + pointer, "this host has cgroup version 1", "use the other properties");
            }
            int dot = file.indexOf('.');
            if (dot <= 0 || file.indexOf('/') >= 0) {
                throw SpecProblem.invalid(
                        BASE + pointer, "'" + file + "' is no file of a controller", "write it as memory.high");
            }
            String controller = file.substring(0, dot).toLowerCase(Locale.ROOT);
            for (String line : value.split("\n")) {
                add(controller.equals("cgroup") ? "" : controller, file, line, pointer);
            }
        });
    }
}
