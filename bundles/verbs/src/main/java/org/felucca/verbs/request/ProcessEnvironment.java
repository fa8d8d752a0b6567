package org.felucca.verbs.request;

import java.util.List;
import org.felucca.api.command.Invocation;
import org.felucca.api.command.OptionSpec;
import org.felucca.api.command.OptionSpec.Kind;
import org.felucca.api.command.VerbSpec;

/** The options {@code --env} and {@code --env-file}. Stateless. */
public final class ProcessEnvironment {
    private ProcessEnvironment() {}

    /** Adds the options to a spec. */
    public static void declare(VerbSpec.Builder spec) {
        spec.option(OptionSpec.value(
                                "env",
                                Kind.STRING,
                                "NAME[=VALUE]",
                                "environment variable; NAME alone passes the caller's on")
                        .shortName('e')
                        .repeating())
                .option(OptionSpec.value("env-file", Kind.FILE, "FILE", "file of NAME=VALUE lines")
                        .repeating());
    }

    /**
     * Returns the entries asked for: files first, then options, so that later ones win.
     *
     * @throws org.felucca.api.error.FeluccaException INVALID_ARGUMENT naming the option or line that is wrong; as the
     *     caller met it, for files
     */
    public static List<String> of(Invocation invocation) {
        return Environment.of(invocation);
    }
}
