package org.felucca.runtime.ocicli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.oci.OciFormatException;
import org.felucca.oci.json.Json;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.JsonString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The log file in which the program says why it failed, and what that means to the caller. */
final class RuntimeLog {
    private static final Logger LOG = LoggerFactory.getLogger(RuntimeLog.class);
    private static final int LONGEST = 64 * 1024;

    /** runc 1.1, crun 1.8: the program is not in the image. */
    private static final Pattern NO_PROGRAM = Pattern.compile(
            "executable file .*not found in \\$PATH|exec(utable|: \"[^\"]*\")?:? .*no such file or directory"
                    + "|stat [^:]*: no such file or directory",
            Pattern.CASE_INSENSITIVE);

    /** The same: it is there, and may not be run. */
    private static final Pattern NOT_EXECUTABLE = Pattern.compile(
            "exec.*(permission denied|operation not permitted)|exec.*is a directory|not a regular file",
            Pattern.CASE_INSENSITIVE);

    private RuntimeLog() {}

    /** Returns the text of the last error in the file; empty if there is none. */
    static Optional<String> lastError(Path file) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            int from = Math.max(0, bytes.length - LONGEST);
            String text = new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8);
            return text.lines().flatMap(line -> message(line).stream()).reduce((first, second) -> second);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            LOG.warn("{} cannot be read: {}", file, e.getMessage());
            return Optional.empty();
        }
    }

    private static Optional<String> message(String line) {
        try {
            return Stream.of(Json.parse("log", line))
                    .filter(JsonObject.class::isInstance)
                    .map(JsonObject.class::cast)
                    .filter(entry -> entry.get("level")
                            .filter(level -> level.equals(new JsonString("error")))
                            .isPresent())
                    .flatMap(entry -> entry.get("msg").stream())
                    .filter(JsonString.class::isInstance)
                    .map(text -> ((JsonString) text).value())
                    .findFirst();
        } catch (OciFormatException e) {
            // a line that was cut off, or that a library wrote
            return Optional.empty();
        }
    }

    /**
     * Translates a failure.
     *
     * @param subject {@code cannot create container web-1}
     * @param said what the program said
     * @param argument the container's program
     */
    static FeluccaException failure(String subject, String said, String argument, Throwable cause) {
        if (NO_PROGRAM.matcher(said).find()) {
            return new FeluccaException(
                    ErrorCode.NOT_FOUND,
                    "cannot execute " + argument,
                    argument.indexOf('/') < 0 ? "not found in $PATH" : "no such file or directory",
                    "check the command, and that the image has it",
                    cause);
        }
        if (NOT_EXECUTABLE.matcher(said).find()) {
            return new FeluccaException(
                    ErrorCode.PERMISSION_DENIED, "cannot execute " + argument, "permission denied", null, cause);
        }
        return new FeluccaException(ErrorCode.FAILED_PRECONDITION, subject, said, null, cause);
    }
}
