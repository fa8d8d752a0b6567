package org.felucca.hcs.compile;

import java.util.List;
import org.felucca.hcs.document.ComputeSystem;

/**
 * A container as the host compute service takes it.
 *
 * @param document the document
 * @param warnings what could not be done exactly as the configuration says
 */
public record CompiledSystem(ComputeSystem document, List<Warning> warnings) {
    /** Copies. */
    public CompiledSystem {
        warnings = List.copyOf(warnings);
    }
}
