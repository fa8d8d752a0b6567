package org.felucca.verbs.container;

import org.felucca.api.command.Invocation;
import org.felucca.api.command.OperandSpec;
import org.felucca.api.command.OperandSpec.Completion;
import org.felucca.api.command.OptionSpec;
import org.felucca.api.command.Result;
import org.felucca.api.command.Verb;
import org.felucca.api.command.VerbSpec;
import org.felucca.api.container.ContainerService;
import org.felucca.api.plugin.PluginId;
import org.felucca.api.process.Signal;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code kill}: sends a signal to the first process of containers. */
@Component(service = Verb.class)
@PluginId("kill")
public final class KillVerb implements Verb {
    private static final VerbSpec SPEC = VerbSpec.of("kill", "send a signal to containers")
            .option(OptionSpec.value("signal", OptionSpec.Kind.STRING, "SIGNAL", "name or number")
                    .shortName('s')
                    .defaultValue("KILL"))
            .operand(OperandSpec.oneOrMore("CONTAINER", Completion.CONTAINER, "name, or beginning of an id"))
            .build();

    private final ContainerService containers;

    /** Makes the verb. */
    @Activate
    public KillVerb(@Reference ContainerService containers) {
        this.containers = containers;
    }

    @Override
    public VerbSpec spec() {
        return SPEC;
    }

    @Override
    public Result run(Invocation invocation) {
        Signal signal = Signal.parse(invocation.text("signal").orElseThrow());
        return ContainerBatch.each(
                invocation, containers, name -> containers.kill(invocation.namespace(), name, signal));
    }
}
