package org.felucca.shell.verb;

import java.time.Duration;
import java.time.InstantSource;
import org.felucca.api.plugin.Providers;
import org.felucca.api.plugin.Readiness;
import org.felucca.api.plugin.Role;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The dispatcher as a component, shared by the command server and the Gogo bridge. */
@Component(service = CommandDispatch.class, configurationPid = "felucca.shell")
@Designate(ocd = CommandDispatch.Config.class)
public final class CommandDispatch {
    private static final Duration QUIET_WAIT = Duration.ofSeconds(1);

    private final Dispatcher dispatcher;
    private final AutoCloseable watch;

    /** Settings of the shell. */
    @ObjectClassDefinition(name = "Felucca shell")
    public @interface Config {
        /** Seconds a caller waits for the platform. */
        @AttributeDefinition(description = "how many seconds a command waits while the platform starts")
        int start_wait_seconds() default 30;

        /** Commands that may run at once. */
        @AttributeDefinition(description = "how many commands of clients may run at once; attached clients count")
        int most_commands() default 1024;
    }

    /** Starts to follow which verbs there are. */
    @Activate
    public CommandDispatch(Config config, @Reference Providers providers, @Reference Readiness readiness) {
        VerbDirectory verbs = new VerbDirectory(word -> providers.find(Role.VERB, word));
        watch = providers.watch(Role.VERB, verbs);
        dispatcher = new Dispatcher(
                verbs,
                new ReadinessGate(readiness),
                QUIET_WAIT,
                Duration.ofSeconds(config.start_wait_seconds()),
                InstantSource.system());
    }

    /** Returns the dispatcher. */
    public Dispatcher dispatcher() {
        return dispatcher;
    }

    /** Follows no longer. */
    @Deactivate
    public void deactivate() throws Exception {
        watch.close();
    }
}
