package org.felucca.runtime.plan.compile;

import java.util.List;
import org.felucca.runtime.plan.Plan;

/**
 * What a compiler makes.
 *
 * @param plan the plan
 * @param warnings what it does not do exactly as the configuration says
 */
public record CompiledPlan(Plan plan, List<Warning> warnings) {
    /** Copies. */
    public CompiledPlan {
        warnings = List.copyOf(warnings);
    }
}
