package org.felucca.shell.server;

/** A client that does not keep to the protocol; its connection ends. The message is for the client. */
final class ProtocolException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String text;

    ProtocolException(String text) {
        super(text);
        this.text = text;
    }

    /** What to tell the client. */
    String text() {
        return text;
    }
}
