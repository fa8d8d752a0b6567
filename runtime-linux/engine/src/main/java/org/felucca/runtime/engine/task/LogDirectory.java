package org.felucca.runtime.engine.task;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.runtime.TaskIo;
import org.felucca.posix.fs.Dir;
import org.felucca.posix.fs.PosixException;
import org.felucca.runtime.monitor.SpawnRequest;

/**
 * Where a log goes, opened.
 *
 * @param log the place, if there is a log
 */
public record LogDirectory(Optional<SpawnRequest.Log> log) implements AutoCloseable {
    /**
     * Opens.
     *
     * @throws FeluccaException FAILED_PRECONDITION if the directory cannot be opened
     */
    public static LogDirectory open(TaskIo io) {
        return new LogDirectory(io.log().map(file -> {
            Path directory = Objects.requireNonNull(file.path().getParent(), "an absolute path");
            try {
                return new SpawnRequest.Log(
                        Dir.open(directory), file.path().getFileName().toString(), file.maxBytes(), file.maxFiles());
            } catch (PosixException e) {
                throw new FeluccaException(
                        ErrorCode.FAILED_PRECONDITION,
                        "cannot log to " + file.path(),
                        e.errno().text(),
                        null,
                        e);
            }
        }));
    }

    @Override
    public void close() {
        log.ifPresent(open -> open.directory().close());
    }
}
