package org.felucca.content;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;

/** Turns what the file system says into what the contract says. */
final class Failures {
    private Failures() {}

    /**
     * The exception to throw.
     *
     * @param subject what could not be done and to what
     */
    static FeluccaException of(String subject, IOException e) {
        if (e instanceof ClosedByInterruptException) {
            // The channel has kept the interrupt flag set, as the contract wants it.
            return new FeluccaException(ErrorCode.CANCELLED, subject, "the work was interrupted", null, e);
        }
        if (isFull(e)) {
            return new FeluccaException(
                    ErrorCode.RESOURCE_EXHAUSTED, subject, "no space is left on the disk", "free some and retry", e);
        }
        if (e instanceof AccessDeniedException) {
            return new FeluccaException(
                    ErrorCode.INTERNAL, subject, "access is denied to " + e.getMessage(), "check the store's owner", e);
        }
        String text = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return new FeluccaException(ErrorCode.INTERNAL, subject, text, null, e);
    }

    /** The JDK has no type for ENOSPC and EDQUOT; it passes on the C library's text. */
    static boolean isFull(IOException e) {
        String text = String.valueOf(e.getMessage());
        return text.contains("No space left on device")
                || text.contains("quota exceeded")
                || text.contains("not enough space");
    }
}
