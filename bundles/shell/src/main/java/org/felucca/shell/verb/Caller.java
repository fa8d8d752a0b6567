package org.felucca.shell.verb;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.felucca.api.command.StreamMode;
import org.felucca.api.metadata.NamespaceName;
import org.felucca.api.process.Handle;
import org.felucca.api.process.WindowSize;

/** Whoever typed a command line, with what surrounds it. Used by the thread of the invocation. */
public interface Caller {
    /** The tenant it works in. */
    NamespaceName namespace();

    /** Its working directory. */
    Path workingDirectory();

    /** Its environment. */
    Map<String, String> environment();

    /** The size of its terminal, if standard output is one. */
    Optional<WindowSize> terminal();

    /** Whether standard input is a terminal. */
    boolean stdinTerminal();

    /** The size of its terminal, if standard error is one. */
    Optional<WindowSize> stderrTerminal();

    /** What it types or pipes in. */
    InputStream stdin();

    /** Where results go. */
    OutputStream stdout();

    /** Where messages and progress go. */
    OutputStream stderr();

    /**
     * Opens a file with the caller's own rights.
     *
     * @throws org.felucca.api.error.FeluccaException as the caller met it
     */
    InputStream open(String path);

    /**
     * Makes a file with the caller's own rights; see {@link org.felucca.api.command.Invocation#newFile}.
     *
     * @throws org.felucca.api.error.FeluccaException as the caller met it
     */
    OutputStream create(String path);

    /** Shows what is typed at its terminal, or hides it; ends with the command at the latest. */
    void echo(boolean shown);

    /** Announces a container's streams and returns the end for the container, if the caller can have any. */
    Optional<Handle> connectStreams(StreamMode mode, byte[] detachKeys);

    /** The signal by which the caller asked to stop, if it did. */
    OptionalInt interruptedBy();
}
