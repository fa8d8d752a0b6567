package org.felucca.runtime.engine.cgroup;

import org.felucca.oci.runtimespec.linux.Resources;
import org.jspecify.annotations.Nullable;

/**
 * One driver makes the cgroups of new tasks; those that are there are left to whoever made them, so that the choice can
 * change while tasks run.
 */
public final class CgroupDrivers implements CgroupDriver {
    private final CgroupDriver files;
    private final CgroupDriver systemd;
    private final CgroupDriver chosen;

    /**
     * Takes over both.
     *
     * @param useSystemd whether it makes the cgroups of new tasks
     */
    public CgroupDrivers(CgroupDriver files, CgroupDriver systemd, boolean useSystemd) {
        this.files = files;
        this.systemd = systemd;
        this.chosen = useSystemd ? systemd : files;
    }

    private CgroupDriver makerOf(TaskCgroup cgroup) {
        return cgroup.unit().isEmpty() ? files : systemd;
    }

    @Override
    public NewCgroup make(@Nullable String configured, String name, @Nullable Resources resources) {
        return chosen.make(configured, name, resources);
    }

    @Override
    public void update(TaskCgroup cgroup, Resources resources) {
        makerOf(cgroup).update(cgroup, resources);
    }

    @Override
    public void remove(TaskCgroup cgroup) {
        makerOf(cgroup).remove(cgroup);
    }

    @Override
    public void discard(String name) {
        chosen.discard(name);
    }

    @Override
    public void close() {
        files.close();
        systemd.close();
    }
}
