package org.felucca.runtime.plan.compile;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What was prepared for one container or exec: the slots given, and what the request says beyond the document.
 * Immutable; withers return new values.
 */
public final class ContainerFacts {
    private final String id;
    private final String bundle;
    private final int slotsGiven;
    private final int rootSlot;
    private final List<CgroupHierarchy> cgroups;
    private final @Nullable SeccompFilter seccomp;
    private final @Nullable Terminal terminal;
    private final boolean reaper;
    private final int networkSlot;

    /** No slot. */
    static final int NONE = -1;

    /**
     * A terminal to be made.
     *
     * @param rows initial size, 0 to leave it
     * @param columns initial size, 0 to leave it
     */
    public record Terminal(int rows, int columns) {}

    private ContainerFacts(
            String id,
            String bundle,
            int slotsGiven,
            int rootSlot,
            List<CgroupHierarchy> cgroups,
            @Nullable SeccompFilter seccomp,
            @Nullable Terminal terminal,
            boolean reaper,
            int networkSlot) {
        this.id = id;
        this.bundle = bundle;
        this.slotsGiven = slotsGiven;
        this.rootSlot = rootSlot;
        this.cgroups = cgroups;
        this.seccomp = seccomp;
        this.terminal = terminal;
        this.reaper = reaper;
        this.networkSlot = networkSlot;
    }

    /**
     * Facts of a container whose root comes in slot 0 and has no cgroup, filter or terminal.
     *
     * @param id the container's id, as hooks see it
     * @param bundle absolute host path that relative paths start from, as hooks see it
     */
    public static ContainerFacts of(String id, String bundle) {
        return new ContainerFacts(id, bundle, 1, 0, List.of(), null, null, false, NONE);
    }

    /** Sets how many descriptors come with the plan. */
    public ContainerFacts slotsGiven(int count) {
        return new ContainerFacts(id, bundle, count, rootSlot, cgroups, seccomp, terminal, reaper, networkSlot);
    }

    /** Sets which slot holds the root's mount. */
    public ContainerFacts rootSlot(int slot) {
        return new ContainerFacts(id, bundle, slotsGiven, slot, cgroups, seccomp, terminal, reaper, networkSlot);
    }

    /** Sets the cgroups that the process enters. */
    public ContainerFacts cgroups(List<CgroupHierarchy> hierarchies) {
        return new ContainerFacts(
                id, bundle, slotsGiven, rootSlot, List.copyOf(hierarchies), seccomp, terminal, reaper, networkSlot);
    }

    /** Sets the filter compiled from {@code /linux/seccomp}. */
    public ContainerFacts seccomp(SeccompFilter filter) {
        return new ContainerFacts(id, bundle, slotsGiven, rootSlot, cgroups, filter, terminal, reaper, networkSlot);
    }

    /** Gives the process a terminal. */
    public ContainerFacts terminal(Terminal size) {
        return new ContainerFacts(id, bundle, slotsGiven, rootSlot, cgroups, seccomp, size, reaper, networkSlot);
    }

    /** Runs a small init as the first process. */
    public ContainerFacts reaper(boolean wanted) {
        return new ContainerFacts(id, bundle, slotsGiven, rootSlot, cgroups, seccomp, terminal, wanted, networkSlot);
    }

    /**
     * Sets which slot holds a network namespace that nobody uses yet, its loopback device up: a container that makes one
     * in the host's user namespace takes it instead.
     */
    public ContainerFacts network(int slot) {
        return new ContainerFacts(id, bundle, slotsGiven, rootSlot, cgroups, seccomp, terminal, reaper, slot);
    }

    String id() {
        return id;
    }

    String bundle() {
        return bundle;
    }

    int slotsGiven() {
        return slotsGiven;
    }

    int rootSlot() {
        return rootSlot;
    }

    List<CgroupHierarchy> cgroups() {
        return cgroups;
    }

    Optional<SeccompFilter> seccomp() {
        return Optional.ofNullable(seccomp);
    }

    Optional<Terminal> terminal() {
        return Optional.ofNullable(terminal);
    }

    boolean reaper() {
        return reaper;
    }

    /** {@link #NONE} if none was given. */
    int networkSlot() {
        return networkSlot;
    }
}
