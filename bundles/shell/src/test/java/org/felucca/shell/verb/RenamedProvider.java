package org.felucca.shell.verb;

import java.util.function.Function;
import org.felucca.api.command.Result;
import org.felucca.api.command.Verb;
import org.felucca.api.command.VerbSpec;
import org.felucca.api.plugin.Provider;
import org.felucca.api.plugin.Role;
import org.felucca.shell.ScriptedVerb;

/** A provider whose identity is not the name of its verb. */
final class RenamedProvider implements Provider<Verb> {
    private final Verb verb = new ScriptedVerb(VerbSpec.of("real", "r").build(), invocation -> new Result.Done());

    @Override
    public Role<Verb> role() {
        return Role.VERB;
    }

    @Override
    public String id() {
        return "claimed";
    }

    @Override
    public <R> R call(Function<? super Verb, ? extends R> call) {
        return call.apply(verb);
    }

    @Override
    public boolean live() {
        return true;
    }
}
