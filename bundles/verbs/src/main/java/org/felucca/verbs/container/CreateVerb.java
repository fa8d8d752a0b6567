package org.felucca.verbs.container;

import org.felucca.api.command.Invocation;
import org.felucca.api.command.OperandSpec;
import org.felucca.api.command.OperandSpec.Completion;
import org.felucca.api.command.Result;
import org.felucca.api.command.Verb;
import org.felucca.api.command.VerbSpec;
import org.felucca.api.container.Container;
import org.felucca.api.container.ContainerService;
import org.felucca.api.image.Progress;
import org.felucca.api.plugin.PluginId;
import org.felucca.verbs.request.RequestOptions;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code create}: a new container that is not started. */
@Component(service = Verb.class)
@PluginId("create")
public final class CreateVerb implements Verb {
    private static final VerbSpec SPEC = makeSpec();

    private final ContainerService containers;

    /** Makes the verb. */
    @Activate
    public CreateVerb(@Reference ContainerService containers) {
        this.containers = containers;
    }

    private static VerbSpec makeSpec() {
        VerbSpec.Builder spec = VerbSpec.of("create", "make a container from an image without starting it");
        RequestOptions.declare(spec);
        return spec.operand(OperandSpec.required("IMAGE", Completion.IMAGE, "name, or beginning of an id"))
                .operand(OperandSpec.anyNumber("COMMAND", Completion.NONE, "replaces the image's command"))
                .passThrough()
                .build();
    }

    @Override
    public VerbSpec spec() {
        return SPEC;
    }

    @Override
    public Result run(Invocation invocation) {
        Progress progress = invocation.flag("quiet") ? Progress.NONE : invocation.progress();
        Container made = containers.create(RequestOptions.request(invocation), progress);
        return Result.Lines.of(made.id(), ContainerDocuments.made(made));
    }
}
