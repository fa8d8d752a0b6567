package org.felucca.verbs.container;

import java.util.List;
import org.felucca.api.command.Invocation;
import org.felucca.api.command.OperandSpec;
import org.felucca.api.command.OperandSpec.Completion;
import org.felucca.api.command.Result;
import org.felucca.api.command.Verb;
import org.felucca.api.command.VerbSpec;
import org.felucca.api.container.Container;
import org.felucca.api.container.ContainerService;
import org.felucca.api.plugin.PluginId;
import org.felucca.oci.json.JsonObject;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code rename}: gives a container another name. */
@Component(service = Verb.class)
@PluginId("rename")
public final class RenameVerb implements Verb {
    private static final VerbSpec SPEC = VerbSpec.of("rename", "give a container another name")
            .operand(OperandSpec.required("CONTAINER", Completion.CONTAINER, "name, or beginning of an id"))
            .operand(OperandSpec.required("NAME", Completion.NONE, "the new name"))
            .build();

    private final ContainerService containers;

    /** Makes the verb. */
    @Activate
    public RenameVerb(@Reference ContainerService containers) {
        this.containers = containers;
    }

    @Override
    public VerbSpec spec() {
        return SPEC;
    }

    @Override
    public Result run(Invocation invocation) {
        String name = invocation.operands().get(1);
        Container former =
                containers.get(invocation.namespace(), invocation.operands().get(0));
        containers.rename(invocation.namespace(), former.id(), name);
        JsonObject document = JsonObject.builder()
                .put("id", former.id())
                .put("name", name)
                .put("formerName", former.name())
                .build();
        return new Result.Lines(List.of(), List.of(document));
    }
}
