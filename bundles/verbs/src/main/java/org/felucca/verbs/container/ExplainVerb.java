package org.felucca.verbs.container;

import java.util.List;
import org.felucca.api.command.Column;
import org.felucca.api.command.Column.Format;
import org.felucca.api.command.Invocation;
import org.felucca.api.command.OperandSpec;
import org.felucca.api.command.OperandSpec.Completion;
import org.felucca.api.command.OptionSpec;
import org.felucca.api.command.Result;
import org.felucca.api.command.Verb;
import org.felucca.api.command.VerbSpec;
import org.felucca.api.container.Composition;
import org.felucca.api.container.ContainerService;
import org.felucca.api.plugin.PluginId;
import org.felucca.verbs.request.RequestOptions;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code explain}: who would serve a container, and why. */
@Component(service = Verb.class)
@PluginId("explain")
public final class ExplainVerb implements Verb {
    private static final VerbSpec SPEC = makeSpec();

    private static final List<Column> COLUMNS = List.of(
            Column.text("ROLE", "role"),
            Column.text("PICKED", "id"),
            Column.text("BECAUSE", "reason"),
            Column.of("NOT PICKED", "others", Format.LIST));

    private final ContainerService containers;

    /** Makes the verb. */
    @Activate
    public ExplainVerb(@Reference ContainerService containers) {
        this.containers = containers;
    }

    private static VerbSpec makeSpec() {
        VerbSpec.Builder spec = VerbSpec.of("explain", "show who would serve a container, and why, without making it")
                .description("Takes the command line of 'run' and composes it. With --container it shows who serves a "
                        + "container that exists.")
                .option(OptionSpec.flag("container", "the operand names a container"));
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
        Composition composition = invocation.flag("container")
                ? containers
                        .get(invocation.namespace(), invocation.operands().get(0))
                        .composition()
                : containers.compose(RequestOptions.request(invocation));
        return new Result.Table(COLUMNS, ContainerDocuments.choices(composition));
    }
}
