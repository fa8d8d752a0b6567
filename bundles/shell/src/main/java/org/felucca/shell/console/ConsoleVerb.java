package org.felucca.shell.console;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.felix.service.command.CommandProcessor;
import org.felucca.api.command.Invocation;
import org.felucca.api.command.Result;
import org.felucca.api.command.StreamMode;
import org.felucca.api.command.Verb;
import org.felucca.api.command.VerbSpec;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.plugin.PluginId;
import org.felucca.api.process.ExitStatus;
import org.felucca.api.process.Handle;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * {@code console}: the Gogo shell of the running platform. On a terminal with line editing and completion; otherwise it
 * reads commands from standard input, one a line, and ends with status 1 if one of them failed. The container that its
 * bundle and service commands administer is the platform itself, so it is as powerful as the socket it comes through.
 */
@Component(service = Verb.class)
@PluginId("console")
public final class ConsoleVerb implements Verb {
    private static final VerbSpec SPEC = VerbSpec.of("console", "open the admin console")
            .description("The Gogo shell of the running platform: every command of felucca under scope 'felucca', and"
                    + " those of the framework (lb, bundle, services, ...).\nCtrl-D or 'exit' leaves it; the platform"
                    + " goes on.")
            .attaches()
            .example("felucca console")
            .example("echo lb | felucca console")
            .build();

    private final CommandProcessor gogo;

    /** Called by DS, where Gogo is. */
    @Activate
    public ConsoleVerb(@Reference CommandProcessor gogo) {
        this.gogo = gogo;
    }

    @Override
    public VerbSpec spec() {
        return SPEC;
    }

    @Override
    public Result run(Invocation invocation) {
        try {
            boolean good = invocation.stdinTerminal() && invocation.terminal().isPresent()
                    ? onTerminal(invocation)
                    : fromPipe(invocation);
            return new Result.Exit(new ExitStatus.Exited(good ? 0 : 1));
        } catch (IOException e) {
            throw new FeluccaException(
                    ErrorCode.CANCELLED, "cannot go on with the console", "the client has gone", null, e);
        }
    }

    private boolean onTerminal(Invocation invocation) throws IOException {
        Optional<Handle> client = invocation.containerClient(new StreamMode(true, true, false, true, ""));
        Handle handle = client.orElseThrow(() -> new FeluccaException(
                ErrorCode.UNSUPPORTED, "cannot open the console", "this is one already", "type the command here"));
        TerminalConsole.run(gogo, handle, invocation);
        return true;
    }

    private boolean fromPipe(Invocation invocation) throws IOException {
        PrintStream out = new PrintStream(invocation.stdout(), true, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(invocation.stderr(), true, StandardCharsets.UTF_8);
        boolean good = true;
        try (GogoSession session = new GogoSession(gogo, invocation.namespace(), out, err);
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(invocation.stdin(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null && !session.over(); line = lines.readLine()) {
                good &= session.execute(line);
            }
        }
        return good;
    }
}
