package org.felucca.verbs.container;

import org.felucca.api.command.Invocation;
import org.felucca.api.command.OperandSpec;
import org.felucca.api.command.OperandSpec.Completion;
import org.felucca.api.command.OptionSpec;
import org.felucca.api.command.OptionSpec.Kind;
import org.felucca.api.command.Result;
import org.felucca.api.command.Verb;
import org.felucca.api.command.VerbSpec;
import org.felucca.api.container.ContainerCommit;
import org.felucca.api.container.ContainerService;
import org.felucca.api.image.ImageDetail;
import org.felucca.api.image.Progress;
import org.felucca.api.plugin.PluginId;
import org.felucca.oci.reference.ImageReference;
import org.felucca.verbs.image.ImageDocuments;
import org.felucca.verbs.request.DefaultsText;
import org.felucca.verbs.request.Invalid;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code commit}: makes an image of a container. */
@Component(service = Verb.class)
@PluginId("commit")
public final class CommitVerb implements Verb {
    private static final VerbSpec SPEC = VerbSpec.of("commit", "make an image of a container")
            .description("The image of the container, what it changed as one more layer, and what it was started with."
                    + "\nFiles of volumes and other mounts are no part of it. Prints the image's id.\n"
                    + "Changes (-c) are written as in a Dockerfile: " + DefaultsText.INSTRUCTIONS + ".")
            .option(OptionSpec.value("author", Kind.STRING, "TEXT", "who makes it")
                    .shortName('a'))
            .option(OptionSpec.value("message", Kind.STRING, "TEXT", "why").shortName('m'))
            .option(OptionSpec.value("change", Kind.STRING, "INSTRUCTION", "change what its containers start with")
                    .shortName('c')
                    .repeating())
            .option(OptionSpec.flag("pause", "freeze the container while its files are read")
                    .shortName('p')
                    .defaultValue("true"))
            .operand(OperandSpec.required("CONTAINER", Completion.CONTAINER, "name, or beginning of an id"))
            .operand(OperandSpec.optional("NAME", Completion.NONE, "name of the image; it has none if left out"))
            .example("felucca commit -m 'with curl' -c 'CMD [\"curl\"]' web team/web:2")
            .build();

    private final ContainerService containers;

    /** Makes the verb. */
    @Activate
    public CommitVerb(@Reference ContainerService containers) {
        this.containers = containers;
    }

    @Override
    public VerbSpec spec() {
        return SPEC;
    }

    @Override
    public Result run(Invocation invocation) {
        ContainerCommit commit = ContainerCommit.UNNAMED
                .author(invocation.text("author").orElse(""))
                .comment(invocation.text("message").orElse(""))
                .pause(invocation.flag("pause"))
                .change(DefaultsText.changes(invocation.texts("change")));
        if (invocation.operands().size() > 1) {
            commit = commit.name(name(invocation.operands().get(1)));
        }
        ImageDetail made =
                containers.commit(invocation.namespace(), invocation.operands().get(0), commit, Progress.NONE);
        return Result.Lines.of(made.id().toString(), ImageDocuments.brought(made));
    }

    private static ImageReference name(String text) {
        ImageReference name = Invalid.reference(text);
        if (name.digest().isPresent()) {
            throw Invalid.operand("NAME", text, "a new image has a digest of its own", "leave the digest out");
        }
        return name;
    }
}
