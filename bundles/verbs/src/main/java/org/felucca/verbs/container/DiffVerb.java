package org.felucca.verbs.container;

import java.util.List;
import org.felucca.api.command.Invocation;
import org.felucca.api.command.OperandSpec;
import org.felucca.api.command.OperandSpec.Completion;
import org.felucca.api.command.Result;
import org.felucca.api.command.Verb;
import org.felucca.api.command.VerbSpec;
import org.felucca.api.container.ContainerService;
import org.felucca.api.diff.PathChange;
import org.felucca.api.plugin.PluginId;
import org.felucca.oci.json.JsonObject;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code diff}: shows what a container changed in its file system. */
@Component(service = Verb.class)
@PluginId("diff")
public final class DiffVerb implements Verb {
    private static final VerbSpec SPEC = VerbSpec.of("diff", "show what a container changed in its file system")
            .description("One line for each file: A added, C changed, D deleted. A directory counts as changed when "
                    + "something in it did.")
            .operand(OperandSpec.required("CONTAINER", Completion.CONTAINER, "name, or beginning of an id"))
            .build();

    private final ContainerService containers;

    /** Makes the verb. */
    @Activate
    public DiffVerb(@Reference ContainerService containers) {
        this.containers = containers;
    }

    @Override
    public VerbSpec spec() {
        return SPEC;
    }

    @Override
    public Result run(Invocation invocation) {
        List<PathChange> changes =
                containers.changes(invocation.namespace(), invocation.operands().get(0));
        return new Result.Lines(
                changes.stream()
                        .map(change -> change.kind().letter() + " " + change.path())
                        .toList(),
                changes.stream().map(DiffVerb::document).toList());
    }

    private static JsonObject document(PathChange change) {
        return JsonObject.builder()
                .put("kind", String.valueOf(change.kind().letter()))
                .put("path", change.path())
                .build();
    }
}
