package org.felucca.runtime.plan.compile;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.felucca.oci.runtimespec.Process;
import org.felucca.oci.runtimespec.Root;
import org.felucca.oci.runtimespec.Spec;
import org.felucca.oci.runtimespec.linux.Linux;
import org.felucca.oci.runtimespec.linux.TimeOffset;
import org.felucca.runtime.plan.MountBits;
import org.felucca.runtime.plan.NamespaceBits;
import org.felucca.runtime.plan.Plan;
import org.felucca.runtime.plan.PlanWriter;

/**
 * Makes the plan of a container's first process. One instance compiles one container.
 *
 * <p>The order is that of {@code docs/spec/launch-plan.md}, section 4. The root becomes the root as early as possible,
 * which spares the kernel the host's mounts; later only where something still needs them: hooks that run before it, and
 * a user namespace, in which proc and sysfs can only be mounted while unmasked ones are in sight.
 */
public final class ContainerCompiler {
    private final Spec spec;
    private final Linux linux;
    private final Process process;
    private final HostFacts host;
    private final ContainerFacts facts;
    private final Namespaces namespaces;
    private final List<Warning> warnings = new ArrayList<>(0);
    private final PlanWriter plan;
    private final MountCompiler mounts;
    private final DeviceCompiler devices;
    private final HookCompiler hooks;
    private final ProcessCompiler processes;

    private ContainerCompiler(Spec spec, Linux linux, Process process, HostFacts host, ContainerFacts facts) {
        this.spec = spec;
        this.linux = linux;
        this.process = process;
        this.host = host;
        this.facts = facts;
        this.namespaces = Namespaces.of(linux);
        this.plan = new PlanWriter(Plan.Kind.CONTAINER, facts.slotsGiven());
        this.mounts = new MountCompiler(plan, spec, linux, host, facts, namespaces);
        this.devices = new DeviceCompiler(plan, namespaces.has(NamespaceBits.USER));
        this.hooks = new HookCompiler(spec, facts);
        this.processes = new ProcessCompiler(plan, process, linux, host, facts, warnings);
    }

    /**
     * Compiles.
     *
     * @throws org.felucca.api.error.FeluccaException INVALID_ARGUMENT for a document that cannot be, UNSUPPORTED for what
     *     this runtime or this host does not do; both name the property by its JSON pointer
     */
    public static CompiledPlan compile(Spec spec, HostFacts host, ContainerFacts facts) {
        SpecCheck.check(spec);
        Process process = Objects.requireNonNull(spec.process(), "checked");
        Linux linux = Objects.requireNonNull(spec.linux(), "checked");
        return SpecCheck.guard(() -> new ContainerCompiler(spec, linux, process, host, facts).compile());
    }

    /** Whether a container of this document can use {@link ContainerFacts#network}. */
    public static boolean takesNetwork(Spec spec) {
        Linux linux = spec.linux();
        return linux != null && Namespaces.of(linux).takesNetwork();
    }

    private CompiledPlan compile() {
        processes.check();
        if (!namespaces.makes(NamespaceBits.PID)) {
            plan.planFlags(PlanWriter.KILL_REST);
        }
        mounts.emitBeforeClone();
        if (mounts.ownsDev()) {
            devices.emitBeforeClone(linux);
        }
        emitProcess();
        boolean synced = emitUser();
        plan.origin("").propagation(MountBits.SLAVE, true);
        emitNames();
        plan.origin("/root").root(facts.rootSlot());
        boolean pivotLate = hooks.beforePivot() || namespaces.has(NamespaceBits.USER);
        if (!pivotLate) {
            plan.pivot();
        }
        mounts.emitMounts(synced);
        emitDevices();
        hooks.emitCreate(plan);
        if (pivotLate) {
            plan.origin("/root").pivot();
        }
        emitCovers();
        plan.origin("").park();
        hooks.emitStart(plan);
        if (host.keyrings()) {
            plan.origin("").keyring("_ses." + facts.id());
        }
        processes.emit(spec);
        hooks.emitAfterExec(plan);
        return new CompiledPlan(plan.build(), warnings);
    }

    private void emitProcess() {
        for (Namespaces.Join join : namespaces.joins()) {
            plan.origin(join.pointer());
            plan.join(plan.open(join.path(), 0), join.bit().flag());
        }
        long cloned = namespaces.cloned();
        if (networkGiven()) {
            plan.origin("/linux/namespaces").join(facts.networkSlot(), NamespaceBits.NETWORK.flag());
            cloned &= ~NamespaceBits.NETWORK.flag();
        }
        emitCgroups(plan, facts.cgroups());
        plan.origin("/linux/namespaces").cloneProcess(cloned);
    }

    private boolean networkGiven() {
        return facts.networkSlot() != ContainerFacts.NONE && namespaces.takesNetwork();
    }

    static void emitCgroups(PlanWriter plan, List<CgroupHierarchy> cgroups) {
        for (CgroupHierarchy hierarchy : cgroups) {
            plan.origin("/linux/cgroupsPath")
                    .cgroupEnter(
                            hierarchy.slot(),
                            hierarchy.version(),
                            (hierarchy.memory() ? PlanWriter.CGROUP_MEMORY : 0)
                                    | (hierarchy.kill() ? PlanWriter.CGROUP_KILL : 0));
        }
    }

    /** @return whether a barrier was passed */
    private boolean emitUser() {
        if (!namespaces.has(NamespaceBits.USER)) {
            return false;
        }
        boolean made = namespaces.makes(NamespaceBits.USER);
        if (made) {
            plan.origin("/linux/uidMappings")
                    .idMap(IdMaps.text(linux.uidMappings()), IdMaps.text(linux.gidMappings()), 0);
            plan.sync();
        }
        plan.origin("/linux/uidMappings").rootIds();
        return made;
    }

    private void emitNames() {
        String hostname = spec.hostname();
        if (hostname != null && !hostname.isEmpty()) {
            requireUts("/hostname");
            plan.origin("/hostname").hostname(hostname);
        }
        String domainname = spec.domainname();
        if (domainname != null && !domainname.isEmpty()) {
            requireUts("/domainname");
            plan.origin("/domainname").domainname(domainname);
        }
        if (namespaces.makes(NamespaceBits.NETWORK) && !networkGiven()) {
            plan.origin("/linux/namespaces").loopbackUp();
        }
        NetDevices.emit(plan, linux.netDevices(), namespaces);
        if (namespaces.makes(NamespaceBits.TIME)) {
            plan.origin("/linux/timeOffsets").timeOffsets(timeOffsets(linux.timeOffsets()));
        }
    }

    private void requireUts(String pointer) {
        if (!namespaces.has(NamespaceBits.UTS)) {
            throw SpecProblem.invalid(
                    pointer,
                    "the container shares the host's uts namespace",
                    "give it a uts namespace of its own, or remove the name");
        }
    }

    private static String timeOffsets(Map<String, TimeOffset> offsets) {
        StringBuilder text = new StringBuilder();
        offsets.forEach((clock, offset) -> text.append(clock)
                .append(' ')
                .append(offset.secs() == null ? 0 : offset.secs())
                .append(' ')
                .append(offset.nanosecs() == null ? 0 : offset.nanosecs())
                .append('\n'));
        return text.toString();
    }

    private void emitDevices() {
        if (mounts.ownsDev()) {
            devices.emitNodes(mounts.hasDevpts());
        }
        processes.emitConsole(mounts.ownsDev());
        mounts.emitAfterDevices();
    }

    private void emitCovers() {
        Sysctls.emit(plan, spec, linux.sysctl(), namespaces);
        emitRootPropagation();
        if (!linux.readonlyPaths().isEmpty()) {
            SpecCheck.absolute("/linux/readonlyPaths/", linux.readonlyPaths());
            plan.origin("/linux/readonlyPaths").readonly(linux.readonlyPaths());
        }
        if (!linux.maskedPaths().isEmpty()) {
            SpecCheck.absolute("/linux/maskedPaths/", linux.maskedPaths());
            plan.origin("/linux/maskedPaths").mask(linux.maskedPaths());
        }
        Root root = spec.root();
        if (root != null && root.readonly()) {
            plan.origin("/root/readonly").pathAttr("/", MountBits.RDONLY, 0, 0, false);
        }
    }

    /** The root's mount is a new one, private of itself: what is said is all that is done. */
    private void emitRootPropagation() {
        String wanted = linux.rootfsPropagation();
        if (wanted == null || wanted.isEmpty()) {
            return;
        }
        String name = wanted.startsWith("r") ? wanted.substring(1) : wanted;
        long bits = switch (name) {
            case "private" -> MountBits.PRIVATE;
            case "slave" -> MountBits.SLAVE;
            case "shared" -> MountBits.SHARED;
            case "unbindable" -> MountBits.UNBINDABLE;
            default ->
                throw SpecProblem.invalid(
                        "/linux/rootfsPropagation",
                        "there is no propagation '" + wanted + "'",
                        "use private, slave, shared or unbindable");
        };
        plan.origin("/linux/rootfsPropagation").propagation(bits, wanted.startsWith("r"));
    }
}
