package org.felucca.verbs.container;

import java.util.Optional;
import org.felucca.api.command.Invocation;
import org.felucca.api.command.OperandSpec;
import org.felucca.api.command.OperandSpec.Completion;
import org.felucca.api.command.Result;
import org.felucca.api.command.Verb;
import org.felucca.api.command.VerbSpec;
import org.felucca.api.container.Container;
import org.felucca.api.container.ContainerService;
import org.felucca.api.plugin.PluginId;
import org.felucca.api.runtime.TaskExit;
import org.felucca.verbs.batch.Batch;
import org.felucca.verbs.batch.Batch.Outcome;
import org.felucca.verbs.batch.Waiting;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code wait}: waits for containers to end. */
@Component(service = Verb.class)
@PluginId("wait")
public final class WaitVerb implements Verb {
    private static final VerbSpec SPEC = VerbSpec.of("wait", "wait for containers to end and print their exit statuses")
            .operand(OperandSpec.oneOrMore("CONTAINER", Completion.CONTAINER, "name, or beginning of an id"))
            .build();

    private final ContainerService containers;

    /** Makes the verb. */
    @Activate
    public WaitVerb(@Reference ContainerService containers) {
        this.containers = containers;
    }

    @Override
    public VerbSpec spec() {
        return SPEC;
    }

    @Override
    public Result run(Invocation invocation) {
        return Batch.each(invocation.operands(), name -> {
            Optional<Container> found = ContainerBatch.find(invocation, containers, name);
            TaskExit exit = Waiting.forStage(
                    "cannot wait for container " + name, containers.ended(invocation.namespace(), name));
            int status = exit.status().shellStatus();
            return Outcome.of(
                    Integer.toString(status),
                    ContainerBatch.document(found, name)
                            .put("exitCode", status)
                            .put("exit", ContainerDocuments.exit(exit))
                            .build());
        });
    }
}
