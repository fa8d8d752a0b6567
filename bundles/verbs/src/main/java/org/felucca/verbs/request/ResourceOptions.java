package org.felucca.verbs.request;

import org.felucca.api.command.Invocation;
import org.felucca.api.command.OptionSpec;
import org.felucca.api.command.OptionSpec.Kind;
import org.felucca.api.command.VerbSpec;
import org.felucca.api.runtime.ResourceLimits;

/** Options that limit what a container uses. Stateless. */
public final class ResourceOptions {
    private static final long LEAST_MEMORY = 6L << 20;
    private static final long LEAST_SHARES = 2;
    private static final long MOST_SHARES = 262144;

    private ResourceOptions() {}

    /** Adds the options to a spec. */
    public static void declare(VerbSpec.Builder spec) {
        spec.option(OptionSpec.value("memory", Kind.SIZE, "SIZE", "memory limit")
                        .shortName('m'))
                .option(OptionSpec.value(
                        "memory-swap", Kind.SIZE, "SIZE", "limit of memory and swap together; -1 for no limit"))
                .option(OptionSpec.value("cpus", Kind.DECIMAL, "NUMBER", "processors, such as 1.5"))
                .option(OptionSpec.value("cpu-shares", Kind.INTEGER, "NUMBER", "weight against others; 1024 is normal")
                        .shortName('c'))
                .option(OptionSpec.value(
                        "pids-limit", Kind.INTEGER, "NUMBER", "processes and threads; -1 for no limit"));
    }

    /**
     * Reads the options.
     *
     * @throws org.felucca.api.error.FeluccaException INVALID_ARGUMENT naming the option that is out of range
     */
    public static ResourceLimits limits(Invocation invocation) {
        ResourceLimits limits = ResourceLimits.NONE;
        if (invocation.given("memory")) {
            long bytes = invocation.number("memory").orElseThrow();
            if (bytes < LEAST_MEMORY) {
                throw out(invocation, "memory", "less than 6 MiB", "give at least 6m");
            }
            limits = limits.memoryBytes(bytes);
        }
        if (invocation.given("memory-swap")) {
            long bytes = invocation.number("memory-swap").orElseThrow();
            long memory = invocation.number("memory").orElse(0);
            if (memory == 0) {
                throw out(invocation, "memory-swap", "it counts memory too, and --memory is missing", "give --memory");
            }
            if (bytes != -1 && bytes < memory) {
                throw out(invocation, "memory-swap", "less than --memory", "give at least as much as --memory, or -1");
            }
            limits = limits.memorySwapBytes(bytes);
        }
        if (invocation.given("cpus")) {
            long billionths = invocation.billionths("cpus").orElseThrow();
            if (billionths < 10_000_000) {
                throw out(invocation, "cpus", "less than 0.01", "give at least 0.01");
            }
            limits = limits.nanoCpus(billionths);
        }
        if (invocation.given("cpu-shares")) {
            long shares = invocation.number("cpu-shares").orElseThrow();
            if (shares < LEAST_SHARES || shares > MOST_SHARES) {
                throw out(invocation, "cpu-shares", "not within 2..262144", "1024 is normal");
            }
            limits = limits.cpuShares(shares);
        }
        if (invocation.given("pids-limit")) {
            long count = invocation.number("pids-limit").orElseThrow();
            limits = limits.pids(count <= 0 ? -1 : count);
        }
        return limits;
    }

    private static RuntimeException out(Invocation invocation, String option, String reason, String fix) {
        return Invalid.option(option, invocation.text(option).orElse(""), reason, fix);
    }
}
