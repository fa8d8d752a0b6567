package org.felucca.runtime.engine.dbus;

/** What was called answers with an error. */
public final class BusError extends Exception {
    private static final long serialVersionUID = 1;

    private final String name;

    BusError(String name, String text) {
        super(text);
        this.name = name;
    }

    /** Returns which, as {@code org.freedesktop.systemd1.NoSuchUnit}. */
    public String name() {
        return name;
    }
}
