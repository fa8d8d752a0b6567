package org.felucca.plugins;

import java.util.Objects;

/** A plugin was refused; the message is the reason as it is logged and shown. */
final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reason;

    RefusedException(String reason) {
        super(reason);
        this.reason = Objects.requireNonNull(reason);
    }

    RefusedException(String reason, Throwable cause) {
        super(reason, cause);
        this.reason = Objects.requireNonNull(reason);
    }

    String reason() {
        return reason;
    }
}
