package org.felucca.runtime.plan;

import java.util.List;

/**
 * An operation as it was read.
 *
 * @param opcode which
 * @param flags {@link PlanWriter#CLAMP}, {@link PlanWriter#OPTIONAL}
 * @param arguments Integer, Long, String, byte[] or a list of strings, as the operation's fields say
 */
public record Operation(Opcode opcode, int flags, List<Object> arguments) {
    /** Copies. */
    public Operation {
        arguments = List.copyOf(arguments);
    }
}
