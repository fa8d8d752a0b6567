package org.felucca.verbs.container;

import java.io.IOException;
import java.io.OutputStream;
import org.felucca.api.command.Invocation;
import org.felucca.api.command.OperandSpec;
import org.felucca.api.command.OperandSpec.Completion;
import org.felucca.api.command.OptionSpec;
import org.felucca.api.command.OptionSpec.Kind;
import org.felucca.api.command.Result;
import org.felucca.api.command.Verb;
import org.felucca.api.command.VerbSpec;
import org.felucca.api.container.ContainerService;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.plugin.PluginId;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code export}: writes a container's file system into an archive. */
@Component(service = Verb.class)
@PluginId("export")
public final class ExportVerb implements Verb {
    private static final VerbSpec SPEC = VerbSpec.of("export", "write a container's file system into an archive")
            .description("A tar of all files, without what is mounted into the container. An image is written by save.")
            .option(OptionSpec.value("output", Kind.FILE, "FILE", "where to write; standard output if left out")
                    .shortName('o'))
            .operand(OperandSpec.required("CONTAINER", Completion.CONTAINER, "name, or beginning of an id"))
            .example("felucca export -o web.tar web")
            .build();

    private final ContainerService containers;

    /** Makes the verb. */
    @Activate
    public ExportVerb(@Reference ContainerService containers) {
        this.containers = containers;
    }

    @Override
    public VerbSpec spec() {
        return SPEC;
    }

    @Override
    public Result run(Invocation invocation) {
        String container = invocation.operands().get(0);
        String output = invocation.text("output").orElse("-");
        if (output.equals("-") && invocation.terminal().isPresent()) {
            throw new FeluccaException(
                    ErrorCode.INVALID_ARGUMENT,
                    "cannot export container " + container,
                    "standard output is a terminal",
                    "name a file (-o FILE), or write to a pipe");
        }
        // Whether there is such a container comes first: a file that was made is in nobody's interest otherwise.
        containers.get(invocation.namespace(), container);
        if (output.equals("-")) {
            containers.export(invocation.namespace(), container, invocation.stdout());
            return new Result.Done();
        }
        try (OutputStream file = invocation.newFile(output)) {
            containers.export(invocation.namespace(), container, file);
            file.flush();
        } catch (IOException e) {
            throw new FeluccaException(
                    ErrorCode.UNAVAILABLE, "cannot write " + output, String.valueOf(e.getMessage()), null, e);
        }
        return new Result.Done();
    }
}
