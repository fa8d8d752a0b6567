package org.felucca.launcher;

/** The daemon cannot start or stop as asked; the message names the thing, the reason and the fix, and is all an operator sees. */
final class LaunchException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String message;

    LaunchException(String message) {
        super(message);
        this.message = message;
    }

    LaunchException(String message, Throwable cause) {
        super(message, cause);
        this.message = message;
    }

    @Override
    public String getMessage() {
        return message;
    }
}
