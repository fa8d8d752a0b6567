package org.felucca.posix.inflate;

import java.io.IOException;

/** The bytes are not what their format says: damaged, truncated, or something else. */
public final class CorruptStreamException extends IOException {

    private static final long serialVersionUID = 1;

    /** @param reason lower case, without a full stop: {@code the gzip stream ends early} */
    public CorruptStreamException(String reason) {
        super(reason);
    }
}
