package org.felucca.verbs.image;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
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
import org.felucca.api.image.ExportRequest.Form;
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
    private static final VerbSpec SPEC = VerbSpec.of("save", "write images into an archive")
            .alias("image save")
            .description("What it writes (--as):\n"
                    + "  archive         an OCI layout in a tar that is a docker-archive, too, as docker save writes it\n"
                    + "                  since Docker 25\n"
                    + "  oci-archive     an OCI layout in a tar\n"
                    + "  oci             an OCI layout in a directory, which the daemon makes\n"
                    + "  docker-archive  what docker save wrote before: layers not compressed, one platform\n\n"
                    + "The same images give the same bytes. An image of which only one platform is here is written as\n"
                    + "that platform's alone.")
            .option(OptionSpec.value("output", Kind.FILE, "PATH", "where to write; standard output if left out")
                    .shortName('o'))
            .option(OptionSpec.value("as", Kind.STRING, "FORM", "what to write")
                    .choices("archive", "oci-archive", "oci", "docker-archive")
                    .defaultValue("archive"))
            .option(OptionSpec.value("platform", Kind.STRING, "OS/ARCH", "write this platform alone"))
            .option(OptionSpec.flag("all-platforms", "write every platform, or fail"))
            .operand(OperandSpec.oneOrMore("IMAGE", Completion.IMAGE, "name, or beginning of an id"))
            .example("felucca save -o app.tar app:1 app:2")
            .example("felucca save --as oci -o app-layout app:1")
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
        String form = invocation.text("as").orElseThrow();
        if (form.equals("oci")) {
            images.export(request.form(Form.LAYOUT), directory(invocation));
        } else {
            archive(request.form(archiveForm(form)), invocation);
        }
        return new Result.Done();
    }

    private static Form archiveForm(String form) {
        return switch (form) {
            case "oci-archive" -> Form.LAYOUT;
            case "docker-archive" -> Form.DOCKER;
            default -> Form.LAYOUT_AND_DOCKER;
        };
    }

    private static Path directory(Invocation invocation) {
        String path = invocation
                .text("output")
                .filter(output -> !output.equals("-"))
                .orElseThrow(() -> Invalid.option("as", "oci", "no directory was given", "say where: -o PATH"));
        return invocation.workingDirectory().resolve(path).normalize();
    }

    private void archive(ExportRequest request, Invocation invocation) {
        String output = invocation.text("output").orElse("-");
        if (output.equals("-") && invocation.terminal().isPresent()) {
            throw new FeluccaException(
                    ErrorCode.INVALID_ARGUMENT,
                    "cannot save " + String.join(" ", invocation.operands()),
                    "standard output is a terminal",
                    "name a file (-o FILE), or write to a pipe");
        }
        if (output.equals("-")) {
            images.export(request, invocation.stdout());
            return;
        }
        try (OutputStream file = invocation.newFile(output)) {
            images.export(request, file);
            file.flush();
        } catch (IOException e) {
            throw new FeluccaException(
                    ErrorCode.UNAVAILABLE, "cannot write " + output, String.valueOf(e.getMessage()), null, e);
        }
    }
}
