package org.felucca.shell.server;

/** A client that does not keep to the protocol; its connection ends. The message is for the client. */
final class ProtocolException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ProtocolException(String message) {
        super(message);
    }
}
