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

/** {@code pause}: freezes every process of containers. */
@Component(service = Verb.class)
@PluginId("pause")
public final class PauseVerb implements Verb {
    private static final VerbSpec SPEC = VerbSpec.of("pause", "freeze containers")
            .operand(OperandSpec.oneOrMore("CONTAINER", Completion.CONTAINER, "name, or beginning of an id"))
            .build();

    private final ContainerService containers;

    /** Makes the verb. */
    @Activate
    public PauseVerb(@Reference ContainerService containers) {
        this.containers = containers;
    }

    @Override
    public VerbSpec spec() {
        return SPEC;
    }

    @Override
    public Result run(Invocation invocation) {
        return ContainerBatch.each(invocation, containers, name -> containers.pause(invocation.namespace(), name));
    }
}
