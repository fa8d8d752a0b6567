package org.felucca.verbs.container;

import java.util.Optional;
import org.felucca.api.command.Invocation;
import org.felucca.api.command.OptionSpec;
import org.felucca.api.command.OptionSpec.Kind;
import org.felucca.api.command.StreamMode;
import org.felucca.api.command.VerbSpec;
import org.felucca.api.container.ContainerService.Streams;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.process.Handle;
import org.felucca.api.process.WindowSize;

/** Connects the caller to a container's streams. Stateless. */
final class Attachment {
    private static final WindowSize UNKNOWN = new WindowSize(0, 0);

    private Attachment() {}

    static void declare(VerbSpec.Builder spec) {
        declareDetachKeys(spec)
                .option(OptionSpec.flag("sig-proxy", "pass signals on to the process")
                        .defaultValue("true"));
    }

    static VerbSpec.Builder declareDetachKeys(VerbSpec.Builder spec) {
        return spec.option(OptionSpec.value("detach-keys", Kind.STRING, "KEYS", "keys that leave the process running")
                .defaultValue("ctrl-p,ctrl-q"));
    }

    /**
     * Opens the streams for a process that is about to start, or runs already.
     *
     * @param signals whether the caller's signals go to the process
     * @throws FeluccaException INVALID_ARGUMENT if the process has a terminal that reads and the caller has none to
     *     type at; UNSUPPORTED if the caller has no streams
     */
    static Handle open(Invocation invocation, boolean terminal, boolean input, boolean signals, boolean running) {
        if (terminal && input && !invocation.stdinTerminal()) {
            throw new FeluccaException(
                    ErrorCode.INVALID_ARGUMENT,
                    "cannot attach standard input to the container's terminal",
                    "it is not a terminal",
                    running
                            ? "use --no-stdin, or call it from a terminal"
                            : "leave --tty out, or call it from a terminal");
        }
        String keys = invocation.text("detach-keys").orElse("");
        return invocation
                .containerClient(new StreamMode(terminal, input, signals, running, keys))
                .orElseThrow(() -> new FeluccaException(
                        ErrorCode.UNSUPPORTED,
                        "cannot attach",
                        "a console session has no streams to give to a container",
                        "use --detach and 'logs', or the felucca client"));
    }

    /** The streams of a process that is about to start. */
    static Streams streams(Invocation invocation, boolean terminal, boolean input, boolean signals) {
        Handle client = open(invocation, terminal, input, signals, false);
        return new Streams(Optional.of(client), terminal ? window(invocation) : UNKNOWN);
    }

    static WindowSize window(Invocation invocation) {
        return invocation.terminal().orElse(UNKNOWN);
    }
}
