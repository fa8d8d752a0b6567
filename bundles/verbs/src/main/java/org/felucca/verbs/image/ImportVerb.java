package org.felucca.verbs.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
import org.felucca.api.image.ImportRequest;
import org.felucca.api.image.Progress;
import org.felucca.api.plugin.PluginId;
import org.felucca.verbs.request.Invalid;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code import}: brings images in from a layout or an archive. */
@Component(service = Verb.class)
@PluginId("import")
public final class ImportVerb implements Verb {
    private static final VerbSpec SPEC = VerbSpec.of("import", "bring images in from an archive or an OCI layout")
            .alias("load")
            .description(
                    "Takes an OCI layout (a directory), an oci-archive or a docker-archive, plain or compressed by "
                            + "gzip or zstd.\nAn archive is opened by the client; a directory is read by the daemon.")
            .option(OptionSpec.flag("quiet", "show no progress").shortName('q'))
            .option(OptionSpec.value("platform", Kind.STRING, "OS/ARCH", "platform to import, if not this host's"))
            .option(OptionSpec.value("snapshotter", Kind.STRING, "ID", "snapshotter to unpack into"))
            .operand(OperandSpec.required("PATH", Completion.PATH, "directory or archive; - for standard input"))
            .operand(OperandSpec.optional("NAME", Completion.NONE, "name of the image, instead of the one inside"))
            .example("felucca import image.tar")
            .example("docker save app | felucca import -")
            .build();

    private final ImageService images;

    /** Makes the verb. */
    @Activate
    public ImportVerb(@Reference ImageService images) {
        this.images = images;
    }

    @Override
    public VerbSpec spec() {
        return SPEC;
    }

    @Override
    public Result run(Invocation invocation) {
        String source = invocation.operands().get(0);
        Path path = invocation.workingDirectory().resolve(source).normalize();
        if (!source.equals("-") && Files.isDirectory(path)) {
            return load(invocation, ImportRequest.layout(invocation.namespace(), path));
        }
        try (InputStream archive = invocation.file(source)) {
            String shown = source.equals("-") ? "standard input" : source;
            return load(invocation, ImportRequest.archive(invocation.namespace(), archive, shown));
        } catch (IOException e) {
            throw Invalid.unreadable(source, e);
        }
    }

    private Result load(Invocation invocation, ImportRequest plain) {
        ImportRequest request = plain;
        var platform = invocation.text("platform").map(Invalid::platform);
        if (platform.isPresent()) {
            request = request.platform(platform.get());
        }
        var snapshotter = invocation.text("snapshotter");
        if (snapshotter.isPresent()) {
            request = request.snapshotter(snapshotter.get());
        }
        if (invocation.operands().size() > 1) {
            request = request.name(Invalid.reference(invocation.operands().get(1)));
        }
        Progress progress = invocation.flag("quiet") ? Progress.NONE : invocation.progress();
        List<ImageDetail> loaded = images.load(request, progress);
        return new Result.Lines(
                loaded.stream().map(image -> image.image().name().toString()).toList(),
                loaded.stream().map(ImageDocuments::brought).toList());
    }
}
