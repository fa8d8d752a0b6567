package org.felucca.api.container;

import java.util.Locale;

/** Where a container is in its life, as people see it. */
public enum ContainerState {
    /** Made, not yet started. */
    CREATED,
    /** Its process runs. */
    RUNNING,
    /** Its processes are frozen. */
    PAUSED,
    /** Its process ended; it can be started again. */
    EXITED,
    /** It is being removed. */
    REMOVING,
    /** It runs, but the provider that watches it is not live. */
    ORPHANED;

    /** Returns the lower-case name. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
