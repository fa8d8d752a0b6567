package org.felucca.runtime.plan.compile;

import java.util.EnumSet;
import java.util.Set;
import org.felucca.oci.runtimespec.linux.MemoryPolicy;
import org.felucca.oci.runtimespec.linux.MemoryPolicyFlag;
import org.felucca.oci.runtimespec.linux.MemoryPolicyMode;
import org.felucca.runtime.plan.PlanWriter;

/** NUMA memory policy: the numbers of {@code linux/mempolicy.h}, and the combinations that set_mempolicy(2) has. */
final class MemoryPolicies {
    private static final String POINTER = "/linux/memoryPolicy";
    private static final int MOST_NODES = 1024;
    private static final Set<MemoryPolicyMode> WITHOUT_NODES =
            EnumSet.of(MemoryPolicyMode.DEFAULT, MemoryPolicyMode.LOCAL);
    private static final Set<MemoryPolicyMode> BALANCED =
            EnumSet.of(MemoryPolicyMode.BIND, MemoryPolicyMode.PREFERRED_MANY);

    private MemoryPolicies() {}

    static void emit(PlanWriter plan, MemoryPolicy policy) {
        String nodes = policy.nodes() == null ? "" : policy.nodes();
        checkNodes(policy.mode(), nodes);
        checkFlags(policy);
        int mode = number(policy.mode());
        for (MemoryPolicyFlag flag : policy.flags()) {
            mode |= switch (flag) {
                case STATIC_NODES -> 1 << 15;
                case RELATIVE_NODES -> 1 << 14;
                case NUMA_BALANCING -> 1 << 13;
            };
        }
        byte[] mask =
                nodes.isEmpty() ? new byte[0] : NumberList.mask(POINTER + "/nodes", "memory nodes", nodes, MOST_NODES);
        plan.origin(POINTER).memoryPolicy(mode, mask);
    }

    private static int number(MemoryPolicyMode mode) {
        return switch (mode) {
            case DEFAULT -> 0;
            case PREFERRED -> 1;
            case BIND -> 2;
            case INTERLEAVE -> 3;
            case LOCAL -> 4;
            case PREFERRED_MANY -> 5;
            case WEIGHTED_INTERLEAVE -> 6;
        };
    }

    private static void checkNodes(MemoryPolicyMode mode, String nodes) {
        boolean without = WITHOUT_NODES.contains(mode);
        if (without && !nodes.isEmpty()) {
            throw SpecProblem.invalid(
                    POINTER + "/nodes", mode.id() + " takes no nodes, but has '" + nodes + "'", "remove them");
        }
        if (!without && nodes.isEmpty() && mode != MemoryPolicyMode.PREFERRED) {
            throw SpecProblem.invalid(POINTER + "/nodes", mode.id() + " needs nodes", "write them as 0-3,7");
        }
    }

    private static void checkFlags(MemoryPolicy policy) {
        String mode = policy.mode().id();
        if (WITHOUT_NODES.contains(policy.mode()) && !policy.flags().isEmpty()) {
            throw SpecProblem.invalid(POINTER + "/flags", mode + " takes no flags", "remove them");
        }
        if (policy.flags().contains(MemoryPolicyFlag.STATIC_NODES)
                && policy.flags().contains(MemoryPolicyFlag.RELATIVE_NODES)) {
            throw SpecProblem.invalid(
                    POINTER + "/flags",
                    "MPOL_F_STATIC_NODES and MPOL_F_RELATIVE_NODES exclude each other",
                    "keep one of them");
        }
        if (policy.flags().contains(MemoryPolicyFlag.NUMA_BALANCING) && !BALANCED.contains(policy.mode())) {
            throw SpecProblem.invalid(
                    POINTER + "/flags",
                    "MPOL_F_NUMA_BALANCING is for MPOL_BIND and MPOL_PREFERRED_MANY, not for " + mode,
                    "remove it");
        }
    }
}
