package org.felucca.verbs.container;

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
import org.felucca.api.image.Progress;
import org.felucca.api.plugin.PluginId;
import org.felucca.verbs.batch.Waiting;
import org.felucca.verbs.request.RequestOptions;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code run}: a new container, started, and attached to unless told otherwise. */
@Component(service = Verb.class)
@PluginId("run")
public final class RunVerb implements Verb {
    private static final VerbSpec SPEC = makeSpec();

    private final ContainerService containers;

    /** Makes the verb. */
    @Activate
    public RunVerb(@Reference ContainerService containers) {
        this.containers = containers;
    }

    private static VerbSpec makeSpec() {
        VerbSpec.Builder spec = VerbSpec.of("run", "make a container from an image and start it")
                .option(OptionSpec.flag("detach", "print the id and leave it running")
                        .shortName('d'));
        RequestOptions.declare(spec);
        Attachment.declare(spec);
        return spec.operand(OperandSpec.required("IMAGE", Completion.IMAGE, "name, or beginning of an id"))
                .operand(OperandSpec.anyNumber("COMMAND", Completion.NONE, "replaces the image's command"))
                .passThrough()
                .attaches()
                .example("felucca run --rm -it alpine sh")
                .example("felucca run -d --name web --memory 256m nginx")
                .build();
    }

    @Override
    public VerbSpec spec() {
        return SPEC;
    }

    @Override
    public Result run(Invocation invocation) {
        ContainerRequest request = RequestOptions.request(invocation);
        Progress progress = invocation.flag("quiet") ? Progress.NONE : invocation.progress();
        if (invocation.flag("detach")) {
            Started started = containers.run(request, Streams.DETACHED, progress);
            return Result.Lines.of(started.container().id(), ContainerDocuments.made(started.container()));
        }
        Streams streams =
                Attachment.streams(invocation, request.terminal(), request.openStdin(), invocation.flag("sig-proxy"));
        Started started = containers.run(request, streams, progress);
        invocation.handedOver();
        return new Result.Exit(Waiting.forStage(
                        "cannot wait for container " + started.container().name(), started.ended())
                .status());
    }
}
