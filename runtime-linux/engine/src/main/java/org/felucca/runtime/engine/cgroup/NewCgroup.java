package org.felucca.runtime.engine.cgroup;

/**
 * Cgroups that have just been made, and what keeps them while nobody is in them.
 *
 * @param cgroup the cgroups
 * @param keeper let go by {@link #close}
 */
public record NewCgroup(TaskCgroup cgroup, Runnable keeper) implements AutoCloseable {
    /** Cgroups that stay by themselves. */
    static NewCgroup of(TaskCgroup cgroup) {
        return new NewCgroup(cgroup, () -> {});
    }

    /** To be called when a process is in it, or it was removed. */
    @Override
    public void close() {
        keeper.run();
    }
}
