package org.felucca.core.osgi;

import org.felucca.api.plugin.Readiness;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.condition.Condition;

/** The condition that holds while the platform is ready; enabled and disabled by {@link OrchestratorComponent}. */
@Component(name = ReadyCondition.NAME, enabled = false, property = Condition.CONDITION_ID + "=" + Readiness.CONDITION)
public final class ReadyCondition implements Condition {
    /** The component's name. */
    static final String NAME = "org.felucca.core.ready";
}
