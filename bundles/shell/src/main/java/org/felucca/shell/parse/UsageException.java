package org.felucca.shell.parse;

/**
 * What was typed is no command line. The message is complete: {@code <what>: <reason>; <fix>}. Stays within the shell,
 * which prints it and exits with the status for usage errors.
 */
public final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String text;

    /** Makes an exception from its parts. */
    public UsageException(String what, String reason, String fix) {
        super(what + ": " + reason + "; " + fix);
        this.text = what + ": " + reason + "; " + fix;
    }

    /** Returns the complete message. */
    public String text() {
        return text;
    }
}
