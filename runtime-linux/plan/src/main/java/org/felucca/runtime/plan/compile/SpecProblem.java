package org.felucca.runtime.plan.compile;

import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;

/** Refusals that name a property of the configuration. */
public final class SpecProblem {
    private SpecProblem() {}

    /** A value that is wrong on every host, or contradicts another one. */
    public static FeluccaException invalid(String pointer, String reason, String fix) {
        return new FeluccaException(
                ErrorCode.INVALID_ARGUMENT, "invalid container configuration at " + pointer, reason, fix);
    }

    /** A value that this runtime or this host does not do. */
    public static FeluccaException unsupported(String pointer, String reason, String fix) {
        return new FeluccaException(
                ErrorCode.UNSUPPORTED, "unsupported container configuration at " + pointer, reason, fix);
    }

    /** Escapes a name for use in a JSON pointer (RFC 6901). */
    public static String escape(String name) {
        return name.indexOf('~') < 0 && name.indexOf('/') < 0
                ? name
                : name.replace("~", "~0").replace("/", "~1");
    }
}
