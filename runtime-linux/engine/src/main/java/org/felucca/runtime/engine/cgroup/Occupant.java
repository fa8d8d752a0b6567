package org.felucca.runtime.engine.cgroup;

/** A process that does nothing, until it is closed. */
public interface Occupant extends AutoCloseable {
    /** Returns its pid. */
    int pid();

    /** Ends it. */
    @Override
    void close();
}
