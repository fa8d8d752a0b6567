package org.felucca.runtime.engine.task;

import java.util.OptionalLong;
import org.felucca.api.runtime.ResourceLimits;
import org.felucca.oci.runtimespec.linux.Cpu;
import org.felucca.oci.runtimespec.linux.Memory;
import org.felucca.oci.runtimespec.linux.Pids;
import org.felucca.oci.runtimespec.linux.Resources;
import org.jspecify.annotations.Nullable;

/** Limits as users state them, in the terms of the runtime-spec. */
public final class Limits {
    private static final long PERIOD = 100_000;
    private static final long NANOS_PER_CPU = 1_000_000_000L;

    private Limits() {}

    /** Translates; what is absent stays absent. */
    public static Resources resources(ResourceLimits limits) {
        Resources.Builder resources = Resources.builder();
        if (limits.memoryBytes().isPresent() || limits.memorySwapBytes().isPresent()) {
            resources.memory(Memory.builder()
                    .limit(nullable(limits.memoryBytes()))
                    .swap(nullable(limits.memorySwapBytes()))
                    .build());
        }
        if (limits.nanoCpus().isPresent() || limits.cpuShares().isPresent()) {
            Cpu.Builder cpu = Cpu.builder().shares(nullable(limits.cpuShares()));
            limits.nanoCpus().ifPresent(nanos -> cpu.period(PERIOD).quota(nanos / (NANOS_PER_CPU / PERIOD)));
            resources.cpu(cpu.build());
        }
        limits.pids().ifPresent(count -> resources.pids(new Pids(count)));
        return resources.build();
    }

    private static @Nullable Long nullable(OptionalLong value) {
        return value.isPresent() ? value.getAsLong() : null;
    }
}
