package org.felucca.runtime.plan.compile;

import java.util.ArrayList;
import java.util.List;
import org.felucca.oci.runtimespec.Mount;
import org.felucca.runtime.plan.MountBits;
import org.felucca.runtime.plan.NamespaceBits;
import org.felucca.runtime.plan.PlanWriter;

/**
 * What a container sees at its mount of type {@code cgroup}.
 *
 * <p>A cgroup of version 2 and no other: the unified hierarchy. Otherwise a tmpfs with one directory for each hierarchy in which the
 * container has a cgroup of its own; in the others it stays in the host's root cgroup, which is nothing to show. With a
 * cgroup namespace of its own a hierarchy is mounted afresh and shows the container's cgroup as its root; without one,
 * the directory of the container's cgroup is bound.
 */
final class CgroupMounts {
    private static final long HARDENED = MountBits.NOSUID | MountBits.NODEV | MountBits.NOEXEC;

    private final PlanWriter plan;
    private final List<CgroupHierarchy> cgroups;
    private final Namespaces namespaces;
    private final boolean unifiedOnly;
    private final List<Integer> binds = new ArrayList<>();
    private final List<String> readOnly = new ArrayList<>();
    private boolean unshared;

    CgroupMounts(PlanWriter plan, List<CgroupHierarchy> cgroups, Namespaces namespaces) {
        this.plan = plan;
        this.cgroups = cgroups;
        this.namespaces = namespaces;
        this.unifiedOnly = cgroups.size() == 1 && cgroups.get(0).version() == 2;
    }

    private boolean ownView() {
        return namespaces.makes(NamespaceBits.CGROUP);
    }

    /** Opens the directories to be bound. */
    void emitBeforeClone(MountOptions options) {
        if (ownView() || unifiedOnly) {
            return;
        }
        for (CgroupHierarchy hierarchy : cgroups) {
            int slot = plan.openTree(hierarchy.hostDirectory(), 0);
            plan.mountAttr(slot, options.attributes() | HARDENED, 0, MountBits.PRIVATE, false, PlanWriter.NONE);
            binds.add(slot);
        }
    }

    /**
     * Makes the cgroup namespace, once: after the process is in all its cgroups, because they become the roots.
     *
     * @param synced whether it is in those of version 1 already; into one of version 2 it was born
     */
    void emitNamespace(boolean synced) {
        if (!ownView() || unshared) {
            return;
        }
        unshared = true;
        plan.origin("/linux/namespaces");
        if (!synced && cgroups.stream().anyMatch(hierarchy -> hierarchy.version() == 1)) {
            plan.sync();
        }
        plan.unshare(NamespaceBits.CGROUP.flag());
    }

    void emitMount(String destination, MountOptions options, Mount mount) {
        long attributes = options.attributes();
        if (unifiedOnly) {
            int slot = plan.fsMount("cgroup2", "cgroup", options.data, attributes);
            plan.attach(slot, destination, PlanWriter.CREATE_DIR);
            return;
        }
        int tree = plan.fsMount("tmpfs", "cgroup", List.of("mode=755"), (attributes | HARDENED) & ~MountBits.RDONLY);
        plan.attach(tree, destination, PlanWriter.CREATE_DIR);
        for (int i = 0; i < cgroups.size(); i++) {
            CgroupHierarchy hierarchy = cgroups.get(i);
            String target = destination + "/" + hierarchy.name();
            int slot;
            if (ownView()) {
                String type = hierarchy.version() == 1 ? "cgroup" : "cgroup2";
                slot = plan.fsMount(type, "cgroup", hierarchy.options(), attributes | HARDENED);
            } else {
                slot = binds.get(i);
            }
            plan.attach(slot, target, PlanWriter.CREATE_DIR);
            emitLinks(destination, hierarchy.name());
        }
        if ((attributes & MountBits.RDONLY) != 0) {
            readOnly.add(destination);
        }
    }

    /** {@code cpu,cpuacct} is found under either name, as on hosts. */
    private void emitLinks(String destination, String name) {
        if (name.indexOf(',') > 0) {
            for (String controller : name.split(",")) {
                plan.symlink(name, destination + "/" + controller);
            }
        }
    }

    void emitReadOnly() {
        for (String destination : readOnly) {
            plan.origin("/mounts").pathAttr(destination, MountBits.RDONLY, 0, 0, false);
        }
    }
}
