package org.felucca.shell.gogo;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import org.apache.felix.service.command.CommandProcessor;
import org.felucca.api.command.Verb;
import org.felucca.api.command.VerbSpec;
import org.felucca.api.plugin.Provider;
import org.felucca.api.plugin.Providers;
import org.felucca.api.plugin.Role;
import org.osgi.service.component.ComponentFactory;
import org.osgi.service.component.ComponentInstance;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * Makes a Gogo command of each verb while it is live. Waits for Gogo, so that nothing of it is loaded where it is not
 * installed. Thread-safe.
 */
@Component(
        service = {},
        immediate = true)
public final class GogoBridge implements Providers.ProviderListener<Verb> {
    static final String SCOPE = "felucca";

    private final ComponentFactory<GogoCommand> factory;
    private final Map<String, ComponentInstance<GogoCommand>> commands = new HashMap<>();
    private final AutoCloseable watch;
    private final ComponentInstance<GogoCommand> help;

    /** Starts to follow which verbs there are. */
    @Activate
    public GogoBridge(
            @Reference CommandProcessor gogo,
            @Reference(target = "(component.factory=" + GogoCommand.FACTORY + ")")
                    ComponentFactory<GogoCommand> factory,
            @Reference Providers providers) {
        this.factory = factory;
        this.help = command(GogoCommand.HELP, List.of(GogoCommand.HELP));
        this.watch = providers.watch(Role.VERB, this);
    }

    /** Takes all commands away. */
    @Deactivate
    public void deactivate() throws Exception {
        watch.close();
        help.dispose();
        synchronized (commands) {
            commands.values().forEach(ComponentInstance::dispose);
            commands.clear();
        }
    }

    @Override
    public void arrived(Provider<Verb> provider) {
        VerbSpec spec = provider.call(Verb::spec);
        List<String> functions = new ArrayList<>();
        functions.add(spec.id());
        spec.aliases().forEach(alias -> functions.add(alias.replace(' ', '-')));
        ComponentInstance<GogoCommand> made = command(spec.name(), functions);
        ComponentInstance<GogoCommand> before;
        synchronized (commands) {
            before = commands.put(provider.id(), made);
        }
        if (before != null) {
            before.dispose();
        }
    }

    private ComponentInstance<GogoCommand> command(String verb, List<String> functions) {
        Hashtable<String, Object> properties = new Hashtable<>();
        properties.put(CommandProcessor.COMMAND_SCOPE, SCOPE);
        properties.put(CommandProcessor.COMMAND_FUNCTION, functions.toArray(String[]::new));
        properties.put(GogoCommand.VERB, verb);
        return factory.newInstance(properties);
    }

    @Override
    public void departed(String id) {
        ComponentInstance<GogoCommand> gone;
        synchronized (commands) {
            gone = commands.remove(id);
        }
        if (gone != null) {
            gone.dispose();
        }
    }
}
