package org.felucca.runtime.monitor;

import java.nio.charset.StandardCharsets;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.process.HostExec;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.memfd.MemoryFile;

/** Helper programs, run by spawn. Thread-safe. */
public final class HelperExec implements HostExec {
    private final SpawnClient spawn;

    /** @param spawn runs them */
    public HelperExec(SpawnClient spawn) {
        this.spawn = spawn;
    }

    @Override
    public HostExecResult run(HostExecRequest request) {
        String program = request.argv().get(0);
        String subject = "cannot run " + program;
        SpawnClient.RunResult result;
        try (Fd stdin = MemoryFile.sealed("stdin", request.stdin())) {
            result = spawn.run(
                    request.argv(),
                    request.environment(),
                    request.directory(),
                    stdin,
                    request.deadline(),
                    request.outputLimit());
        } catch (AppletException e) {
            throw new FeluccaException(code(e), subject, e.text(), null, e);
        }
        if (result.timedOut()) {
            throw new FeluccaException(
                    ErrorCode.DEADLINE_EXCEEDED,
                    subject,
                    "it did not end within " + request.deadline().toMillis() + " ms and was killed");
        }
        if (result.stdoutTruncated() || result.stderrTruncated()) {
            throw new FeluccaException(
                    ErrorCode.RESOURCE_EXHAUSTED, subject, "it wrote more than " + request.outputLimit() + " bytes");
        }
        return new HostExecResult(
                result.status(), result.stdout(), new String(result.stderr(), StandardCharsets.UTF_8));
    }

    private static ErrorCode code(AppletException e) {
        return switch (e.errno()) {
            case ENOENT, ENOTDIR -> ErrorCode.NOT_FOUND;
            case EACCES, EPERM, ENOEXEC, EISDIR -> ErrorCode.PERMISSION_DENIED;
            default -> ErrorCode.INTERNAL;
        };
    }
}
