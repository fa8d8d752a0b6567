package org.felucca.runtime.plan.compile;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.felucca.oci.runtimespec.Mount;
import org.felucca.oci.runtimespec.Spec;
import org.felucca.oci.runtimespec.linux.Linux;
import org.felucca.runtime.plan.MountBits;
import org.felucca.runtime.plan.NamespaceBits;
import org.felucca.runtime.plan.PlanWriter;

/**
 * The mounts of a container. Bind sources are opened before the process is made, in the host's tree; everything else is
 * mounted from inside. A bind mount is private unless its options say otherwise: opened in the host's tree it would
 * share what is mounted below it with the host.
 */
final class MountCompiler {
    /** What may lie over files of /proc: what LXCFS provides, and two that checkpointing and crypto need. */
    private static final Set<String> OVER_PROC = Set.of(
            "/proc/cpuinfo",
            "/proc/diskstats",
            "/proc/meminfo",
            "/proc/stat",
            "/proc/swaps",
            "/proc/uptime",
            "/proc/loadavg",
            "/proc/slabinfo",
            "/proc/net/dev",
            "/proc/sys/kernel/ns_last_pid",
            "/proc/sys/crypto/fips_enabled");

    private final PlanWriter plan;
    private final Spec spec;
    private final Linux linux;
    private final HostFacts host;
    private final ContainerFacts facts;
    private final Namespaces namespaces;
    private final String mountLabel;
    private final List<Prepared> prepared = new ArrayList<>();
    private final CgroupMounts cgroupMounts;
    private boolean devIsBind;
    private boolean devIsReadOnly;
    private boolean devpts;

    /**
     * A mount, sorted.
     *
     * @param slot its tree if it was opened already, else {@link PlanWriter#NONE}
     */
    private record Prepared(
            String pointer, Mount mount, String destination, MountOptions options, Kind kind, int slot) {}

    private enum Kind {
        /** Opened before the process is made. */
        BIND,
        /** Another file system. */
        NEW,
        /** What is mounted there gets other attributes. */
        REMOUNT,
        /** The view of the container's cgroups. */
        CGROUP
    }

    MountCompiler(
            PlanWriter plan, Spec spec, Linux linux, HostFacts host, ContainerFacts facts, Namespaces namespaces) {
        this.plan = plan;
        this.spec = spec;
        this.linux = linux;
        this.host = host;
        this.facts = facts;
        this.namespaces = namespaces;
        this.mountLabel = linux.mountLabel() == null ? "" : linux.mountLabel();
        this.cgroupMounts = new CgroupMounts(plan, facts.cgroups(), namespaces);
        if (!mountLabel.isEmpty() && !host.seLinux()) {
            throw SpecProblem.unsupported("/linux/mountLabel", "SELinux is not live on this host", "remove it");
        }
    }

    /** Whether /dev belongs to the container, so that nodes and links are made in it. */
    boolean ownsDev() {
        return !devIsBind;
    }

    /** Whether /dev/pts was mounted. */
    boolean hasDevpts() {
        return devpts;
    }

    /** Opens what comes from the host. */
    void emitBeforeClone() {
        List<Mount> mounts = spec.mounts();
        for (int i = 0; i < mounts.size(); i++) {
            Mount mount = mounts.get(i);
            String pointer = "/mounts/" + i;
            plan.origin(pointer);
            prepared.add(prepare(pointer, mount, MountOptions.parse(mount.options())));
        }
    }

    private Prepared prepare(String pointer, Mount mount, MountOptions options) {
        String destination = destination(pointer, mount);
        String type = mount.type() == null ? "" : mount.type();
        boolean bind = options.bind || type.equals("bind") || type.equals("rbind");
        if (type.equals("rbind")) {
            options.bindAll = true;
        }
        checkProc(pointer, destination, type, bind, mount);
        boolean mapped = options.idMap || !mount.uidMappings().isEmpty();
        if (mapped && (!bind || options.remount)) {
            throw SpecProblem.unsupported(
                    pointer + (options.idMap ? "/options" : "/uidMappings"),
                    "ids can be mapped where something is bound first, not for "
                            + (options.remount ? "a remount" : "a new " + type),
                    "remove the mapping, or make it a bind mount");
        }
        if (options.remount) {
            if (!bind) {
                throw SpecProblem.unsupported(
                        pointer + "/options", "a file system cannot be remounted", "remount the bind: add bind");
            }
            return new Prepared(pointer, mount, destination, options, Kind.REMOUNT, PlanWriter.NONE);
        }
        if (bind) {
            return bind(pointer, mount, destination, options);
        }
        if (type.isEmpty()) {
            throw SpecProblem.invalid(
                    pointer, "mount " + destination + " has no type and is no bind mount", "give a type");
        }
        if (options.copyUp && !type.equals("tmpfs")) {
            throw SpecProblem.invalid(pointer + "/options", "tmpcopyup is for tmpfs, not for " + type, "remove it");
        }
        if (type.equals("cgroup") || type.equals("cgroup2")) {
            plan.origin(pointer);
            cgroupMounts.emitBeforeClone(options);
            return new Prepared(pointer, mount, destination, options, Kind.CGROUP, PlanWriter.NONE);
        }
        if (type.equals("sysfs") && namespaces.has(NamespaceBits.USER) && !namespaces.makes(NamespaceBits.NETWORK)) {
            // sysfs shows a network namespace: only who owns that one may mount it
            MountOptions tree = MountOptions.parse(List.of("rbind", "rro"));
            tree.setAll |= options.attributes();
            return bind(pointer, Mount.builder(destination).source("/sys").build(), destination, tree);
        }
        noteDev(destination, false, (options.attributes() & MountBits.RDONLY) != 0);
        devpts |= destination.equals("/dev/pts");
        return new Prepared(pointer, mount, destination, options, Kind.NEW, PlanWriter.NONE);
    }

    private void noteDev(String destination, boolean bind, boolean readOnly) {
        if (destination.equals("/dev")) {
            devIsBind = bind;
            devIsReadOnly = readOnly && !bind;
        }
    }

    private static String destination(String pointer, Mount mount) {
        String path = mount.destination();
        StringBuilder clean = new StringBuilder(path.length() + 1);
        for (String part : path.split("/")) {
            if (part.isEmpty() || part.equals(".")) {
                continue;
            }
            if (part.equals("..")) {
                throw SpecProblem.invalid(
                        pointer + "/destination", "'" + path + "' leads upwards", "give the path without '..'");
            }
            clean.append('/').append(part);
        }
        if (clean.length() == 0) {
            throw SpecProblem.invalid(
                    pointer + "/destination", "'" + path + "' is the root itself", "choose a directory below it");
        }
        return clean.toString();
    }

    private static void checkProc(String pointer, String destination, String type, boolean bind, Mount mount) {
        boolean below = destination.startsWith("/proc/");
        if (destination.equals("/proc") && !type.equals("proc") && !(bind && "/proc".equals(mount.source()))) {
            throw SpecProblem.invalid(
                    pointer + "/destination", "/proc can be nothing but a proc file system", "use type proc");
        }
        if (below && !OVER_PROC.contains(destination)) {
            throw SpecProblem.invalid(
                    pointer + "/destination",
                    "'" + destination + "' lies inside /proc, which programs trust",
                    "mount elsewhere; allowed are "
                            + String.join(", ", OVER_PROC.stream().sorted().toList()));
        }
    }

    private Prepared bind(String pointer, Mount mount, String destination, MountOptions options) {
        if (options.firstData >= 0) {
            throw SpecProblem.invalid(
                    pointer + "/options/" + options.firstData,
                    "'" + options.data.get(0) + "' is no option of a bind mount",
                    "remove it");
        }
        if (options.copyUp) {
            throw SpecProblem.invalid(
                    pointer + "/options", "tmpcopyup is for tmpfs, not for a bind mount", "remove it");
        }
        String source = mount.source();
        if (source == null || source.isEmpty()) {
            throw SpecProblem.invalid(pointer, "bind mount " + destination + " has no source", "give a source");
        }
        String path = source.startsWith("/") ? source : facts.bundle() + "/" + source;
        int slot = plan.openTree(path, options.bindAll ? PlanWriter.OPEN_TREE_RECURSIVE : 0);
        emitAttributes(slot, options, mapping(pointer, mount, options));
        noteDev(destination, true, false);
        return new Prepared(pointer, mount, destination, options, Kind.BIND, slot);
    }

    /** Returns the slot of the user namespace by which ids are mapped; NONE if they are not. */
    private int mapping(String pointer, Mount mount, MountOptions options) {
        if (!mount.uidMappings().isEmpty()) {
            plan.origin(pointer + "/uidMappings");
            return plan.userNamespace(IdMaps.text(mount.uidMappings()), IdMaps.text(mount.gidMappings()));
        }
        if (!options.idMap) {
            return PlanWriter.NONE;
        }
        plan.origin(pointer + "/options");
        if (namespaces.makes(NamespaceBits.USER)) {
            return plan.userNamespace(IdMaps.text(linux.uidMappings()), IdMaps.text(linux.gidMappings()));
        }
        for (Namespaces.Join join : namespaces.joins()) {
            if (join.bit() == NamespaceBits.USER) {
                return plan.open(join.path(), 0);
            }
        }
        throw SpecProblem.invalid(
                pointer + "/options",
                "there is nothing to map ids by: the mount has no mappings, the container no user namespace",
                "give uidMappings and gidMappings");
    }

    /** A plain bind has one mount, so one call does all; otherwise what counts for the top alone is a call of its own. */
    private void emitAttributes(int slot, MountOptions options, int mapping) {
        long propagation = options.propagation == 0 ? MountBits.PRIVATE : options.propagation;
        if (!options.bindAll) {
            plan.mountAttr(
                    slot,
                    options.set | options.setAll,
                    (options.clear | options.clearAll) & ~(options.setAll & ~MountBits.ATIME),
                    propagation,
                    false,
                    mapping);
            return;
        }
        boolean propagateAll = options.propagation == 0 || options.propagationAll;
        int forAll = options.idMapAll ? mapping : PlanWriter.NONE;
        int forTop = options.idMapAll ? PlanWriter.NONE : mapping;
        plan.mountAttr(slot, options.setAll, options.clearAll, propagateAll ? propagation : 0, true, forAll);
        if ((options.set | options.clear) != 0 || !propagateAll || forTop != PlanWriter.NONE) {
            plan.mountAttr(slot, options.set, options.clear, propagateAll ? 0 : propagation, false, forTop);
        }
    }

    /** @param synced whether the membership in version 1 cgroups is complete already */
    void emitMounts(boolean synced) {
        boolean ready = synced;
        for (Prepared entry : prepared) {
            plan.origin(entry.pointer());
            switch (entry.kind()) {
                case BIND ->
                    plan.attach(entry.slot(), entry.destination(), PlanWriter.CREATE_DIR | PlanWriter.CREATE_FILE);
                case NEW -> emitNew(entry);
                case REMOUNT -> emitRemount(entry);
                case CGROUP -> {
                    cgroupMounts.emitNamespace(ready);
                    ready = true;
                    plan.origin(entry.pointer());
                    cgroupMounts.emitMount(entry.destination(), entry.options(), entry.mount());
                }
            }
        }
        cgroupMounts.emitNamespace(ready);
    }

    private void emitNew(Prepared entry) {
        MountOptions options = entry.options();
        Mount mount = entry.mount();
        String type = mount.type() == null ? "" : mount.type();
        List<String> data = options.data;
        if (!mountLabel.isEmpty() && (type.equals("tmpfs") || type.equals("mqueue") || type.equals("devpts"))) {
            data = new ArrayList<>(data);
            data.add("context=" + mountLabel);
        }
        long attributes = options.attributes();
        if (entry.destination().equals("/dev")) {
            attributes &= ~MountBits.RDONLY;
        }
        String source = mount.source() == null ? type : mount.source();
        int slot = plan.fsMount(type, source, data, attributes);
        if (options.propagation != 0) {
            plan.mountAttr(slot, 0, 0, options.propagation, false, PlanWriter.NONE);
        }
        if (options.copyUp) {
            plan.copyUp(slot, entry.destination());
        }
        plan.attach(slot, entry.destination(), PlanWriter.CREATE_DIR | noFollow(entry.destination(), type));
    }

    /** Where programs trust what they find, a link in the image must not send the mount elsewhere. */
    private static int noFollow(String destination, String type) {
        boolean trusted = type.equals("proc") || type.equals("sysfs") || destination.equals("/dev");
        return trusted ? PlanWriter.NOFOLLOW : 0;
    }

    private void emitRemount(Prepared entry) {
        MountOptions options = entry.options();
        if ((options.setAll | options.clearAll) != 0) {
            plan.pathAttr(entry.destination(), options.setAll, options.clearAll, 0, true);
        }
        if ((options.set | options.clear) != 0 || options.propagation != 0 && !options.propagationAll) {
            plan.pathAttr(
                    entry.destination(),
                    options.set,
                    options.clear,
                    options.propagationAll ? 0 : options.propagation,
                    false);
        }
        if (options.propagationAll) {
            plan.pathAttr(entry.destination(), 0, 0, options.propagation, true);
        }
    }

    /** What had to stay writable until everything was in it. */
    void emitAfterDevices() {
        if (devIsReadOnly) {
            plan.origin("/mounts").pathAttr("/dev", MountBits.RDONLY, 0, 0, false);
        }
        cgroupMounts.emitReadOnly();
    }
}
