package org.felucca.shell;

import java.util.function.Function;
import org.felucca.api.command.Invocation;
import org.felucca.api.command.Result;
import org.felucca.api.command.Verb;
import org.felucca.api.command.VerbSpec;

/** A verb whose behaviour a test states. */
public final class ScriptedVerb implements Verb {
    private final VerbSpec spec;
    private final Function<Invocation, Result> script;

    /** Makes a verb. */
    public ScriptedVerb(VerbSpec spec, Function<Invocation, Result> script) {
        this.spec = spec;
        this.script = script;
    }

    @Override
    public VerbSpec spec() {
        return spec;
    }

    @Override
    public Result run(Invocation invocation) {
        return script.apply(invocation);
    }
}
