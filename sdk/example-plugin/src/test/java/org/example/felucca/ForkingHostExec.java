package org.example.felucca;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.process.ExitStatus;
import org.felucca.api.process.HostExec;

/** Runs helpers as children of the test's JVM; the platform runs them through its spawn process. */
final class ForkingHostExec implements HostExec {
    @Override
    public HostExecResult run(HostExecRequest request) {
        try {
            Path stderr = Files.createTempFile("helper", ".err");
            try {
                ProcessBuilder builder = new ProcessBuilder(request.argv())
                        .directory(Path.of(request.directory()).toFile())
                        .redirectError(stderr.toFile());
                builder.environment().clear();
                for (String entry : request.environment()) {
                    int equals = entry.indexOf('=');
                    builder.environment().put(entry.substring(0, equals), entry.substring(equals + 1));
                }
                Process process = builder.start();
                process.getOutputStream().write(request.stdin());
                process.getOutputStream().close();
                byte[] stdout = process.getInputStream().readAllBytes();
                if (!process.waitFor(request.deadline().toMillis(), TimeUnit.MILLISECONDS)) {
                    process.destroyForcibly();
                    throw new FeluccaException(
                            ErrorCode.DEADLINE_EXCEEDED, "cannot run " + request.argv().get(0), "it took too long");
                }
                return new HostExecResult(
                        new ExitStatus.Exited(process.exitValue()),
                        stdout,
                        Files.readString(stderr, StandardCharsets.UTF_8));
            } finally {
                Files.delete(stderr);
            }
        } catch (IOException e) {
            throw new FeluccaException(
                    ErrorCode.NOT_FOUND,
                    "cannot run " + request.argv().get(0),
                    String.valueOf(e.getMessage()),
                    null,
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FeluccaException(
                    ErrorCode.CANCELLED, "cannot run " + request.argv().get(0), "interrupted", null, e);
        }
    }
}
