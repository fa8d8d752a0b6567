package org.felucca.verbs.image;

import org.felucca.api.command.Invocation;
import org.felucca.api.command.OperandSpec;
import org.felucca.api.command.OperandSpec.Completion;
import org.felucca.api.command.OptionSpec;
import org.felucca.api.command.OptionSpec.Kind;
import org.felucca.api.command.Result;
import org.felucca.api.command.Verb;
import org.felucca.api.command.VerbSpec;
import org.felucca.api.image.CopyRequest;
import org.felucca.api.image.ImageService;
import org.felucca.api.image.Progress;
import org.felucca.api.plugin.PluginId;
import org.felucca.oci.image.Descriptor;
import org.felucca.oci.json.JsonObject;
import org.felucca.verbs.request.Invalid;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code copy}: copies an image from one registry to another. */
@Component(service = Verb.class)
@PluginId("copy")
public final class CopyVerb implements Verb {
    private static final VerbSpec SPEC = VerbSpec.of("copy", "copy an image from registry to registry")
            .alias("image copy")
            .description("All platforms of it, without leaving anything here. What the target has is not sent; within "
                    + "one registry\nnothing is. Prints the digest that the new name then points to.")
            .option(OptionSpec.flag("quiet", "show no progress").shortName('q'))
            .option(OptionSpec.value("platform", Kind.STRING, "OS/ARCH", "copy this platform alone"))
            .operand(OperandSpec.required("SOURCE", Completion.NONE, "name in a registry, with tag or digest"))
            .operand(OperandSpec.required("TARGET", Completion.NONE, "name it gets"))
            .example("felucca copy docker.io/library/alpine:3 registry.example/mirror/alpine:3")
            .build();

    private final ImageService images;

    /** Makes the verb. */
    @Activate
    public CopyVerb(@Reference ImageService images) {
        this.images = images;
    }

    @Override
    public VerbSpec spec() {
        return SPEC;
    }

    @Override
    public Result run(Invocation invocation) {
        CopyRequest plain = CopyRequest.of(
                Invalid.reference(invocation.operands().get(0)),
                Invalid.reference(invocation.operands().get(1)));
        CopyRequest request = invocation
                .text("platform")
                .map(Invalid::platform)
                .map(plain::platform)
                .orElse(plain);
        Descriptor copied = images.copy(request, invocation.flag("quiet") ? Progress.NONE : invocation.progress());
        JsonObject document = JsonObject.builder()
                .put("name", request.target().toString())
                .put("digest", copied.digest().toString())
                .build();
        return Result.Lines.of(request.target().name() + "@" + copied.digest(), document);
    }
}
