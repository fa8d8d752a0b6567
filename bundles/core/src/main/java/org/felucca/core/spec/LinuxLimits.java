package org.felucca.core.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import org.felucca.api.container.Ulimit;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.runtime.ResourceLimits;
import org.felucca.oci.OciFormatException;
import org.felucca.oci.runtimespec.Rlimit;
import org.felucca.oci.runtimespec.linux.Cpu;
import org.felucca.oci.runtimespec.linux.DeviceRule;
import org.felucca.oci.runtimespec.linux.Memory;
import org.felucca.oci.runtimespec.linux.Pids;
import org.felucca.oci.runtimespec.linux.Resources;
import org.jspecify.annotations.Nullable;

/** Limits as people state them, into what the runtime-spec says. */
final class LinuxLimits {
    private static final long SMALLEST_MEMORY = 6L << 20;
    private static final long CPU_PERIOD_MICROS = 100_000;
    private static final long SMALLEST_CPU_QUOTA_MICROS = 1_000;
    private static final long NANOS = 1_000_000_000L;

    private static final Set<String> ULIMITS = Set.of(
            "as",
            "core",
            "cpu",
            "data",
            "fsize",
            "locks",
            "memlock",
            "msgqueue",
            "nice",
            "nofile",
            "nproc",
            "rss",
            "rtprio",
            "rttime",
            "sigpending",
            "stack");

    private LinuxLimits() {}

    /**
     * Returns the resources of a container.
     *
     * @throws FeluccaException INVALID_ARGUMENT for a value that cannot be
     */
    static Resources resources(ResourceLimits limits, List<DeviceRule> devices, int processors) {
        return Resources.builder()
                .devices(devices)
                .memory(memory(limits))
                .cpu(cpu(limits, processors))
                .pids(pids(limits.pids()))
                .build();
    }

    private static @Nullable Memory memory(ResourceLimits limits) {
        OptionalLong memory = limits.memoryBytes();
        OptionalLong swap = limits.memorySwapBytes();
        if (memory.isEmpty() && swap.isEmpty()) {
            return null;
        }
        if (memory.isEmpty()) {
            throw invalid("memory and swap limit", "there is no memory limit beside it", "limit memory as well");
        }
        long limit = memory.getAsLong();
        if (limit < SMALLEST_MEMORY) {
            throw invalid("memory limit " + limit, "it is below 6 MiB", "give more");
        }
        long both = swap.orElse(limit > Long.MAX_VALUE / 2 ? Long.MAX_VALUE : 2 * limit);
        if (both != -1 && both < limit) {
            throw invalid("memory and swap limit " + both, "it is below the memory limit", "give more, or -1 for none");
        }
        return Memory.builder().limit(limit).swap(both).build();
    }

    private static @Nullable Cpu cpu(ResourceLimits limits, int processors) {
        Cpu.Builder builder = Cpu.builder();
        if (limits.cpuShares().isPresent()) {
            long shares = limits.cpuShares().getAsLong();
            if (shares < 2 || shares > 262_144) {
                throw invalid("processor weight " + shares, "it is not within 2 to 262144", "1024 is normal");
            }
            builder.shares(shares);
        }
        if (limits.nanoCpus().isPresent()) {
            long nanos = limits.nanoCpus().getAsLong();
            long quota = nanos / (NANOS / CPU_PERIOD_MICROS);
            if (quota < SMALLEST_CPU_QUOTA_MICROS || nanos > processors * NANOS) {
                throw invalid(
                        "processor limit " + nanos / (double) NANOS,
                        "this host has " + processors + " processors",
                        "give 0.01 to " + processors);
            }
            builder.period(CPU_PERIOD_MICROS).quota(quota);
        }
        return limits.cpuShares().isEmpty() && limits.nanoCpus().isEmpty() ? null : builder.build();
    }

    private static @Nullable Pids pids(OptionalLong limit) {
        if (limit.isEmpty() || limit.getAsLong() == 0) {
            return null;
        }
        if (limit.getAsLong() < -1) {
            throw invalid("limit of processes " + limit.getAsLong(), "it is negative", "use -1 for none");
        }
        return new Pids(limit.getAsLong());
    }

    /**
     * Returns the limits of the process.
     *
     * @throws FeluccaException INVALID_ARGUMENT for an unknown name or a soft limit above the hard one
     */
    static List<Rlimit> rlimits(List<Ulimit> ulimits) {
        List<Rlimit> result = new ArrayList<>(ulimits.size());
        for (Ulimit ulimit : ulimits) {
            if (!ULIMITS.contains(ulimit.name())) {
                throw invalid("ulimit " + ulimit.name(), "there is no limit of that name", "see getrlimit(2)");
            }
            try {
                result.add(
                        new Rlimit("RLIMIT_" + ulimit.name().toUpperCase(Locale.ROOT), ulimit.hard(), ulimit.soft()));
            } catch (OciFormatException e) {
                throw invalid("ulimit " + ulimit.name(), e.reason(), e.fix());
            }
        }
        return result;
    }

    private static FeluccaException invalid(String what, String reason, String fix) {
        return new FeluccaException(ErrorCode.INVALID_ARGUMENT, "invalid " + what, reason, fix);
    }
}
