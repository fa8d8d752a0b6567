package org.felucca.runtime.engine.cgroup;

import org.felucca.oci.runtimespec.linux.Resources;
import org.jspecify.annotations.Nullable;

/**
 * Who makes, changes and removes the cgroups of tasks: this runtime itself, through the file system
 * ({@link Cgroups}), or systemd ({@link SystemdCgroups}). Thread-safe.
 */
public interface CgroupDriver extends AutoCloseable {
    /**
     * Makes a task's cgroups and sets its limits.
     *
     * @param configured {@code /linux/cgroupsPath}; null or empty for the default
     * @param name names the default
     * @param resources {@code /linux/resources}; null for none
     * @return to be closed when the task's first process is in it
     * @throws org.felucca.api.error.FeluccaException ALREADY_EXISTS if one is there with processes in it; UNSUPPORTED or
     *     INVALID_ARGUMENT for a limit that cannot be; nothing is left then
     */
    NewCgroup make(@Nullable String configured, String name, @Nullable Resources resources);

    /** Sets new limits; what is absent stays. What belongs to a hierarchy that the task is not in is refused. */
    void update(TaskCgroup cgroup, Resources resources);

    /**
     * Removes a task's cgroups; what still runs in them is killed first. What is gone already is fine.
     *
     * @throws org.felucca.api.error.FeluccaException FAILED_PRECONDITION if a process in them does not die
     */
    void remove(TaskCgroup cgroup);

    /** Removes in the same way what is at a task's default place, whoever made it. */
    void discard(String name);

    /** Lets go of what is kept for making cgroups. Those of tasks stay. */
    @Override
    void close();
}
