package org.felucca.verbs.container;

import java.util.Optional;
import org.felucca.api.command.Invocation;
import org.felucca.api.command.OperandSpec;
import org.felucca.api.command.OperandSpec.Completion;
import org.felucca.api.command.OptionSpec;
import org.felucca.api.command.Result;
import org.felucca.api.command.Verb;
import org.felucca.api.command.VerbSpec;
import org.felucca.api.container.Container;
import org.felucca.api.container.ContainerService;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.plugin.PluginId;
import org.felucca.verbs.batch.Batch;
import org.felucca.verbs.batch.Batch.Outcome;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code rm}: removes containers with everything that belongs to them. */
@Component(service = Verb.class)
@PluginId("rm")
public final class RemoveVerb implements Verb {
    private static final VerbSpec SPEC = VerbSpec.of("rm", "remove containers")
            .option(OptionSpec.flag("force", "kill it first if it runs; a missing one is no error")
                    .shortName('f'))
            .operand(OperandSpec.oneOrMore("CONTAINER", Completion.CONTAINER, "name, or beginning of an id"))
            .build();

    private final ContainerService containers;

    /** Makes the verb. */
    @Activate
    public RemoveVerb(@Reference ContainerService containers) {
        this.containers = containers;
    }

    @Override
    public VerbSpec spec() {
        return SPEC;
    }

    @Override
    public Result run(Invocation invocation) {
        boolean force = invocation.flag("force");
        return Batch.each(invocation.operands(), name -> {
            Optional<Container> found = ContainerBatch.find(invocation, containers, name);
            try {
                containers.remove(invocation.namespace(), name, force);
                return Outcome.of(name, ContainerBatch.document(found, name).build());
            } catch (FeluccaException e) {
                if (force && e.code() == ErrorCode.NOT_FOUND) {
                    return Outcome.NONE;
                }
                throw e;
            }
        });
    }
}
