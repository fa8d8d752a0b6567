package org.felucca.hcs.compile;

import java.util.List;
import org.felucca.hcs.document.process.ProcessParameters;

/**
 * A process as the host compute service takes it.
 *
 * @param parameters the document
 * @param warnings what could not be done exactly as the configuration says
 */
public record CompiledProcess(ProcessParameters parameters, List<Warning> warnings) {
    /** Copies. */
    public CompiledProcess {
        warnings = List.copyOf(warnings);
    }
}
