package org.felucca.verbs.image;

import org.felucca.api.command.Invocation;
import org.felucca.api.command.OperandSpec;
import org.felucca.api.command.OperandSpec.Completion;
import org.felucca.api.command.OptionSpec;
import org.felucca.api.command.OptionSpec.Kind;
import org.felucca.api.command.Result;
import org.felucca.api.command.Verb;
import org.felucca.api.command.VerbSpec;
import org.felucca.api.image.ImageDetail;
import org.felucca.api.image.ImageService;
import org.felucca.api.image.Progress;
import org.felucca.api.image.PullRequest;
import org.felucca.api.plugin.PluginId;
import org.felucca.verbs.request.Invalid;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code pull}: fetches an image from a registry. */
@Component(service = Verb.class)
@PluginId("pull")
public final class PullVerb implements Verb {
    private static final VerbSpec SPEC = VerbSpec.of("pull", "fetch an image from a registry")
            .alias("image pull")
            .option(OptionSpec.flag("quiet", "show no progress").shortName('q'))
            .option(OptionSpec.value("platform", Kind.STRING, "OS/ARCH", "platform to fetch, if not this host's"))
            .option(OptionSpec.flag("all-platforms", "fetch the content of every platform; one of them is unpacked"))
            .option(OptionSpec.value("snapshotter", Kind.STRING, "ID", "snapshotter to unpack into"))
            .operand(OperandSpec.required("IMAGE", Completion.NONE, "name, with tag or digest"))
            .example("felucca pull --platform linux/arm/v7 registry.example/team/app:1")
            .example("felucca pull registry.example/team/app@sha256:DIGEST")
            .build();

    private final ImageService images;

    /** Makes the verb. */
    @Activate
    public PullVerb(@Reference ImageService images) {
        this.images = images;
    }

    @Override
    public VerbSpec spec() {
        return SPEC;
    }

    @Override
    public Result run(Invocation invocation) {
        PullRequest request = PullRequest.of(
                invocation.namespace(), Invalid.reference(invocation.operands().get(0)));
        request = request.orArtifact();
        var platform = invocation.text("platform").map(Invalid::platform);
        if (platform.isPresent()) {
            request = request.platform(platform.get());
        }
        if (invocation.flag("all-platforms")) {
            request = request.everyPlatform();
        }
        var snapshotter = invocation.text("snapshotter");
        if (snapshotter.isPresent()) {
            request = request.snapshotter(snapshotter.get());
        }
        ImageDetail pulled = images.pull(request, invocation.flag("quiet") ? Progress.NONE : invocation.progress());
        return Result.Lines.of(pulled.image().name().toString(), ImageDocuments.brought(pulled));
    }
}
