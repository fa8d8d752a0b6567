package org.felucca.api.runtime;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Limits as users state them, the same for every platform; a backend translates. Immutable; withers return new values.
 * What is absent is not limited (on create) or left as it is (on update).
 */
public final class ResourceLimits {
    /** No limits. */
    public static final ResourceLimits NONE = new ResourceLimits(null, null, null, null, null);

    private final @Nullable Long memoryBytes;
    private final @Nullable Long memorySwapBytes;
    private final @Nullable Long nanoCpus;
    private final @Nullable Long cpuShares;
    private final @Nullable Long pids;

    private ResourceLimits(
            @Nullable Long memoryBytes,
            @Nullable Long memorySwapBytes,
            @Nullable Long nanoCpus,
            @Nullable Long cpuShares,
            @Nullable Long pids) {
        this.memoryBytes = memoryBytes;
        this.memorySwapBytes = memorySwapBytes;
        this.nanoCpus = nanoCpus;
        this.cpuShares = cpuShares;
        this.pids = pids;
    }

    /** Limits memory, in bytes. */
    public ResourceLimits memoryBytes(long bytes) {
        return new ResourceLimits(bytes, memorySwapBytes, nanoCpus, cpuShares, pids);
    }

    /** Limits memory and swap together, in bytes; -1 for no limit on swap. */
    public ResourceLimits memorySwapBytes(long bytes) {
        return new ResourceLimits(memoryBytes, bytes, nanoCpus, cpuShares, pids);
    }

    /** Limits processor time, in billionths of a processor. */
    public ResourceLimits nanoCpus(long billionths) {
        return new ResourceLimits(memoryBytes, memorySwapBytes, billionths, cpuShares, pids);
    }

    /** Weighs processor time against others, 2 to 262144; 1024 is normal. */
    public ResourceLimits cpuShares(long shares) {
        return new ResourceLimits(memoryBytes, memorySwapBytes, nanoCpus, shares, pids);
    }

    /** Limits the number of processes and threads; -1 for no limit. */
    public ResourceLimits pids(long count) {
        return new ResourceLimits(memoryBytes, memorySwapBytes, nanoCpus, cpuShares, count);
    }

    private static OptionalLong optional(@Nullable Long value) {
        return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }

    /** Returns the memory limit in bytes. */
    public OptionalLong memoryBytes() {
        return optional(memoryBytes);
    }

    /** Returns the limit of memory and swap together in bytes; -1 for none. */
    public OptionalLong memorySwapBytes() {
        return optional(memorySwapBytes);
    }

    /** Returns the processor limit in billionths of a processor. */
    public OptionalLong nanoCpus() {
        return optional(nanoCpus);
    }

    /** Returns the processor weight. */
    public OptionalLong cpuShares() {
        return optional(cpuShares);
    }

    /** Returns the limit of processes and threads; -1 for none. */
    public OptionalLong pids() {
        return optional(pids);
    }
}
