package org.felucca.registry.toml;

/** A text is no TOML, or not what its reader knows. */
public final class TomlException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int line;

    /**
     * @param line where, from 1
     * @param reason what is wrong there, without the place
     */
    public TomlException(int line, String reason) {
        super(reason);
        this.line = line;
    }

    /** Returns the line, from 1. */
    public int line() {
        return line;
    }

    /** Returns what is wrong, without the place. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
