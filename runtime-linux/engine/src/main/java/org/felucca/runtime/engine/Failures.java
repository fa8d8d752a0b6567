package org.felucca.runtime.engine;

import java.util.List;
import java.util.Optional;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.posix.fs.Errno;
import org.felucca.runtime.monitor.AppletException;
import org.felucca.runtime.plan.Opcode;
import org.felucca.runtime.plan.Plan;
import org.jspecify.annotations.Nullable;

/** What a failed operation of a plan means to the caller. */
final class Failures {
    private Failures() {}

    /**
     * Translates.
     *
     * @param subject {@code cannot create container web-1}
     * @param plan the plan, if it is at hand, to say which property failed
     * @param args program and arguments
     */
    static FeluccaException of(AppletException failure, String subject, @Nullable Plan plan, List<String> args) {
        if (failure.opcode() == Opcode.EXEC.number() && !args.isEmpty()) {
            return exec(failure, args.get(0));
        }
        String where = plan == null
                ? ""
                : plan.origin(failure.operation())
                        .map(pointer -> " (" + pointer + ")")
                        .orElse("");
        return new FeluccaException(code(failure), subject, failure.text() + where, null, failure);
    }

    private static FeluccaException exec(AppletException failure, String program) {
        Optional<ErrorCode> code = Optional.ofNullable(
                switch (failure.errno()) {
                    case ENOENT, ENOTDIR -> ErrorCode.NOT_FOUND;
                    case EACCES, ENOEXEC, EISDIR, EPERM, ELOOP, ETXTBSY -> ErrorCode.PERMISSION_DENIED;
                    default -> null;
                });
        boolean searched = program.indexOf('/') < 0;
        String reason = switch (failure.errno()) {
            case ENOENT -> searched ? "not found in $PATH" : "no such file or directory";
            case ENOEXEC -> "it is no program for this machine";
            default -> reason(failure);
        };
        String fix = failure.errno() == Errno.ENOENT
                ? "check the command, and that the image has it" + (searched ? "" : " and its interpreter")
                : null;
        return new FeluccaException(
                code.orElse(ErrorCode.FAILED_PRECONDITION), "cannot execute " + program, reason, fix, failure);
    }

    private static String reason(AppletException failure) {
        return failure.errno() == Errno.OTHER ? failure.text() : failure.errno().text();
    }

    private static ErrorCode code(AppletException failure) {
        return switch (failure.errno()) {
            case ENOMEM, ENOSPC, EMFILE, ENFILE, EAGAIN, EDQUOT -> ErrorCode.RESOURCE_EXHAUSTED;
            case ENOSYS, EOPNOTSUPP, ENODEV -> ErrorCode.UNSUPPORTED;
            default -> ErrorCode.FAILED_PRECONDITION;
        };
    }
}
