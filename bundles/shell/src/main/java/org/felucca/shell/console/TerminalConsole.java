package org.felucca.shell.console;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.felix.service.command.CommandProcessor;
import org.felucca.api.command.Invocation;
import org.felucca.api.process.Handle;
import org.felucca.api.process.WindowSize;
import org.felucca.shell.server.ServedStreams;
import org.jline.reader.Candidate;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.ExternalTerminal;
import org.jspecify.annotations.Nullable;

/** The console on a client's terminal: line editing, history and completion by JLine. Stateless. */
final class TerminalConsole {
    private static final String PROMPT = "felucca> ";

    private TerminalConsole() {}

    static void run(CommandProcessor gogo, Handle client, Invocation invocation) throws IOException {
        AtomicReference<Terminal> resizable = new AtomicReference<>();
        try (ServedStreams streams = new ServedStreams(client, size -> resize(resizable.get(), size))) {
            try (Terminal terminal = new ExternalTerminal(
                    "felucca", type(invocation), streams.input(), streams.output(), StandardCharsets.UTF_8)) {
                invocation.terminal().ifPresent(size -> resize(terminal, size));
                resizable.set(terminal);
                PrintStream out = new PrintStream(terminal.output(), true, StandardCharsets.UTF_8);
                try (GogoSession session = new GogoSession(gogo, invocation.namespace(), out, out)) {
                    interact(reader(terminal, session), session);
                }
            }
            streams.exit(0);
        }
    }

    private static LineReader reader(Terminal terminal, GogoSession session) {
        return LineReaderBuilder.builder()
                .appName("felucca")
                .terminal(terminal)
                .completer((reader, line, candidates) -> {
                    if (line.wordIndex() == 0) {
                        session.commands().forEach(name -> candidates.add(new Candidate(name)));
                    }
                })
                .build();
    }

    private static void interact(LineReader reader, GogoSession session) {
        while (!session.over()) {
            try {
                session.execute(reader.readLine(PROMPT));
            } catch (UserInterruptException e) {
                // Ctrl-C drops the line, as in every shell.
            } catch (EndOfFileException e) {
                return;
            }
        }
    }

    private static void resize(@Nullable Terminal terminal, WindowSize size) {
        if (terminal != null && size.rows() > 0 && size.columns() > 0) {
            terminal.setSize(new Size(size.columns(), size.rows()));
            terminal.raise(Terminal.Signal.WINCH);
        }
    }

    /** A type whose capabilities JLine has built in: for others it would ask a program of the host. */
    private static String type(Invocation invocation) {
        String term = invocation.environment().getOrDefault("TERM", "dumb");
        if (term.equals("dumb")) {
            return Terminal.TYPE_DUMB;
        }
        return term.startsWith("screen") || term.startsWith("tmux") ? "screen-256color" : "xterm-256color";
    }
}
