package org.felucca.verbs.container;

import java.util.List;
import org.felucca.api.command.Invocation;
import org.felucca.api.command.OperandSpec;
import org.felucca.api.command.OperandSpec.Completion;
import org.felucca.api.command.OptionSpec;
import org.felucca.api.command.Result;
import org.felucca.api.command.Verb;
import org.felucca.api.command.VerbSpec;
import org.felucca.api.container.ContainerRequest;
import org.felucca.api.container.ContainerService;
import org.felucca.api.container.ContainerService.Started;
import org.felucca.api.container.ContainerService.Streams;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.plugin.PluginId;
import org.felucca.verbs.batch.Batch;
import org.felucca.verbs.batch.Batch.Outcome;
import org.felucca.verbs.batch.Waiting;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code start}: starts containers that are created or have ended. */
@Component(service = Verb.class)
@PluginId("start")
public final class StartVerb implements Verb {
    private static final VerbSpec SPEC = makeSpec();

    private final ContainerService containers;

    /** Makes the verb. */
    @Activate
    public StartVerb(@Reference ContainerService containers) {
        this.containers = containers;
    }

    private static VerbSpec makeSpec() {
        VerbSpec.Builder spec = VerbSpec.of("start", "start containers that are created or have ended")
                .option(OptionSpec.flag("attach", "attach to its output, and pass signals on")
                        .shortName('a'))
                .option(OptionSpec.flag("interactive", "attach standard input, too")
                        .shortName('i'));
        Attachment.declare(spec);
        return spec.operand(OperandSpec.oneOrMore("CONTAINER", Completion.CONTAINER, "name, or beginning of an id"))
                .attaches()
                .build();
    }

    @Override
    public VerbSpec spec() {
        return SPEC;
    }

    @Override
    public Result run(Invocation invocation) {
        List<String> names = invocation.operands();
        boolean input = invocation.flag("interactive");
        if (!invocation.flag("attach") && !input) {
            return Batch.each(
                    names,
                    name -> Outcome.of(
                            name,
                            ContainerDocuments.made(containers
                                    .start(invocation.namespace(), name, Streams.DETACHED)
                                    .container())));
        }
        if (names.size() > 1) {
            throw new FeluccaException(
                    ErrorCode.INVALID_ARGUMENT,
                    "cannot attach to " + names.size() + " containers",
                    "there is one caller",
                    "start them without --attach, or one by one");
        }
        ContainerRequest request =
                containers.get(invocation.namespace(), names.get(0)).request();
        Streams streams = Attachment.streams(
                invocation, request.terminal(), input && request.openStdin(), invocation.flag("sig-proxy"));
        Started started = containers.start(invocation.namespace(), names.get(0), streams);
        invocation.handedOver();
        return new Result.Exit(Waiting.forStage("cannot wait for container " + names.get(0), started.ended())
                .status());
    }
}
