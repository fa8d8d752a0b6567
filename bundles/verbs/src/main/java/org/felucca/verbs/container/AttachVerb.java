package org.felucca.verbs.container;

import java.util.concurrent.CompletionStage;
import org.felucca.api.command.Invocation;
import org.felucca.api.command.OperandSpec;
import org.felucca.api.command.OperandSpec.Completion;
import org.felucca.api.command.OptionSpec;
import org.felucca.api.command.Result;
import org.felucca.api.command.Verb;
import org.felucca.api.command.VerbSpec;
import org.felucca.api.container.Container;
import org.felucca.api.container.ContainerService;
import org.felucca.api.container.ContainerState;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.plugin.PluginId;
import org.felucca.api.process.Handle;
import org.felucca.api.runtime.TaskExit;
import org.felucca.verbs.batch.Waiting;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code attach}: connects the caller to a container that runs. */
@Component(service = Verb.class)
@PluginId("attach")
public final class AttachVerb implements Verb {
    private static final VerbSpec SPEC = makeSpec();

    private final ContainerService containers;

    /** Makes the verb. */
    @Activate
    public AttachVerb(@Reference ContainerService containers) {
        this.containers = containers;
    }

    private static VerbSpec makeSpec() {
        VerbSpec.Builder spec = VerbSpec.of("attach", "connect to a running container's streams")
                .option(OptionSpec.flag("no-stdin", "do not attach standard input"));
        Attachment.declare(spec);
        return spec.operand(OperandSpec.required("CONTAINER", Completion.CONTAINER, "name, or beginning of an id"))
                .attaches()
                .build();
    }

    @Override
    public VerbSpec spec() {
        return SPEC;
    }

    @Override
    public Result run(Invocation invocation) {
        String name = invocation.operands().get(0);
        Container container = containers.get(invocation.namespace(), name);
        if (container.state() != ContainerState.RUNNING) {
            throw new FeluccaException(
                    ErrorCode.FAILED_PRECONDITION,
                    "cannot attach to container " + name,
                    "it is " + container.state().label(),
                    container.state() == ContainerState.PAUSED ? "unpause it first" : "start it first");
        }
        boolean input = container.request().openStdin() && !invocation.flag("no-stdin");
        CompletionStage<TaskExit> ended = containers.ended(invocation.namespace(), container.id());
        Handle client =
                Attachment.open(invocation, container.request().terminal(), input, invocation.flag("sig-proxy"), true);
        containers.attach(invocation.namespace(), container.id(), client, input);
        invocation.handedOver();
        return new Result.Exit(
                Waiting.forStage("cannot wait for container " + name, ended).status());
    }
}
