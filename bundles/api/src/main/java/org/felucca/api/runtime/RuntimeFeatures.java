package org.felucca.api.runtime;

import java.util.Set;
import org.felucca.api.snapshot.SnapshotMount;

/**
 * What a backend can do. Immutable.
 *
 * @param operatingSystems {@code os} values of images it runs: {@code linux}
 * @param mountKinds kinds of root file systems it mounts
 * @param capabilities operations beyond create, start, kill, exec, delete
 * @param ociVersion newest runtime-spec version it implements
 */
public record RuntimeFeatures(
        Set<String> operatingSystems,
        Set<SnapshotMount.Kind> mountKinds,
        Set<Capability> capabilities,
        String ociVersion) {
    /** Operations that a backend may lack. */
    public enum Capability {
        /** {@link Task#pause} and {@link Task#resume}. */
        PAUSE,
        /** {@link Task#update}. */
        UPDATE,
        /** {@link Task#stats}. */
        STATS,
        /** A small init as pid 1. */
        REAPER,
        /** Containers in user namespaces. */
        USER_NAMESPACE
    }

    /** Copies. */
    public RuntimeFeatures {
        operatingSystems = Set.copyOf(operatingSystems);
        mountKinds = Set.copyOf(mountKinds);
        capabilities = Set.copyOf(capabilities);
    }
}
