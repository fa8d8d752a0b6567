package org.felucca.api.network;

import java.net.InetAddress;
import java.util.Optional;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;

/**
 * A port of the host that leads into a sandbox.
 *
 * @param protocol the transport
 * @param hostAddress address of the host; empty for all
 * @param hostPort 1 to 65535; in a request also 0, for one that the provider chooses
 * @param port port in the sandbox, 1 to 65535
 */
public record PortMapping(Protocol protocol, Optional<InetAddress> hostAddress, int hostPort, int port) {
    private static final int LAST = 0xffff;

    /** Transports. */
    public enum Protocol {
        /** TCP. */
        TCP,
        /** UDP. */
        UDP,
        /** SCTP. */
        SCTP
    }

    /** Validates. */
    public PortMapping {
        if (hostPort < 0 || hostPort > LAST || port < 1 || port > LAST) {
            throw new FeluccaException(
                    ErrorCode.INVALID_ARGUMENT,
                    "invalid port mapping " + hostPort + ":" + port,
                    "a port of the host is 0 to 65535, one of a sandbox 1 to 65535");
        }
    }
}
