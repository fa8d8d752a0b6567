package org.felucca.shell.server;

import java.io.IOException;
import java.time.Duration;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.shell.verb.CommandDispatch;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The command server as a component: serves clients as soon as there is a dispatcher. */
@Component(
        service = {},
        immediate = true,
        configurationPid = "felucca.shell")
public final class CommandServerComponent {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** The framework property with the address. */
    static final String ADDRESS = "felucca.address";

    private static final Logger LOG = LoggerFactory.getLogger(CommandServerComponent.class);

    private final CommandServer server;

    /** Starts serving. */
    @Activate
    public CommandServerComponent(
            BundleContext context, CommandDispatch.Config config, @Reference CommandDispatch dispatch) {
        String address = context.getProperty(ADDRESS);
        if (address == null) {
            throw new FeluccaException(
                    ErrorCode.FAILED_PRECONDITION,
                    "cannot serve clients",
                    "the framework property " + ADDRESS + " is not set",
                    "start the platform through felucca-daemon");
        }
        ListeningSocket listener = ListeningSocket.open(System.getenv(ListeningSocket.INHERITED), address);
        server = new CommandServer(
                listener, policy(address), dispatch.dispatcher()::run, config.most_commands(), PATIENCE);
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
    public void deactivate() {
        server.close();
    }
}
