package org.felucca.verbs.request;

import java.io.IOException;
import java.io.InterruptedIOException;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.oci.OciFormatException;
import org.felucca.oci.platform.Platform;
import org.felucca.oci.reference.ImageReference;

/** Refusals of what was typed, and readers that refuse in the platform's own way. Stateless. */
public final class Invalid {
    private Invalid() {}

    /** Makes the refusal of an option's value. */
    public static FeluccaException option(String option, String value, String reason, String fix) {
        return new FeluccaException(
                ErrorCode.INVALID_ARGUMENT, "invalid value '" + value + "' for option --" + option, reason, fix);
    }

    /** Makes the refusal of an operand. */
    public static FeluccaException operand(String operand, String value, String reason, String fix) {
        return new FeluccaException(
                ErrorCode.INVALID_ARGUMENT, "invalid value '" + value + "' for " + operand, reason, fix);
    }

    /**
     * Reads an image reference.
     *
     * @throws FeluccaException INVALID_ARGUMENT if it is none
     */
    public static ImageReference reference(String text) {
        try {
            return ImageReference.parse(text);
        } catch (OciFormatException e) {
            throw refused(e);
        }
    }

    /**
     * Reads a platform.
     *
     * @throws FeluccaException INVALID_ARGUMENT if it is none
     */
    public static Platform platform(String text) {
        try {
            return Platform.parse(text);
        } catch (OciFormatException e) {
            throw refused(e);
        }
    }

    /** Makes the failure of a file of the caller that cannot be read; CANCELLED if the caller stopped it. */
    public static FeluccaException unreadable(String path, IOException e) {
        ErrorCode code = e instanceof InterruptedIOException ? ErrorCode.CANCELLED : ErrorCode.INVALID_ARGUMENT;
        return new FeluccaException(code, "cannot read " + path, String.valueOf(e.getMessage()), null, e);
    }

    /** Turns a format error into the platform's own. */
    public static FeluccaException refused(OciFormatException e) {
        return new FeluccaException(ErrorCode.INVALID_ARGUMENT, "cannot read " + e.subject(), e.reason(), e.fix(), e);
    }
}
