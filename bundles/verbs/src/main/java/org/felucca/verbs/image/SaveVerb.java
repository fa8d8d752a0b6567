package org.felucca.verbs.image;

import java.util.ArrayList;
import java.util.List;
import org.felucca.api.command.Invocation;
import org.felucca.api.command.OperandSpec;
import org.felucca.api.command.OperandSpec.Completion;
import org.felucca.api.command.OptionSpec;
import org.felucca.api.command.OptionSpec.Kind;
import org.felucca.api.command.Result;
import org.felucca.api.command.Verb;
import org.felucca.api.command.VerbSpec;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.image.ExportRequest;
import org.felucca.api.image.Image;
import org.felucca.api.image.ImageService;
import org.felucca.api.plugin.PluginId;
import org.felucca.verbs.request.Invalid;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code save}: writes images into an archive. */
@Component(service = Verb.class)
@PluginId("save")
public final class SaveVerb implements Verb {
    private static final VerbSpec SPEC = VerbSpec.of("save", "write images into an archive on standard output")
            .description(
                    "The archive is an OCI layout in a tar, and docker load reads it too. The same images give the "
                            + "same bytes.\nAn image of which only one platform is here is written as that platform's alone.")
            .option(OptionSpec.value("platform", Kind.STRING, "OS/ARCH", "write this platform alone"))
            .option(OptionSpec.flag("all-platforms", "write every platform, or fail"))
            .operand(OperandSpec.oneOrMore("IMAGE", Completion.IMAGE, "name, or beginning of an id"))
            .example("felucca save app:1 > app.tar")
            .example("felucca save app:1 | ssh host felucca import -")
            .build();

    private final ImageService images;

    /** Makes the verb. */
    @Activate
    public SaveVerb(@Reference ImageService images) {
        this.images = images;
    }

    @Override
    public VerbSpec spec() {
        return SPEC;
    }

    @Override
    public Result run(Invocation invocation) {
        if (invocation.terminal().isPresent()) {
            throw new FeluccaException(
                    ErrorCode.INVALID_ARGUMENT,
                    "cannot save " + String.join(" ", invocation.operands()),
                    "standard output is a terminal",
                    "write to a file (> FILE) or a pipe");
        }
        List<Image> chosen = new ArrayList<>();
        for (String name : invocation.operands()) {
            chosen.add(images.find(invocation.namespace(), name).orElseThrow(() -> TagVerb.missing("save", name)));
        }
        ExportRequest request = ExportRequest.of(chosen);
        var platform = invocation.text("platform").map(Invalid::platform);
        if (platform.isPresent() && invocation.flag("all-platforms")) {
            throw Invalid.option("all-platforms", "true", "it contradicts --platform", "give one of the two");
        }
        if (platform.isPresent()) {
            request = request.platform(platform.get());
        } else if (invocation.flag("all-platforms")) {
            request = request.everyPlatform();
        }
        images.export(request, invocation.stdout());
        return new Result.Done();
    }
}
