package org.felucca.hcs.document.process;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.felucca.oci.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * A process to be created in a compute system.
 *
 * @param commandLine program and arguments, as Windows wants them
 * @param user account; null for that of the image
 * @param workingDirectory absolute path in the container
 * @param environment variables in order, besides those of the container
 * @param emulateConsole whether it gets a console, which joins its two outputs
 * @param stdin whether there is a pipe to its input
 * @param stdout whether there is a pipe from its output
 * @param stderr whether there is a pipe from its errors; never with a console
 * @param consoleSize size of the console; null for the default
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcs/schemareference#ProcessParameters">ProcessParameters</a>
 */
public record ProcessParameters(
        String commandLine,
        @Nullable String user,
        String workingDirectory,
        Map<String, String> environment,
        boolean emulateConsole,
        boolean stdin,
        boolean stdout,
        boolean stderr,
        @Nullable ConsoleDimensions consoleSize) {
    /** Checks what the schema asks for, and copies. */
    public ProcessParameters {
        environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
        if (emulateConsole && stderr) {
            throw new IllegalArgumentException("a console has no errors of its own");
        }
    }

    /** As the schema writes it; what is not set is left out. */
    public JsonObject toJson() {
        return JsonObject.builder()
                .put("CommandLine", commandLine)
                .optional("User", user)
                .put("WorkingDirectory", workingDirectory)
                .stringMap("Environment", environment)
                .flag("EmulateConsole", emulateConsole)
                .flag("CreateStdInPipe", stdin)
                .flag("CreateStdOutPipe", stdout)
                .flag("CreateStdErrPipe", stderr)
                .optional("ConsoleSize", consoleSize, ConsoleDimensions::toJson)
                .build();
    }
}
