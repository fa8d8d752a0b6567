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
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.image.ImageService;
import org.felucca.api.metadata.NamespaceName;
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
    private final ImageService images;

    /** Makes the verb. */
    @Activate
    public ExplainVerb(@Reference ContainerService containers, @Reference ImageService images) {
        this.containers = containers;
        this.images = images;
    }

    private static VerbSpec makeSpec() {
        VerbSpec.Builder spec = VerbSpec.of("explain", "show who would serve a container, and why, without making it")
                .description(
                        "Takes the command line of 'run' and composes it. A name that no image has, but a container, "
                                + "shows who serves that container; --container looks for a container only.")
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
        String name = invocation.operands().get(0);
        NamespaceName namespace = invocation.namespace();
        Composition composition;
        if (invocation.flag("container")) {
            composition = containers.get(namespace, name).composition();
        } else if (images.find(namespace, name).isPresent()) {
            composition = containers.compose(RequestOptions.request(invocation));
        } else {
            composition = ofContainer(namespace, name);
        }
        return new Result.Table(COLUMNS, ContainerDocuments.choices(composition));
    }

    private Composition ofContainer(NamespaceName namespace, String name) {
        try {
            return containers.get(namespace, name).composition();
        } catch (FeluccaException e) {
            if (e.code() != ErrorCode.NOT_FOUND) {
                throw e;
            }
            throw new FeluccaException(
                    ErrorCode.NOT_FOUND,
                    "cannot explain " + name,
                    "there is no such image or container",
                    "pull the image first, or see 'felucca images' and 'felucca ps -a'");
        }
    }
}
