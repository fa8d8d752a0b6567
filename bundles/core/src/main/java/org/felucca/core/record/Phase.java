package org.felucca.core.record;

import java.util.Locale;

/** What the record of a container says about its process. */
public enum Phase {
    /** It was never started. */
    CREATED,
    /** It was started and nobody recorded its end yet. */
    RUNNING,
    /** It ended. */
    EXITED;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
