package org.felucca.verbs.container;

import org.felucca.api.command.Invocation;
import org.felucca.api.command.OperandSpec;
import org.felucca.api.command.OperandSpec.Completion;
import org.felucca.api.command.Result;
import org.felucca.api.command.Verb;
import org.felucca.api.command.VerbSpec;
import org.felucca.api.container.ContainerService;
import org.felucca.api.plugin.PluginId;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code unpause}: thaws containers that were frozen. */
@Component(service = Verb.class)
@PluginId("unpause")
public final class UnpauseVerb implements Verb {
    private static final VerbSpec SPEC = VerbSpec.of("unpause", "thaw containers")
            .operand(OperandSpec.oneOrMore("CONTAINER", Completion.CONTAINER, "name, or beginning of an id"))
            .build();

    private final ContainerService containers;

    /** Makes the verb. */
    @Activate
    public UnpauseVerb(@Reference ContainerService containers) {
        this.containers = containers;
    }

    @Override
    public VerbSpec spec() {
        return SPEC;
    }

    @Override
    public Result run(Invocation invocation) {
        return ContainerBatch.each(invocation, containers, name -> containers.resume(invocation.namespace(), name));
    }
}
