package org.felucca.api.command;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.felucca.api.image.Progress;
import org.felucca.api.metadata.NamespaceName;
import org.felucca.api.process.Handle;
import org.felucca.api.process.WindowSize;
import org.osgi.annotation.versioning.ProviderType;

/**
 * One call of a command: what the caller said, and the caller's surroundings. Option values were checked against the
 * spec, so that accessors of the wrong kind, or for an option that the spec lacks, throw
 * {@link IllegalArgumentException}: a bug of the verb.
 */
@ProviderType
public interface Invocation {
    /** Returns {@code true} if the flag was given (or is on by default). */
    boolean flag(String option);

    /** Returns the (last) value of an option, or its default. */
    Optional<String> text(String option);

    /** Returns all values of a repeating option in order. */
    List<String> texts(String option);

    /** Returns the value of an INTEGER or SIZE option. */
    OptionalLong number(String option);

    /** Returns the value of a DECIMAL option as an exact number of billionths. */
    OptionalLong billionths(String option);

    /** Returns the value of a DURATION option. */
    Optional<Duration> duration(String option);

    /** Returns {@code true} if the option was given by the caller, whatever its default. */
    boolean given(String option);

    /** Returns the operands in order; with pass-through, what follows the first one is as typed. */
    List<String> operands();

    /** Returns the tenant the caller works in. */
    NamespaceName namespace();

    /** Returns the caller's working directory. */
    Path workingDirectory();

    /** Returns the part of the caller's environment that the client passes along (all, for {@code -e NAME}). */
    Map<String, String> environment();

    /** Returns the caller's terminal size, if its output is a terminal. */
    Optional<WindowSize> terminal();

    /** Returns {@code true} if the caller wants documents for programs. */
    boolean json();

    /**
     * Opens a file that the client has opened and passed: the value of a FILE option, or of an operand completed by
     * PATH; {@code -} is standard input.
     *
     * @throws org.felucca.api.error.FeluccaException NOT_FOUND, PERMISSION_DENIED as the client met it
     */
    InputStream file(String value);

    /**
     * Has the client make a file, the value of an option or an operand; {@code -} is standard output. The file gets its
     * name, in place of one that has it, when the command has succeeded; after a failure nothing of it is left.
     *
     * @return where its bytes go; close it before the verb ends. A caller that has no client (Gogo) has the file at once
     * @throws org.felucca.api.error.FeluccaException NOT_FOUND, PERMISSION_DENIED as the client met it; INVALID_ARGUMENT
     *     if the name is taken by something else than a file
     */
    OutputStream newFile(String value);

    /**
     * Asks whoever sits at the caller's terminal, and waits for a line.
     *
     * @param prompt what is shown before, on standard error
     * @param secret whether what is typed stays unseen
     * @return the line without its end
     * @throws org.felucca.api.error.FeluccaException FAILED_PRECONDITION if the caller's standard input is no terminal,
     *     or ends; CANCELLED on interrupt
     */
    String ask(String prompt, boolean secret);

    /** Returns what the caller types or pipes in. */
    InputStream stdin();

    /** Returns where bytes for the caller go; a slow caller blocks the writer. */
    OutputStream stdout();

    /** Returns where messages for the caller go. */
    OutputStream stderr();

    /** Returns where progress goes: bars on a terminal, lines otherwise, on standard error. */
    Progress progress();

    /** Returns {@code true} if what the caller types comes from a terminal. */
    boolean stdinTerminal();

    /**
     * Connects the caller to a container's streams: tells its client what is to come, and returns the end of a socket
     * pair that speaks a container's stream frames. Call it once, just before the call that passes the handle on; the
     * shell closes the handle when the verb has run.
     *
     * @return absent where the caller has no streams to give (Gogo)
     * @throws org.felucca.api.error.FeluccaException INVALID_ARGUMENT if the detach keys are malformed
     */
    Optional<Handle> containerClient(StreamMode mode);

    /**
     * Says that the process is there, whose streams the caller has: from now on it is the process that ends the caller's
     * command, even if the platform stops meanwhile, and a failure of this call is not shown to the caller any more.
     */
    void handedOver();
}
