package org.felucca.shell.verb;

import java.util.OptionalInt;
import org.felucca.api.command.VerbSpec;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;

/** The one map from errors to exit statuses ({@code docs/spec/command-protocol.md}, section 5). Stateless. */
final class ExitCodes {
    /** Wrong usage, and failures of {@code run} and {@code exec} before the program ran. */
    static final int BEFORE_THE_PROGRAM = 125;

    private static final int NOT_EXECUTABLE = 126;
    private static final int NO_PROGRAM = 127;
    private static final int FAILED = 1;
    private static final int SIGNALED = 128;
    private static final int SIGINT = 2;

    private ExitCodes() {}

    /** Returns the status for a verb that failed, after the caller asked to stop by a signal, or not. */
    static int of(FeluccaException failure, VerbSpec verb, OptionalInt signal) {
        boolean runsProgram = verb.attaches() && verb.passThrough();
        boolean execution = runsProgram && failure.subject().startsWith("cannot execute");
        int ordinary = runsProgram ? BEFORE_THE_PROGRAM : FAILED;
        ErrorCode code = failure.code();
        return switch (code) {
            case CANCELLED -> SIGNALED + signal.orElse(SIGINT);
            case NOT_FOUND -> execution ? NO_PROGRAM : ordinary;
            case PERMISSION_DENIED -> execution ? NOT_EXECUTABLE : ordinary;
            case INVALID_ARGUMENT,
                    ALREADY_EXISTS,
                    UNAUTHENTICATED,
                    FAILED_PRECONDITION,
                    ABORTED,
                    DEADLINE_EXCEEDED,
                    RESOURCE_EXHAUSTED,
                    UNSUPPORTED,
                    UNAVAILABLE,
                    DATA_LOSS,
                    INTERNAL -> ordinary;
        };
    }
}
