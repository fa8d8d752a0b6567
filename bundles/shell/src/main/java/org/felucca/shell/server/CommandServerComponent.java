package org.felucca.shell.server;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.plugin.Providers;
import org.felucca.api.plugin.Readiness;
import org.felucca.api.plugin.Role;
import org.felucca.shell.verb.Dispatcher;
import org.felucca.shell.verb.ReadinessGate;
import org.felucca.shell.verb.StartGate;
import org.felucca.shell.verb.VerbDirectory;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The command server as a component: serves clients as soon as core keeps a registry of verbs. */
@Component(service = {}, immediate = true, configurationPid = "felucca.shell")
@Designate(ocd = CommandServerComponent.Config.class)
public final class CommandServerComponent {
    /** The framework property with the address. */
    static final String ADDRESS = "felucca.address";

    private static final Logger LOG = LoggerFactory.getLogger(CommandServerComponent.class);
    private static final Duration QUIET_WAIT = Duration.ofSeconds(1);

    private final CommandServer server;
    private final AutoCloseable watch;

    /** Settings of the command server. */
    @ObjectClassDefinition(name = "Felucca command server")
    public @interface Config {
        /** Commands that may run at once. */
        @AttributeDefinition(description = "how many commands may run at once; attached clients count")
        int most_commands() default 1024;

        /** Seconds a client waits for the platform. */
        @AttributeDefinition(description = "how many seconds a client waits while the platform starts")
        int start_wait_seconds() default 30;
    }

    /** Starts serving. */
    @Activate
    public CommandServerComponent(
            BundleContext context,
            Config config,
            @Reference Providers providers,
            @Reference Readiness readiness) {
        String address = context.getProperty(ADDRESS);
        if (address == null) {
            throw new FeluccaException(
                    ErrorCode.FAILED_PRECONDITION,
                    "cannot serve clients",
                    "the framework property " + ADDRESS + " is not set",
                    "start the platform through felucca-daemon");
        }
        VerbDirectory verbs = new VerbDirectory();
        StartGate gate = new ReadinessGate(readiness);
        Dispatcher dispatcher = new Dispatcher(
                verbs, gate, QUIET_WAIT, Duration.ofSeconds(config.start_wait_seconds()), InstantSource.system());
        ListeningSocket listener = ListeningSocket.open(System.getenv(ListeningSocket.INHERITED), address);
        server = new CommandServer(listener, policy(address), dispatcher::run, config.most_commands());
        watch = providers.watch(Role.VERB, verbs);
        server.start();
        LOG.info("serving clients on {}", address);
    }

    private static PeerPolicy policy(String address) {
        try {
            return PeerPolicy.of(ListeningSocket.path(address));
        } catch (IOException e) {
            throw new FeluccaException(
                    ErrorCode.FAILED_PRECONDITION,
                    "cannot serve clients on " + address,
                    String.valueOf(e.getMessage()),
                    "give another --address",
                    e);
        }
    }

    /** Interrupts the commands that run, and joins all threads. */
    @Deactivate
    public void deactivate() throws Exception {
        server.close();
        watch.close();
    }
}
