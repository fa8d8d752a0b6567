package org.felucca.hcs.compile;

import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.oci.OciFormatException;

/** Refusals that name a property of the configuration, the value found, and what is allowed. */
final class SpecProblem {
    private SpecProblem() {}

    /** A value that is wrong on every host, or contradicts another one. */
    static FeluccaException invalid(String pointer, String reason, String fix) {
        return new FeluccaException(
                ErrorCode.INVALID_ARGUMENT, "invalid container configuration at " + pointer, reason, fix);
    }

    /** A text that is wrong on every host. */
    static FeluccaException invalid(String pointer, String value, String reason, String fix) {
        return invalid(pointer, OciFormatException.quote(value) + " " + reason, fix);
    }

    /** A value that this runtime or this host does not do. */
    static FeluccaException unsupported(String pointer, String reason, String fix) {
        return new FeluccaException(
                ErrorCode.UNSUPPORTED, "unsupported container configuration at " + pointer, reason, fix);
    }

    /** A property that says something only other systems know. */
    static void refuse(String pointer, boolean present) {
        if (present) {
            throw unsupported(pointer, "Windows has no such thing", "remove it");
        }
    }

    /** Something that the caller had to make before, and has not. */
    static FeluccaException unprepared(String pointer, String reason) {
        return new FeluccaException(
                ErrorCode.FAILED_PRECONDITION, "cannot compile container configuration at " + pointer, reason);
    }

    /** Escapes a name for use in a JSON pointer (RFC 6901). */
    static String escape(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }
}
