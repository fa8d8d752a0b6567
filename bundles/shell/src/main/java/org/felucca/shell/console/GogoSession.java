package org.felucca.shell.console;

import java.io.InputStream;
import java.io.PrintStream;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.felucca.api.metadata.NamespaceName;
import org.jspecify.annotations.Nullable;

/** One session of Gogo: runs lines, shows results and errors. Confined to one thread. */
final class GogoSession implements AutoCloseable {
    private static final Set<String> LEAVING = Set.of("exit", "quit", "logout");

    /** The session variable in which Gogo keeps the names of its commands. */
    private static final String COMMANDS = ".commands";

    private final CommandSession session;
    private final PrintStream out;
    private final PrintStream err;
    private boolean over;

    GogoSession(CommandProcessor gogo, NamespaceName namespace, PrintStream out, PrintStream err) {
        this.session = gogo.createSession(InputStream.nullInputStream(), out, err);
        this.out = out;
        this.err = err;
        session.put("SCOPE", "felucca:felix:gogo:*");
        session.put("felucca.namespace", namespace.value());
    }

    /** Returns {@code true} once the session was left by a command. */
    boolean over() {
        return over;
    }

    /** Runs a line. @return {@code false} if it failed */
    boolean execute(String line) {
        String text = line.strip();
        if (text.isEmpty() || text.startsWith("#")) {
            return true;
        }
        if (LEAVING.contains(text)) {
            over = true;
            return true;
        }
        try {
            show(session.execute(text));
            return !(session.get("exception") instanceof Throwable);
        } catch (Exception e) {
            // Gogo passes on what the command threw, of any kind; the operator gets its message.
            String message = e.getMessage();
            err.println(message == null || message.isBlank() ? e.toString() : message);
            return false;
        } finally {
            session.put("exception", null);
            out.flush();
        }
    }

    private void show(@Nullable Object result) {
        if (result != null) {
            out.println(session.format(result, Converter.INSPECT));
        }
    }

    /** Returns the names of the commands there are, with and without their scopes. */
    Collection<String> commands() {
        Set<String> names = new TreeSet<>(LEAVING);
        if (session.get(COMMANDS) instanceof Collection<?> known) {
            for (Object name : known) {
                String full = String.valueOf(name);
                names.add(full);
                names.add(full.substring(full.indexOf(':') + 1));
            }
        }
        return names;
    }

    @Override
    public void close() {
        session.close();
    }
}
