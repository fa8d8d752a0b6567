package org.felucca.api.container;

import java.util.Locale;

/** Which network a container is in. */
public enum NetworkMode {
    /** A network namespace of its own with a loopback interface only. */
    NONE,
    /** The host's. */
    HOST;

    /** Returns the lower-case name used on the command line. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
