package org.felucca.shell.gogo;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import org.apache.felix.service.command.Process;
import org.felucca.api.process.ExitStatus;
import org.felucca.shell.verb.CommandDispatch;
import org.felucca.shell.verb.Dispatcher;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * One verb as a Gogo command; {@link GogoBridge} makes one for each. Its words reach the dispatcher as Gogo has
 * separated them: no command line is put together again.
 */
@Component(factory = GogoCommand.FACTORY, service = Function.class)
public final class GogoCommand implements Function {
    static final String FACTORY = "felucca.gogo.command";
    static final String VERB = "felucca.verb";
    /** The dispatcher's own word; {@code felix:help} tells of the commands that are no verbs. */
    static final String HELP = "help";

    private static final String SCOPE_PREFIX = GogoBridge.SCOPE + ":";

    private final String verb;
    private final Dispatcher dispatcher;

    /** Makes the command for the verb that the property names. */
    @Activate
    public GogoCommand(Map<String, Object> properties, @Reference CommandDispatch dispatch) {
        this(String.valueOf(properties.get(VERB)), dispatch.dispatcher());
    }

    GogoCommand(String verb, Dispatcher dispatcher) {
        this.verb = verb;
        this.dispatcher = dispatcher;
    }

    /** Runs the verb. @return null on success, else the status as a client would exit with */
    @Override
    public @Nullable Object execute(CommandSession session, List<Object> arguments) {
        List<String> words = new ArrayList<>();
        words.addAll(List.of(verb.split(" ")));
        for (Object argument : arguments) {
            String word = String.valueOf(argument);
            words.add(
                    verb.equals(HELP) && word.startsWith(SCOPE_PREFIX) ? word.substring(SCOPE_PREFIX.length()) : word);
        }
        ExitStatus status = dispatcher.run(words, new GogoCaller(session, Process.Utils.current()));
        return status.success() ? null : status.shellStatus();
    }
}
