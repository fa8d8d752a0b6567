package org.felucca.verbs.container;

import java.time.Duration;
import org.felucca.api.command.Invocation;
import org.felucca.api.command.OperandSpec;
import org.felucca.api.command.OperandSpec.Completion;
import org.felucca.api.command.OptionSpec;
import org.felucca.api.command.Result;
import org.felucca.api.command.Verb;
import org.felucca.api.command.VerbSpec;
import org.felucca.api.container.ContainerService;
import org.felucca.api.plugin.PluginId;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code stop}: asks containers to end, and kills them after a while. */
@Component(service = Verb.class)
@PluginId("stop")
public final class StopVerb implements Verb {
    private static final VerbSpec SPEC = VerbSpec.of("stop", "stop containers politely, then by force")
            .option(OptionSpec.value(
                            "time", OptionSpec.Kind.DURATION, "SECONDS", "how long to wait before killing; -1 for ever")
                    .shortName('t'))
            .operand(OperandSpec.oneOrMore("CONTAINER", Completion.CONTAINER, "name, or beginning of an id"))
            .build();

    private final ContainerService containers;

    /** Makes the verb. */
    @Activate
    public StopVerb(@Reference ContainerService containers) {
        this.containers = containers;
    }

    @Override
    public VerbSpec spec() {
        return SPEC;
    }

    @Override
    public Result run(Invocation invocation) {
        @Nullable
        Duration timeout = invocation
                .duration("time")
                .map(given -> given.isNegative() ? Duration.ofSeconds(Integer.MAX_VALUE) : given)
                .orElse(null);
        return ContainerBatch.each(
                invocation, containers, name -> containers.stop(invocation.namespace(), name, timeout));
    }
}
