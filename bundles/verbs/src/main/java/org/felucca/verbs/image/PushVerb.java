package org.felucca.verbs.image;

import org.felucca.api.command.Invocation;
import org.felucca.api.command.OperandSpec;
import org.felucca.api.command.OperandSpec.Completion;
import org.felucca.api.command.OptionSpec;
import org.felucca.api.command.OptionSpec.Kind;
import org.felucca.api.command.Result;
import org.felucca.api.command.Verb;
import org.felucca.api.command.VerbSpec;
import org.felucca.api.image.Image;
import org.felucca.api.image.ImageService;
import org.felucca.api.image.Progress;
import org.felucca.api.image.PushRequest;
import org.felucca.api.plugin.PluginId;
import org.felucca.oci.image.Descriptor;
import org.felucca.oci.json.JsonObject;
import org.felucca.verbs.request.Invalid;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code push}: puts an image into a registry. */
@Component(service = Verb.class)
@PluginId("push")
public final class PushVerb implements Verb {
    private static final VerbSpec SPEC = VerbSpec.of("push", "put an image into a registry")
            .description("Sends what the registry lacks, and prints the digest that the name then points to.\n"
                    + "An image of which only one platform is here is pushed as that platform's alone.")
            .option(OptionSpec.flag("quiet", "show no progress").shortName('q'))
            .option(OptionSpec.value("platform", Kind.STRING, "OS/ARCH", "push this platform alone"))
            .option(OptionSpec.flag("all-platforms", "push every platform, or fail"))
            .operand(OperandSpec.required("IMAGE", Completion.IMAGE, "name, or beginning of an id"))
            .operand(OperandSpec.optional("NAME", Completion.NONE, "name in the registry, if it is not the image's"))
            .example("felucca push registry.example/team/app:1")
            .example("felucca push app registry.example/team/app:1")
            .build();

    private final ImageService images;

    /** Makes the verb. */
    @Activate
    public PushVerb(@Reference ImageService images) {
        this.images = images;
    }

    @Override
    public VerbSpec spec() {
        return SPEC;
    }

    @Override
    public Result run(Invocation invocation) {
        String source = invocation.operands().get(0);
        Image image = images.find(invocation.namespace(), source).orElseThrow(() -> TagVerb.missing("push", source));
        PushRequest request = PushRequest.of(image);
        if (invocation.operands().size() > 1) {
            request = request.target(Invalid.reference(invocation.operands().get(1)));
        }
        var platform = invocation.text("platform").map(Invalid::platform);
        if (platform.isPresent() && invocation.flag("all-platforms")) {
            throw Invalid.option("all-platforms", "true", "it contradicts --platform", "give one of the two");
        }
        if (platform.isPresent()) {
            request = request.platform(platform.get());
        } else if (invocation.flag("all-platforms")) {
            request = request.everyPlatform();
        }
        Descriptor pushed = images.push(request, invocation.flag("quiet") ? Progress.NONE : invocation.progress());
        String shown = request.target().name() + "@" + pushed.digest();
        JsonObject document = JsonObject.builder()
                .put("name", request.target().toString())
                .put("digest", pushed.digest().toString())
                .build();
        return Result.Lines.of(shown, document);
    }
}
