package org.felucca.api.command;

import org.felucca.api.error.FeluccaException;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A command. Register it as a service with a {@link org.felucca.api.plugin.PluginId} equal to
 * {@link VerbSpec#id()}. Thread-safe: one
 * instance serves concurrent invocations.
 */
@ConsumerType
public interface Verb {
    /** Returns what it is called, takes and tells about itself; the same at each call. */
    VerbSpec spec();

    /**
     * Runs the command.
     *
     * <p>Blocking; on its own thread. An interrupt means that the client has gone or wants it to stop.
     *
     * @param invocation what the caller said, already parsed and checked against {@link #spec()}
     * @return what to show, and the exit status
     * @throws FeluccaException what went wrong; the shell prints its message and exits with the status that its code
     *     maps to
     */
    Result run(Invocation invocation);
}
