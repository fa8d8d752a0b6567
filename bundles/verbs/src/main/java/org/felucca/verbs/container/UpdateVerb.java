package org.felucca.verbs.container;

import org.felucca.api.command.Invocation;
import org.felucca.api.command.OperandSpec;
import org.felucca.api.command.OperandSpec.Completion;
import org.felucca.api.command.Result;
import org.felucca.api.command.Verb;
import org.felucca.api.command.VerbSpec;
import org.felucca.api.container.ContainerService;
import org.felucca.api.plugin.PluginId;
import org.felucca.api.runtime.ResourceLimits;
import org.felucca.verbs.request.ResourceOptions;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code update}: changes the limits of containers that exist. */
@Component(service = Verb.class)
@PluginId("update")
public final class UpdateVerb implements Verb {
    private static final VerbSpec SPEC = makeSpec();

    private final ContainerService containers;

    /** Makes the verb. */
    @Activate
    public UpdateVerb(@Reference ContainerService containers) {
        this.containers = containers;
    }

    private static VerbSpec makeSpec() {
        VerbSpec.Builder spec = VerbSpec.of("update", "change limits of containers");
        ResourceOptions.declare(spec);
        return spec.operand(OperandSpec.oneOrMore("CONTAINER", Completion.CONTAINER, "name, or beginning of an id"))
                .build();
    }

    @Override
    public VerbSpec spec() {
        return SPEC;
    }

    @Override
    public Result run(Invocation invocation) {
        ResourceLimits limits = ResourceOptions.limits(invocation);
        return ContainerBatch.each(
                invocation, containers, name -> containers.update(invocation.namespace(), name, limits));
    }
}
